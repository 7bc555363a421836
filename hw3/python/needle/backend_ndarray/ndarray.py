"""N-dimensional arrays of float32: views on flat memory of a device.

An `NDArray` is a shape, a stride for each axis and an offset, all counted in elements,
and a handle: flat memory of its device. Element ``(i, j, ...)`` is the one at
``offset + i * strides[0] + j * strides[1] + ...`` of that memory. So to transpose, to
slice or to repeat an array takes new numbers, but no copy; kernels, which know nothing
of strides, get arrays that `NDArray.compact` has copied where they must be.
"""

from __future__ import annotations

import builtins
import math
import operator
import warnings
from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any

import numpy as np

from . import exchange, views
from .device import (
    BackendDevice,
    all_devices,
    cpu,
    cpu_numpy,
    cuda,
    default_device,
)


def prod(x: Any) -> int:
    """Return the product of some numbers; 1 if there are none."""
    return reduce(operator.mul, x, 1)


class NDArray:
    """An array of float32 on a device.

    Args:
        other: an array, which is copied, or whatever NumPy makes an array of.
        device: where it goes; by default where it is, or the default device.

    Indexing keeps the rank: ``a[1, :]`` has two axes, of which the first has length 1.
    """

    __slots__ = (
        "__weakref__",
        "_compact",  # whether it is, once somebody has asked
        "_device",
        "_handle",
        "_offset",
        "_shape",
        "_strides",
    )
    # NumPy leaves operators with arrays on the left to this class.
    __array_priority__ = 1000

    def __init__(self, other: Any, device: BackendDevice | None = None) -> None:
        if isinstance(other, NDArray):
            device = other.device if device is None else device
            same = device == other.device
            self._init(_copy(other) if same else other.to(device))
            return
        numbers = np.asarray(other)
        if numbers.dtype.kind not in "biuf":
            raise TypeError(
                f"an NDArray holds real numbers, not {numbers.dtype}: {other!r:.60}"
            )
        array = _fresh(numbers.shape, default_device() if device is None else device)
        array.device.from_numpy(
            np.ascontiguousarray(numbers, np.float32), array._handle
        )
        self._init(array)

    def _init(self, other: NDArray) -> None:
        """Take over the fields of another array."""
        self._shape = other._shape
        self._strides = other._strides
        self._offset = other._offset
        self._device = other._device
        self._handle = other._handle
        self._compact = other._compact

    @staticmethod
    def compact_strides(shape: Any) -> tuple[int, ...]:
        """Return the strides of a compact, row-major array."""
        return views.compact_strides(tuple(shape))

    @staticmethod
    def make(
        shape: Any,
        strides: Any = None,
        device: BackendDevice | None = None,
        handle: Any = None,
        offset: int = 0,
    ) -> NDArray:
        """Return a view on a handle, or an array that is not initialised without one.

        Args:
            shape: lengths of the axes.
            strides: steps along the axes, in elements; by default those of a compact
                array.
            device: by default the default device.
            handle: flat memory of the device.
            offset: where the first element is, in elements.

        Kernels refuse a view that leaves its memory.
        """
        shape = views.lengths(shape)
        device = default_device() if device is None else device
        if handle is None:
            handle = _memory(device, math.prod(shape))
        elif not isinstance(handle, device.Array):
            raise TypeError(f"{handle!r:.80} is not memory of the device {device}")
        if strides is None:
            strides = views.compact_strides(shape)
        if abs(offset) > views.MOST_ELEMENTS:
            raise ValueError(f"the offset {offset} lies outside of any memory")
        return _view(handle, device, shape, views.steps(strides, shape), offset)

    # -- what it is ----------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes."""
        return self._shape

    @property
    def strides(self) -> tuple[int, ...]:
        """The steps along the axes, in elements."""
        return self._strides

    @property
    def device(self) -> BackendDevice:
        """Where the memory is."""
        return self._device

    @property
    def dtype(self) -> str:
        """The type of the elements: always float32."""
        return "float32"

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self._shape)

    @property
    def size(self) -> int:
        """The number of elements."""
        return math.prod(self._shape)

    @property
    def flat(self) -> NDArray:
        """The elements in row-major order along one axis; a view where it can be."""
        return self.compact().reshape((self.size,))

    def __repr__(self) -> str:
        return f"NDArray({self.numpy()}, device={self.device})"

    def __str__(self) -> str:
        return str(self.numpy())

    def __len__(self) -> int:
        if not self._shape:
            raise TypeError("an array without axes has no length")
        return self._shape[0]

    def __iter__(self) -> Iterator[NDArray]:
        """Go through the first axis; what comes does not have it any more."""
        rest = (slice(None),) * (self.ndim - 1)
        for i in range(len(self)):
            part = self[(i, *rest)]
            yield part.as_strided(part.shape[1:], part.strides[1:])

    def __bool__(self) -> bool:
        if self.size != 1:
            raise ValueError("an array is true or false only if it has one element")
        return bool(self.item())

    def __float__(self) -> float:
        return self.item()

    def item(self) -> float:
        """Return the only element as a number of Python's.

        Raises:
            ValueError: if there is more than one, or none.
        """
        if self.size != 1:
            raise ValueError(f"an array of shape {self.shape} is not a single number")
        return float(self.numpy().item())

    # -- other homes ---------------------------------------------------------------

    def numpy(self) -> np.ndarray:
        """Return a copy as a NumPy array."""
        found = self.device.to_numpy(
            self._handle, self._shape, self._strides, self._offset
        )
        # Of the device cpu_numpy it is a view.
        return found if found.flags.owndata else found.copy()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if copy is False:
            raise ValueError("an NDArray gives its numbers to NumPy as a copy only")
        return self.numpy() if dtype is None else self.numpy().astype(dtype)

    def to(self, device: BackendDevice) -> NDArray:
        """Return this array on another device; itself if it is there already."""
        if device == self.device:
            return self
        return NDArray(self.numpy(), device=device)

    def __reduce__(self) -> tuple[Any, ...]:
        return NDArray, (self.numpy(), self._device)

    def __deepcopy__(self, memo: dict[int, Any]) -> NDArray:
        return _copy(self)

    def __dlpack__(self, **settings: Any) -> Any:
        """Hand the memory to another library; a copy only where an axis goes back."""
        return exchange.to_dlpack(self, settings)

    def __dlpack_device__(self) -> tuple[int, int]:
        return exchange.dlpack_device(self)

    # -- views ---------------------------------------------------------------------

    def is_compact(self) -> bool:
        """Return whether the elements are all of the memory, in row-major order."""
        if self._compact is None:
            self._compact = (
                self._offset == 0
                and self._strides == views.compact_strides(self._shape)
                and math.prod(self._shape) == self._handle.size
            )
        return self._compact

    def compact(self) -> NDArray:
        """Return a compact array with the same elements: itself, if it is one."""
        return self if self.is_compact() else _copy(self)

    def as_strided(self, shape: Any, strides: Any) -> NDArray:
        """Return a view with another shape and other strides, from the same element.

        Kernels refuse a view that leaves the memory.
        """
        shape = views.lengths(shape)
        return _view(
            self._handle,
            self._device,
            shape,
            views.steps(strides, shape),
            self._offset,
        )

    def reshape(self, new_shape: Any) -> NDArray:
        """Return the same elements, in the same order, with another shape: a view.

        Args:
            new_shape: the lengths; one of them may be -1 for whatever is left.

        Raises:
            ValueError: if it does not hold as many elements, or this array is not
                compact (then ``a.compact().reshape(...)`` copies).
        """
        new_shape = views.with_inferred(new_shape, self.size)
        ### BEGIN YOUR SOLUTION hw3.ndarray_python_ops
        raise NotImplementedError("hw3.ndarray_python_ops: NDArray.reshape is yours to write (handout, question 1)")
        ### END YOUR SOLUTION

    def permute(self, new_axes: Any) -> NDArray:
        """Return the axes in another order: a view.

        ``a.permute((0, 3, 1, 2))`` has the axes of ``a`` in that order: its axis 1 is
        axis 3 of ``a``.

        Raises:
            ValueError: if ``new_axes`` does not name every axis once.
        """
        new_axes = views.axes_in(new_axes, self.ndim)
        ### BEGIN YOUR SOLUTION hw3.ndarray_python_ops
        raise NotImplementedError("hw3.ndarray_python_ops: NDArray.permute is yours to write (handout, question 1)")
        ### END YOUR SOLUTION

    def broadcast_to(self, new_shape: Any) -> NDArray:
        """Return the array repeated to a larger shape: a view.

        Axes of length 1 become longer, and new axes may come in front.

        Raises:
            AssertionError: if another axis would have to change its length.
        """
        new_shape = views.lengths(new_shape)
        ### BEGIN YOUR SOLUTION hw3.ndarray_python_ops
        raise NotImplementedError("hw3.ndarray_python_ops: NDArray.broadcast_to is yours to write (handout, question 1)")
        ### END YOUR SOLUTION

    def process_slice(self, sl: slice, dim: int) -> slice:
        """Return a slice along axis ``dim`` with start, stop and step filled in."""
        return views.whole_slice(sl, self._shape[dim], dim)

    def __getitem__(self, idxs: Any) -> NDArray:
        """Return the elements at some indices: a view of the same rank.

        Args:
            idxs: an integer or a slice for every axis. An integer counts as a slice of
                length 1.

        Raises:
            AssertionError: if there are more or fewer than axes.
            IndexError: if an integer is out of range.
        """
        if not isinstance(idxs, tuple):
            idxs = (idxs,)
        assert len(idxs) == self.ndim, (
            f"{len(idxs)} indices for {self.ndim} axes: each axis has one, `:` for all"
        )
        # From here on all are slices with start, stop and step, counted from the front.
        idxs = tuple(
            views.whole_slice(index, length, axis)
            for axis, (index, length) in enumerate(zip(idxs, self._shape, strict=True))
        )
        backwards = [axis for axis, part in enumerate(idxs) if part.step < 0]
        if backwards:
            return _reversed(self[tuple(map(views.forwards, idxs))], backwards)
        ### BEGIN YOUR SOLUTION hw3.ndarray_python_ops
        raise NotImplementedError("hw3.ndarray_python_ops: NDArray.__getitem__ is yours to write (handout, question 1)")
        ### END YOUR SOLUTION

    def __setitem__(self, idxs: Any, other: Any) -> None:
        """Change the elements at some indices, in place.

        Args:
            idxs: as of ``a[idxs]``.
            other: a number, or an array of as many elements.
        """
        _assign(self[idxs], other)

    def fill(self, value: float) -> None:
        """Set every element to a number, in place."""
        _assign(self, value)

    # -- elementwise ---------------------------------------------------------------

    def ewise_or_scalar(
        self,
        other: Any,
        ewise_func: Callable[..., Any],
        scalar_func: Callable[..., Any],
    ) -> NDArray:
        """Run the kernel for an array, or that for a number, as the second operand."""
        if isinstance(other, NDArray):
            _check_device(self, other)
            a, b = self, other
            if a._shape != b._shape:
                common = views.common_shape(a._shape, b._shape)
                a = a if a._shape == common else a.broadcast_to(common)
                b = b if b._shape == common else b.broadcast_to(common)
            a, b = a.compact(), b.compact()
            out = _fresh(a._shape, self._device)
            ewise_func(a._handle, b._handle, out._handle)
        elif _is_asked(other):
            return NotImplemented
        else:
            number = _number(other)
            out = _fresh(self._shape, self._device)
            scalar_func(self.compact()._handle, number, out._handle)
        return out

    def __add__(self, other: Any) -> NDArray:
        kernels = self._device.mod
        return self.ewise_or_scalar(other, kernels.ewise_add, kernels.scalar_add)

    __radd__ = __add__

    def __sub__(self, other: Any) -> NDArray:
        return self + _negative(other)

    def __rsub__(self, other: Any) -> NDArray:
        return -self + other

    def __mul__(self, other: Any) -> NDArray:
        kernels = self._device.mod
        return self.ewise_or_scalar(other, kernels.ewise_mul, kernels.scalar_mul)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> NDArray:
        kernels = self._device.mod
        return self.ewise_or_scalar(other, kernels.ewise_div, kernels.scalar_div)

    def __rtruediv__(self, other: Any) -> NDArray:
        return _everywhere(other, self) / self

    def __neg__(self) -> NDArray:
        return self * (-1)

    def __pow__(self, other: Any) -> NDArray:
        kernels = self._device.mod
        return self.ewise_or_scalar(other, kernels.ewise_power, kernels.scalar_power)

    def __rpow__(self, other: Any) -> NDArray:
        return _everywhere(other, self) ** self

    def maximum(self, other: Any) -> NDArray:
        """Return the larger of two, element by element."""
        kernels = self._device.mod
        return self.ewise_or_scalar(
            other, kernels.ewise_maximum, kernels.scalar_maximum
        )

    # Comparisons give 1 and 0. There are kernels for == and >= only; the others are
    # made of them so that they are false where an operand is not a number.

    __hash__ = None  # type: ignore[assignment]  # because == compares the elements

    def __eq__(self, other: Any) -> NDArray:  # type: ignore[override]
        kernels = self._device.mod
        return self.ewise_or_scalar(other, kernels.ewise_eq, kernels.scalar_eq)

    def __ge__(self, other: Any) -> NDArray:
        kernels = self._device.mod
        return self.ewise_or_scalar(other, kernels.ewise_ge, kernels.scalar_ge)

    def __ne__(self, other: Any) -> NDArray:  # type: ignore[override]
        return 1 - (self == other)

    def __gt__(self, other: Any) -> NDArray:
        return (self >= other) * (self != other)

    def __le__(self, other: Any) -> NDArray:
        return -self >= _negative(other)

    def __lt__(self, other: Any) -> NDArray:
        return (self <= other) * (self != other)

    def log(self) -> NDArray:
        """Return the natural logarithm of each element."""
        return self._each(self.device.ewise_log)

    def exp(self) -> NDArray:
        """Return e to the power of each element."""
        return self._each(self.device.ewise_exp)

    def tanh(self) -> NDArray:
        """Return the hyperbolic tangent of each element."""
        return self._each(self.device.ewise_tanh)

    def _each(self, kernel: Callable[..., Any]) -> NDArray:
        out = _fresh(self._shape, self._device)
        kernel(self.compact()._handle, out._handle)
        return out

    # -- products of matrices ------------------------------------------------------

    def __matmul__(self, other: NDArray) -> NDArray:
        """Return the product of two matrices, or of batches of them.

        Shapes: ``(..., m, n) @ (..., n, p) -> (..., m, p)``; leading axes broadcast.

        Raises:
            ValueError: if the shapes do not fit.
        """
        if not isinstance(other, NDArray):
            if _is_asked(other):
                return NotImplemented
            raise TypeError(f"matmul: the other factor is no NDArray: {other!r:.60}")
        _check_device(self, other)
        if min(self.ndim, other.ndim) < 2 or self._shape[-1] != other._shape[-2]:
            raise ValueError(
                f"matmul: the shapes {self.shape} and {other.shape} do not fit: it"
                " takes (..., m, n) and (..., n, p)"
            )
        if self.ndim > 2 or other.ndim > 2:
            return _batched_matmul(self, other)
        (m, n), p = self._shape, other._shape[1]
        kernels = self._device.mod
        if hasattr(kernels, "matmul_tiled"):
            tile = kernels.__tile_size__
            if min(m, n, p) > 0 and not (m % tile or n % tile or p % tile):
                return _tiled_matmul(self, other, tile)
        out = _fresh((m, p), self._device)
        kernels.matmul(
            self.compact()._handle, other.compact()._handle, out._handle, m, n, p
        )
        return out

    # -- reductions ----------------------------------------------------------------

    def reduce_view_out(self, axis: Any, keepdims: bool = False) -> Any:
        """Return a view with the reduced axis last, and an array for the result.

        For a kernel that reduces along the last axis; `sum` and `max` do without.
        """
        if isinstance(axis, (tuple, list)):
            if not axis:
                raise ValueError("reduce_view_out: an empty tuple of axes")
            assert len(axis) == 1, "reduce_view_out takes one axis"
            (axis,) = axis
        if axis is None:
            view = self.compact().reshape((1,) * (self.ndim - 1) + (self.size,))
            return view, NDArray.make((1,), device=self.device)
        axis = views.axis_in(axis, self.ndim)
        others = [each for each in range(self.ndim) if each != axis]
        view = self.permute((*others, axis))
        shape = _without(self.shape, (axis,), keepdims)
        return view, NDArray.make(shape, device=self.device)

    def sum(self, axis: Any = None, keepdims: bool = False) -> NDArray:
        """Return the sum along some axes.

        Args:
            axis: an axis or several, negative ones counted from the end; None for all
                of them, and then the result has shape (1,).
            keepdims: whether the axes stay, with length 1.
        """
        return _reduce(self, "sum", axis, keepdims)

    def max(self, axis: Any = None, keepdims: bool = False) -> NDArray:
        """Return the largest elements along some axes.

        Args:
            axis: an axis or several, negative ones counted from the end; None for all
                of them, and then the result has shape (1,).
            keepdims: whether the axes stay, with length 1.

        Raises:
            ValueError: if there is nothing to choose from.
        """
        return _reduce(self, "max", axis, keepdims)


# -- helpers of the class ------------------------------------------------------


def _view(
    handle: Any,
    device: BackendDevice,
    shape: tuple[int, ...],
    strides: tuple[int, ...],
    offset: int,
) -> NDArray:
    """Return a view; nothing is checked."""
    array = NDArray.__new__(NDArray)
    array._shape = shape
    array._strides = strides
    array._offset = offset
    array._device = device
    array._handle = handle
    array._compact = None
    return array


def _fresh(shape: tuple[int, ...], device: BackendDevice) -> NDArray:
    """Return an array that is not initialised."""
    memory = _memory(device, math.prod(shape))
    array = _view(memory, device, shape, views.compact_strides(shape), 0)
    array._compact = True
    return array


def _memory(device: BackendDevice, size: int) -> Any:
    """Return memory of a device, not initialised.

    Raises:
        MemoryError: if there is not as much.
        RuntimeError: if the device is not built.
    """
    if not isinstance(device, BackendDevice):
        raise TypeError(f"a device is what cpu() or cpu_numpy() gives, not {device!r}")
    if size > views.MOST_ELEMENTS:
        raise MemoryError(f"no memory holds {size} floats")
    return (device.mod or device).Array(size)  # without kernels it says what to do


def _compact_as(shape: tuple[int, ...], a: NDArray) -> NDArray:
    """Return a compact array with another shape of as many elements."""
    return _view(a._handle, a._device, shape, views.compact_strides(shape), 0)


def _copy(a: NDArray) -> NDArray:
    """Return a compact copy."""
    out = _fresh(a._shape, a._device)
    a._device.compact(a._handle, out._handle, a._shape, a._strides, a._offset)
    return out


def _number(value: Any) -> float:
    """Return what stands beside an array as a number of Python's."""
    try:
        if isinstance(value, (int, float)):
            return float(value)
        if isinstance(value, (np.generic, np.ndarray)) and value.dtype.kind in "biuf":
            return float(value.item())
    except (OverflowError, ValueError):  # too large a number, or several
        pass
    raise TypeError(
        f"beside an NDArray stands a number or an NDArray, not {value!r:.60};"
        " array(...) makes one"
    )


def _is_asked(value: Any) -> bool:
    """Return whether a value has operators for arrays itself, as a Tensor has."""
    return hasattr(type(value), "__array_ufunc__") and not isinstance(
        value, (np.ndarray, np.generic)
    )


def _negative(value: Any) -> Any:
    """Return an operand negated; of NumPy's unsigned numbers, too."""
    return -value if isinstance(value, NDArray) or _is_asked(value) else -_number(value)


def _everywhere(value: Any, a: NDArray) -> NDArray:
    """Return a number as an array of the shape of another."""
    return full(a._shape, value, device=a._device)


def _check_device(a: NDArray, b: NDArray) -> None:
    if a._device is not b._device and a._device != b._device:
        raise ValueError(
            f"the arrays are on two devices, {a.device} and {b.device}: move one of"
            " them with a.to(device)"
        )


def _reversed(a: NDArray, axes: list[int]) -> NDArray:
    """Return a view that goes backwards along some axes."""
    strides, offset = list(a._strides), a._offset
    for axis in axes:
        offset += (a._shape[axis] - 1) * strides[axis] if a._shape[axis] else 0
        strides[axis] = -strides[axis]
    return _view(a._handle, a._device, a._shape, tuple(strides), offset)


def _repeats(a: NDArray) -> bool:
    """Return whether elements stand in several places, as after `broadcast_to`."""
    return a.size > 0 and any(
        n > 1 and step == 0 for n, step in zip(a._shape, a._strides, strict=True)
    )


def _assign(view: NDArray, other: Any) -> None:
    """Set the elements of a view."""
    where = (view._handle, view._shape, view._strides, view._offset)
    if not isinstance(other, NDArray):
        view.device.scalar_setitem(view.size, _number(other), *where)
        return
    _check_device(view, other)
    if _repeats(view):
        raise ValueError(
            "the array is repeated by broadcast_to: an element stands in several"
            " places, and cannot take several values; use compact() first"
        )
    if other.size != view.size:
        other = other.broadcast_to(view._shape)
    elif [n for n in other._shape if n != 1] != [n for n in view._shape if n != 1]:
        warnings.warn(
            f"elements of shape {other.shape} assigned to shape {view.shape}, in"
            " row-major order: use reshape() to say that this is meant",
            stacklevel=3,
        )
    # Of memory that the two share, the device's module reads everything first.
    view.device.ewise_setitem(other.compact()._handle, *where)


def _tiled_matmul(a: NDArray, b: NDArray, tile: int) -> NDArray:
    """Multiply matrices whose sides are multiples of the tile."""
    (m, n), p = a._shape, b._shape[1]
    tiles = [_in_tiles(each, tile).compact() for each in (a, b)]
    out = _fresh((m // tile, p // tile, tile, tile), a._device)
    a._device.matmul_tiled(*(each._handle for each in tiles), out._handle, m, n, p)
    rows_first = _view(
        out._handle,
        a._device,
        (m // tile, tile, p // tile, tile),
        (p * tile, tile, tile * tile, 1),
        0,
    )
    return _compact_as((m, p), _copy(rows_first))


def _in_tiles(a: NDArray, tile: int) -> NDArray:
    """Return a view of shape (rows / tile, columns / tile, tile, tile)."""
    rows, columns = a._shape
    down, right = a._strides
    return _view(
        a._handle,
        a._device,
        (rows // tile, columns // tile, tile, tile),
        (down * tile, right * tile, down, right),
        a._offset,
    )


def _batched_matmul(a: NDArray, b: NDArray) -> NDArray:
    """Multiply the matrices along the last two axes; the others broadcast."""
    batch = views.common_shape(a._shape[:-2], b._shape[:-2])
    m, n, p = *a._shape[-2:], b._shape[-1]
    steps = []
    for each in (a, b):
        alone = math.prod(each._shape[:-2]) == 1  # one matrix for all: no copies of it
        matrix = each._shape[-2:]
        whole = (each if alone else each.broadcast_to((*batch, *matrix))).compact()
        steps.append((whole._handle, 0 if alone else math.prod(matrix)))
    out = _fresh((*batch, m, p), a._device)
    (left, left_step), (right, right_step) = steps
    a._device.matmul_batched(
        left, right, out._handle, math.prod(batch), left_step, right_step, m, n, p
    )
    return out


def _without(
    shape: tuple[int, ...], axes: tuple[int, ...], keepdims: bool
) -> tuple[int, ...]:
    """Return a shape after a reduction along some axes."""
    if keepdims:
        return tuple(1 if axis in axes else n for axis, n in enumerate(shape))
    return tuple(n for axis, n in enumerate(shape) if axis not in axes)


def _reduce(a: NDArray, kind: str, axis: Any, keepdims: bool) -> NDArray:
    """Reduce along some axes: one kernel for each run of neighbouring axes."""
    axes = tuple(range(a.ndim)) if axis is None else views.axes_in(axis, a.ndim)
    shape = _without(a._shape, axes, keepdims)
    if axis is None and not keepdims:
        shape = (1,)
    if kind == "max" and 0 in [a._shape[axis] for axis in axes]:
        raise ValueError(
            f"the array has shape {a.shape}: there is nothing to choose the largest"
            f" or smallest from along the axes {axes}"
        )
    kernel = getattr(a._device.mod, f"reduce_{kind}")
    lengths = list(a._shape)
    for run in views.runs_of(axes):
        first, last = run[0], run[-1] + 1
        length, inner = math.prod(lengths[first:last]), math.prod(lengths[last:])
        del lengths[first:last]
        out = _fresh(tuple(lengths), a._device)
        if out.size:
            kernel(a.compact()._handle, out._handle, length, inner)
        a = out
    return _compact_as(shape, a if axes else _copy(a))


# -- functions -----------------------------------------------------------------


def array(
    a: Any, dtype: Any = "float32", device: BackendDevice | None = None
) -> NDArray:
    """Return an array of some numbers, or a copy of an array."""
    _check_dtype(dtype)
    return NDArray(a, device=device)


def empty(
    shape: Any, dtype: Any = "float32", device: BackendDevice | None = None
) -> NDArray:
    """Return an array whose values are still to be written."""
    _check_dtype(dtype)
    return _fresh(views.lengths(shape), default_device() if device is None else device)


def full(
    shape: Any,
    fill_value: float,
    dtype: Any = "float32",
    device: BackendDevice | None = None,
) -> NDArray:
    """Return an array that has the same value everywhere."""
    out = empty(shape, dtype, device)
    out.device.fill(out._handle, _number(fill_value))
    return out


def _check_dtype(dtype: Any) -> None:
    """Take whatever means float32; NDArrays have no other."""
    if dtype is None or (isinstance(dtype, str) and dtype == "float32"):
        return  # by far the most frequent
    name = np.dtype(dtype).name
    assert name == "float32", (
        f"an NDArray is of float32, not of {name}: with NEEDLE_BACKEND=np in the"
        " environment, tensors hold NumPy's arrays, which have other types"
    )


def broadcast_to(array: NDArray, new_shape: Any) -> NDArray:
    """Return an array repeated to a larger shape: a view."""
    return array.broadcast_to(new_shape)


def reshape(array: NDArray, new_shape: Any) -> NDArray:
    """Return the elements of an array with another shape; a view where it can be."""
    return array.compact().reshape(new_shape)


def maximum(a: NDArray, b: Any) -> NDArray:
    """Return the larger of two, element by element."""
    return a.maximum(b)


def log(a: NDArray) -> NDArray:
    """Return the natural logarithm of each element."""
    return a.log()


def exp(a: NDArray) -> NDArray:
    """Return e to the power of each element."""
    return a.exp()


def tanh(a: NDArray) -> NDArray:
    """Return the hyperbolic tangent of each element."""
    return a.tanh()


def sum(a: NDArray, axis: Any = None, keepdims: bool = False) -> NDArray:
    """Return the sum along some axes."""
    return a.sum(axis=axis, keepdims=keepdims)
