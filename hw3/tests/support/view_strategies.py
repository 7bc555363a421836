"""Random views for property tests, with Hypothesis: slices, orders of axes, layouts.

What a failing test reports is the smallest example that Hypothesis could find.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from strategies import Shape, quick, shapes
from view_check import steps

# Views are of more kinds than shapes are.
several = settings(quick, max_examples=75)


@dataclass(frozen=True)
class Layout:
    """A view by its numbers, on flat memory of some size."""

    size: int
    shape: Shape
    strides: Shape
    offset: int

    def then(self) -> tuple[Shape, Shape, int]:
        """Return what kernels get: shape, strides, offset."""
        return self.shape, self.strides, self.offset


@st.composite
def slices(draw: st.DrawFn, length: int, backwards: bool = True) -> slice:
    """Draw a slice of an axis, in any way of writing it; it may show nothing."""
    bounds = st.none() | st.integers(-length - 2, length + 2)
    forwards = st.none() | st.integers(1, 3)
    step = draw(forwards | st.integers(-3, -1) if backwards else forwards)
    return slice(draw(bounds), draw(bounds), step)


@st.composite
def indices(draw: st.DrawFn, shape: Shape, backwards: bool = True) -> tuple[Any, ...]:
    """Draw an index for every axis: a number, perhaps from the end, or a slice."""

    def index(length: int) -> Any:
        if length and draw(st.booleans()):
            return draw(st.integers(-length, length - 1))
        return draw(slices(length, backwards))

    return tuple(index(length) for length in shape)


def orders(ndim: int) -> st.SearchStrategy[tuple[int, ...]]:
    """Return orders of so many axes."""
    return st.permutations(range(ndim)).map(tuple)


def as_slices(index: tuple[Any, ...], shape: Shape) -> tuple[slice, ...]:
    """Return an index with which NumPy, too, keeps every axis."""
    return tuple(
        each if isinstance(each, slice) else slice(each % length, each % length + 1)
        for each, length in zip(index, shape, strict=True)
    )


@st.composite
def views(draw: st.DrawFn, numbers: np.ndarray, repeat: bool = True) -> np.ndarray:
    """Draw a view on a NumPy array: a part of it, its axes in any order.

    With ``repeat`` it may show elements more than once.
    """
    part = numbers[as_slices(draw(indices(numbers.shape)), numbers.shape)]
    view = np.asarray(part).transpose(draw(orders(numbers.ndim)))
    for place in draw(st.lists(st.integers(0, view.ndim), max_size=1)):
        view = np.expand_dims(view, place)
        if repeat:
            lengths = list(view.shape)
            lengths[place] = draw(st.integers(1, 3))
            view = np.broadcast_to(view, lengths)
    return np.asarray(view)


@st.composite
def layouts(draw: st.DrawFn, repeat: bool = True) -> Layout:
    """Draw a view on flat memory, of up to five axes, often of a part of it."""
    shape = draw(shapes(max_dims=4, max_side=5))
    whole = np.arange(math.prod(shape), dtype=np.int64).reshape(shape)
    view = draw(views(whole, repeat))
    offset = int(view.reshape(-1)[0]) if view.size else 0
    return Layout(whole.size, view.shape, steps(view), offset)
