"""Names of the array API standard, made of what `NDArray` has.

Source: https://data-apis.org/array-api/latest/API_specification
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

from . import exchange, views
from .device import BackendDevice, default_device
from .ndarray import NDArray, empty, full

float32 = "float32"


def asarray(a: Any, dtype: Any = None, device: BackendDevice | None = None) -> NDArray:
    """Return an array of some numbers; an array that is there already as it is."""
    if isinstance(a, NDArray):
        return a if device is None else a.to(device)
    return NDArray(a, device=device)


def from_dlpack(x: Any, device: BackendDevice | None = None) -> NDArray:
    """Return an array that shares the memory of one of another library where possible.

    Args:
        x: a NumPy array, a PyTorch tensor, or whatever has ``__dlpack__``.
        device: "cpu" and "cpu_numpy" share memory; by default the default device.
    """
    return exchange.adopt(x, default_device() if device is None else device)


def zeros(
    shape: Any, dtype: Any = "float32", device: BackendDevice | None = None
) -> NDArray:
    """Return an array of zeros."""
    return full(shape, 0, dtype, device)


def ones(
    shape: Any, dtype: Any = "float32", device: BackendDevice | None = None
) -> NDArray:
    """Return an array of ones."""
    return full(shape, 1, dtype, device)


def zeros_like(a: NDArray) -> NDArray:
    """Return zeros of the shape and on the device of an array."""
    return zeros(a.shape, device=a.device)


def ones_like(a: NDArray) -> NDArray:
    """Return ones of the shape and on the device of an array."""
    return ones(a.shape, device=a.device)


def permute_dims(a: NDArray, axes: Any) -> NDArray:
    """Return the axes in another order: a view."""
    return a.permute(axes)


def swapaxes(a: NDArray, axis1: int, axis2: int) -> NDArray:
    """Return an array with two axes exchanged: a view."""
    first, second = (views.axis_in(axis, a.ndim) for axis in (axis1, axis2))
    order = list(range(a.ndim))
    order[first], order[second] = second, first
    return a.permute(order)


def expand_dims(a: NDArray, axis: int) -> NDArray:
    """Return an array with an axis of length 1 more, at ``axis``: a view."""
    axis = views.axis_in(axis, a.ndim + 1)
    shape, strides = list(a.shape), list(a.strides)
    strides.insert(axis, shape[axis] * strides[axis] if axis < a.ndim else 1)
    shape.insert(axis, 1)
    return a.as_strided(shape, strides)


def squeeze(a: NDArray, axis: Any) -> NDArray:
    """Return an array without some axes, which have length 1: a view."""
    axes = views.axes_in(axis, a.ndim)
    if any(a.shape[each] != 1 for each in axes):
        raise ValueError(
            f"squeeze: of {a.shape} the axes {axes} are not all of length 1"
        )
    kept = [each for each in range(a.ndim) if each not in axes]
    return a.as_strided([a.shape[i] for i in kept], [a.strides[i] for i in kept])


def matmul(a: NDArray, b: NDArray) -> NDArray:
    """Return the product of matrices, or of batches of them."""
    return a @ b


def add(a: NDArray, b: Any) -> NDArray:
    """Return ``a + b``."""
    return a + b


def subtract(a: NDArray, b: Any) -> NDArray:
    """Return ``a - b``."""
    return a - b


def multiply(a: NDArray, b: Any) -> NDArray:
    """Return ``a * b``."""
    return a * b


def divide(a: NDArray, b: Any) -> NDArray:
    """Return ``a / b``."""
    return a / b


def negative(a: NDArray) -> NDArray:
    """Return ``-a``."""
    return -a


def power(a: NDArray, b: Any) -> NDArray:
    """Return ``a ** b``."""
    return a**b


def sqrt(a: NDArray) -> NDArray:
    """Return the square root of each element, as its power of 0.5."""
    return a**0.5


def abs(a: NDArray) -> NDArray:
    """Return the absolute value of each element."""
    return a.maximum(-a) + 0  # of two zeros, the one without a sign


def max(a: NDArray, axis: Any = None, keepdims: bool = False) -> NDArray:
    """Return the largest elements along some axes."""
    return a.max(axis=axis, keepdims=keepdims)


def min(a: NDArray, axis: Any = None, keepdims: bool = False) -> NDArray:
    """Return the smallest elements along some axes."""
    return -((-a).max(axis=axis, keepdims=keepdims))


def mean(a: NDArray, axis: Any = None, keepdims: bool = False) -> NDArray:
    """Return the mean along some axes."""
    total = a.sum(axis=axis, keepdims=keepdims)
    return total / (a.size / builtins.max(total.size, 1))


def where(condition: NDArray, a: Any, b: Any) -> NDArray:
    """Return ``a`` where the condition is not 0, else ``b``, element by element.

    One of ``a`` and ``b``, or both, may be numbers; shapes broadcast.
    """
    if not isinstance(condition, NDArray):
        raise TypeError(f"where: the condition is no NDArray: {condition!r:.60}")
    given = (condition, a, b)
    arrays = [
        each if isinstance(each, NDArray) else full((), each, device=condition.device)
        for each in given
    ]
    if any(each.device != condition.device for each in arrays):
        raise ValueError("where: the arrays are on different devices")
    shape = condition.shape
    for each in arrays:
        shape = views.common_shape(shape, each.shape)
    parts = [each.broadcast_to(shape).compact() for each in arrays]
    out = NDArray.make(shape, device=condition.device)
    out.device.ewise_where(*(each._handle for each in parts), out._handle)
    return out


def concat(arrays: Sequence[NDArray], axis: int = 0) -> NDArray:
    """Return arrays joined along an axis that they have.

    Raises:
        ValueError: if another axis differs, or there is nothing to join.
    """
    arrays = _several("concat", arrays)
    first = arrays[0]
    axis = views.axis_in(axis, first.ndim)
    for each in arrays:
        if each.ndim != first.ndim or any(
            i != axis and n != first.shape[i] for i, n in enumerate(each.shape)
        ):
            raise ValueError(
                f"concat: the shapes {first.shape} and {each.shape} differ along"
                f" another axis than {axis}"
            )
    shape = list(first.shape)
    shape[axis] = builtins.sum(each.shape[axis] for each in arrays)
    out = empty(shape, device=first.device)
    place, start = [slice(None)] * first.ndim, 0
    for each in arrays:
        place[axis] = slice(start, start + each.shape[axis])
        out[tuple(place)] = each
        start += each.shape[axis]
    return out


def stack(arrays: Sequence[NDArray], axis: int = 0) -> NDArray:
    """Return arrays of one shape along a new axis.

    Raises:
        ValueError: if a shape differs, or there is nothing to join.
    """
    arrays = _several("stack", arrays)
    for each in arrays:
        if each.shape != arrays[0].shape:
            raise ValueError(
                f"stack: the shapes {arrays[0].shape} and {each.shape} differ"
            )
    return concat([expand_dims(each, axis) for each in arrays], axis)


def _several(function: str, arrays: Sequence[NDArray]) -> list[NDArray]:
    """Return the arrays that a function joins, at least one."""
    found = list(arrays)
    if not found:
        raise ValueError(f"{function}: there is nothing to join")
    if not all(isinstance(each, NDArray) for each in found):
        raise TypeError(f"{function}: what is joined are NDArrays")
    return found
