"""The kernels of the device ``cpu_numpy``: the whole table, in NumPy.

What a kernel computes is said in src/ndarray_backend_cpu.cc; here it is short, and what
the others are compared with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

__device_name__ = "numpy"
_datatype = np.float32
_datatype_size = np.dtype(_datatype).itemsize


class Array:
    """``size`` floats, not initialised."""

    def __init__(self, size: int) -> None:
        self.array = np.empty(size, dtype=_datatype)

    @property
    def size(self) -> int:
        """How many floats there are."""
        return self.array.size

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.array, dtype=dtype, copy=copy)


def borrow(a: np.ndarray) -> Array:
    """Return an array around the memory of a contiguous NumPy array."""
    if a.dtype != _datatype or not a.flags.carray:
        raise ValueError("borrow: only a writable, contiguous array of float32")
    array = Array(0)
    array.array = a.reshape(-1)
    return array


def to_numpy(
    a: Array, shape: Sequence[int], strides: Sequence[int], offset: int
) -> np.ndarray:
    """Return a view on ``a`` as a NumPy array, which shares its memory."""
    _check_view(a, shape, strides, offset)
    return np.lib.stride_tricks.as_strided(
        a.array[offset:], shape, [stride * _datatype_size for stride in strides]
    )


def _check_view(
    a: Array, shape: Sequence[int], strides: Sequence[int], offset: int
) -> None:
    if len(shape) != len(strides):
        raise ValueError(f"{len(shape)} axes with {len(strides)} strides")
    if min(shape, default=0) < 0:
        raise ValueError("an axis of negative length")
    if 0 in shape:
        return
    ways = [(n - 1) * stride for n, stride in zip(shape, strides, strict=True)]
    first = offset + sum(way for way in ways if way < 0)
    last = offset + sum(way for way in ways if way > 0)
    if first < 0 or last >= a.size:
        raise ValueError(
            f"the view reaches from element {first} to {last} of an array that has"
            f" {a.size}"
        )


def _check_sizes(size: int, *arrays: Array) -> None:
    for each in arrays:
        if each.size != size:
            raise ValueError(
                f"an array has {each.size} elements, and should have {size}"
            )


def _check_apart(out: Array, *operands: Array) -> None:
    """Refuse what C++ refuses: it would overwrite elements before their use."""
    if any(np.may_share_memory(out.array, each.array) for each in operands):
        raise ValueError("out shares memory with an operand")


def from_numpy(a: np.ndarray, out: Array) -> None:
    """Copy a NumPy array, in row-major order."""
    _check_sizes(a.size, out)
    out.array.reshape(a.shape)[...] = a


def fill(out: Array, val: float) -> None:
    """Set all elements to ``val``."""
    out.array.fill(val)


def compact(
    a: Array, out: Array, shape: Sequence[int], strides: Sequence[int], offset: int
) -> None:
    """Copy a view on ``a`` into ``out``, which is compact."""
    view = to_numpy(a, shape, strides, offset)
    _check_sizes(view.size, out)
    _check_apart(out, a)
    out.array.reshape(shape)[...] = view


def ewise_setitem(
    a: Array, out: Array, shape: Sequence[int], strides: Sequence[int], offset: int
) -> None:
    """Copy ``a``, which is compact, into a view on ``out``."""
    view = to_numpy(out, shape, strides, offset)
    _check_sizes(view.size, a)
    view[...] = a.array.reshape(shape)


def scalar_setitem(
    size: int,
    val: float,
    out: Array,
    shape: Sequence[int],
    strides: Sequence[int],
    offset: int,
) -> None:
    """Set the elements of a view on ``out`` to ``val``."""
    view = to_numpy(out, shape, strides, offset)
    if view.size != size:
        raise ValueError(f"size is {size}, and the view has {view.size} elements")
    view[...] = val


def _unary(function: Callable[..., Any]) -> Callable[[Array, Array], None]:
    def kernel(a: Array, out: Array) -> None:
        """Compute each element of ``out`` from that of ``a``."""
        _check_sizes(a.size, out)
        function(a.array, out=out.array)

    return kernel


def _binary(function: Callable[..., Any]) -> Callable[[Array, Array, Array], None]:
    def kernel(a: Array, b: Array, out: Array) -> None:
        """Compute each element of ``out`` from those of ``a`` and ``b``."""
        _check_sizes(a.size, b, out)
        function(a.array, b.array, out=out.array)

    return kernel


def _scalar(function: Callable[..., Any]) -> Callable[[Array, float, Array], None]:
    def kernel(a: Array, val: float, out: Array) -> None:
        """Compute each element of ``out`` from that of ``a`` and a number."""
        _check_sizes(a.size, out)
        function(a.array, _datatype(val), out=out.array)

    return kernel


ewise_add, scalar_add = _binary(np.add), _scalar(np.add)
ewise_mul, scalar_mul = _binary(np.multiply), _scalar(np.multiply)
ewise_div, scalar_div = _binary(np.divide), _scalar(np.divide)
ewise_power, scalar_power = _binary(np.power), _scalar(np.power)
ewise_maximum, scalar_maximum = _binary(np.maximum), _scalar(np.maximum)
ewise_eq, scalar_eq = _binary(np.equal), _scalar(np.equal)
ewise_ge, scalar_ge = _binary(np.greater_equal), _scalar(np.greater_equal)
ewise_log, ewise_exp, ewise_tanh = _unary(np.log), _unary(np.exp), _unary(np.tanh)


def ewise_where(condition: Array, a: Array, b: Array, out: Array) -> None:
    """Take from ``a`` where the condition is not 0, else from ``b``."""
    _check_sizes(condition.size, a, b, out)
    out.array[:] = np.where(condition.array != 0, a.array, b.array)


def matmul(a: Array, b: Array, out: Array, m: int, n: int, p: int) -> None:
    """Multiply an m x n with an n x p matrix."""
    _check_apart(out, a, b)
    np.matmul(a.array.reshape(m, n), b.array.reshape(n, p), out=out.array.reshape(m, p))


def matmul_batched(
    a: Array,
    b: Array,
    out: Array,
    batch: int,
    a_step: int,
    b_step: int,
    m: int,
    n: int,
    p: int,
) -> None:
    """Multiply matrices that begin some steps apart; a step of 0 repeats one."""
    left = (a, (batch, m, n), (a_step, n, 1), 0)
    right = (b, (batch, n, p), (b_step, p, 1), 0)
    _check_view(*left)
    _check_view(*right)
    _check_sizes(batch * m * p, out)
    _check_apart(out, a, b)
    if out.size > 0:  # NumPy goes through a batch of empty matrices, however long
        np.matmul(to_numpy(*left), to_numpy(*right), out=out.array.reshape(batch, m, p))


def reduce_sum(a: Array, out: Array, reduce_size: int, inner: int = 1) -> None:
    """Add up elements that are ``inner`` apart, ``reduce_size`` at a time."""
    _reduce(np.add, a, out, reduce_size, inner)


def reduce_max(a: Array, out: Array, reduce_size: int, inner: int = 1) -> None:
    """Find the largest of elements that are ``inner`` apart."""
    _reduce(np.maximum, a, out, reduce_size, inner)


def _reduce(
    function: np.ufunc, a: Array, out: Array, reduce_size: int, inner: int
) -> None:
    if inner < 1 or out.size % inner:
        raise ValueError(f"out has {out.size} elements, no multiple of inner, {inner}")
    _check_sizes(out.size * reduce_size, a)
    _check_apart(out, a)
    function.reduce(
        a.array.reshape(out.size // inner, reduce_size, inner),
        axis=1,
        out=out.array.reshape(out.size // inner, inner),
    )
