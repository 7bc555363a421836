"""Arithmetic of shapes, strides and indices, without arrays."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import lru_cache
from math import prod
from typing import Any

Shape = tuple[int, ...]

# No memory has more floats: their bytes could not be counted any more.
MOST_ELEMENTS = (2**63 - 1) // 4


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
    """Return a shape as a tuple of lengths.

    Raises:
        MemoryError: if no memory can hold as many elements.
        ValueError: if a length is negative.
    """
    found = integers(shape, "a shape")
    if found and min(found) < 0:
        raise ValueError(f"a shape has no negative lengths: {found}")
    # Also where another axis is empty: strides are products of lengths.
    if prod(filter(None, found)) > MOST_ELEMENTS:
        raise MemoryError(f"no memory holds an array of shape {found}")
    return found


def steps(strides: Any, shape: Shape) -> Shape:
    """Return strides as a tuple, one for each axis of a shape."""
    found = integers(strides, "strides")
    assert len(found) == len(shape), f"{len(shape)} axes with {len(found)} strides"
    if found and not -MOST_ELEMENTS < min(found) <= max(found) < MOST_ELEMENTS:
        raise ValueError(f"a stride is longer than any array: {found}")
    return found


@lru_cache(maxsize=1024)
def compact_strides(shape: Shape) -> Shape:
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
    try:
        found = operator.index(axis)
    except TypeError:
        raise TypeError(f"an axis is an integer, not {axis!r:.60}") from None
    if not -ndim <= found < ndim:
        raise ValueError(f"there is no axis {found}: the array has {ndim}")
    return found % ndim


def axes_in(axes: Any, ndim: int) -> Shape:
    """Return axes counted from the front, each once.

    Raises:
        ValueError: if there is no such axis, or one is named twice.
    """
    found = tuple(axis_in(axis, ndim) for axis in integers(axes, "a tuple of axes"))
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
    try:
        if isinstance(index, bool):  # it would be 0 or 1, and is meant as a mask
            raise TypeError
        number = operator.index(index)
    except TypeError:
        raise TypeError(
            f"along axis {axis} stands {index!r:.60}: an NDArray is indexed by an"
            " integer or a slice for every axis, not by lists, masks, None or ..."
        ) from None
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


@lru_cache(maxsize=1024)
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
