"""Arithmetic of shapes, strides and indices, without arrays."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from math import prod
from typing import Any

Shape = tuple[int, ...]


def integers(values: Any, what: str) -> Shape:
    """Return one integer or several as a tuple of Python's.

    Raises:
        TypeError: if they are no integers.
    """
    try:
        if hasattr(values, "__iter__"):
            return tuple(map(operator.index, values))
        return (operator.index(values),)
    except TypeError:
        raise TypeError(f"{what} is made of integers, not {values!r:.60}") from None


def lengths(shape: Any) -> Shape:
    """Return a shape as a tuple of lengths, none of them negative."""
    found = integers(shape, "a shape")
    if any(length < 0 for length in found):
        raise ValueError(f"a shape has no negative lengths: {found}")
    return found


def compact_strides(shape: Sequence[int]) -> Shape:
    """Return the strides of a compact, row-major array."""
    step = 1
    found = []
    for length in reversed(shape):
        found.append(step)
        step *= length
    return tuple(reversed(found))


def with_inferred(shape: Any, size: int) -> Shape:
    """Return a shape in which -1 is whatever makes it hold ``size`` elements."""
    found = integers(shape, "a shape")
    if -1 not in found:
        return lengths(found)
    known = prod(length for length in found if length != -1)
    if found.count(-1) > 1 or known <= 0 or size % known:
        raise ValueError(f"{size} elements cannot be shared out over the shape {found}")
    return lengths(size // known if length == -1 else length for length in found)


def axis_in(axis: Any, ndim: int) -> int:
    """Return an axis counted from the front.

    Raises:
        ValueError: if there is no such axis.
    """
    (found,) = integers(axis, "an axis") if not hasattr(axis, "__iter__") else (axis,)
    if not isinstance(found, int) or not -ndim <= found < ndim:
        raise ValueError(f"there is no axis {found!r}: the array has {ndim}")
    return found % ndim


def axes_in(axes: Any, ndim: int) -> Shape:
    """Return axes counted from the front, each once.

    Raises:
        ValueError: if there is no such axis, or one is named twice.
    """
    found = tuple(axis_in(axis, ndim) for axis in integers(axes, "axes"))
    if len(set(found)) != len(found):
        raise ValueError(f"an axis is named more than once: {axes!r}")
    return found


def whole_slice(index: Any, length: int, axis: int) -> slice:
    """Return an index along an axis as a slice with all its parts.

    A number becomes a slice of length 1. Start and stop are counted from the front, and
    ``stop - start`` never points against ``step``; where the step is negative, stop may
    be -1, before the first element.

    Raises:
        IndexError: for a number that is out of range.
        TypeError: for what is neither a number nor a slice.
    """
    if isinstance(index, slice):
        start, stop, step = index.indices(length)
        return slice(start, max(start, stop) if step > 0 else min(start, stop), step)
    (number,) = integers(index, "an index")
    if not -length <= number < length:
        raise IndexError(
            f"index {number} is out of range for axis {axis}, which has length {length}"
        )
    return slice(number % length, number % length + 1, 1)


def forwards(part: slice) -> slice:
    """Return the slice that shows the same elements in rising order."""
    if part.step > 0:
        return part
    count = len(range(part.start, part.stop, part.step))
    last = part.start + (count - 1) * part.step
    return slice(last, part.start + 1, -part.step) if count else slice(0, 0, 1)


def common_shape(first: Shape, second: Shape) -> Shape:
    """Return the shape to which two shapes broadcast.

    Raises:
        ValueError: if there is none.
    """
    ndim = max(len(first), len(second))
    pairs = zip(
        (1,) * (ndim - len(first)) + first,
        (1,) * (ndim - len(second)) + second,
        strict=True,
    )
    found = []
    for axis, (one, other) in enumerate(pairs):
        if one != other and 1 not in (one, other):
            raise ValueError(
                f"the shapes {first} and {second} do not fit together: axis"
                f" {axis - ndim} has lengths {one} and {other}"
            )
        found.append(other if one == 1 else one)
    return tuple(found)


def runs_of(axes: Sequence[int]) -> list[list[int]]:
    """Return sorted axes in groups of neighbours, the last group first."""
    groups: list[list[int]] = []
    for axis in sorted(axes, reverse=True):
        if groups and groups[-1][0] == axis + 1:
            groups[-1].insert(0, axis)
        else:
            groups.append([axis])
    return groups
