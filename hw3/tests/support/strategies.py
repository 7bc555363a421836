"""Random shapes, axes, arrays and graphs for property tests, with Hypothesis.

What a failing test reports is the smallest example that Hypothesis could find.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of_numpy
from random_graph import RandomGraph, Step

Shape = tuple[int, ...]
Axes = int | tuple[int, ...] | None

# The same examples on every run, as many as take a moment; of what fails, the smallest.
quick = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=30,
    report_multiple_bugs=False,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
)
many = settings(quick, max_examples=150)


def shapes(
    min_dims: int = 0, max_dims: int = 4, min_side: int = 1, max_side: int = 5
) -> st.SearchStrategy[Shape]:
    """Return shapes, those without axes included."""
    return arrays_of_numpy.array_shapes(
        min_dims=min_dims, max_dims=max_dims, min_side=min_side, max_side=max_side
    )


@st.composite
def axes(draw: st.DrawFn, ndim: int) -> Axes:
    """Draw what a sum over an array of ``ndim`` axes may get: None, an int, a tuple.

    In any order, and some of them counted from the end.
    """
    if ndim == 0:
        return None
    if draw(st.booleans()):
        return draw(st.none() | _one_axis(ndim))
    chosen = draw(st.lists(st.integers(0, ndim - 1), min_size=1, unique=True))
    return tuple(axis - ndim if draw(st.booleans()) else axis for axis in chosen)


@st.composite
def axis_pairs(draw: st.DrawFn, ndim: int) -> tuple[int, int]:
    """Draw two different axes of at least two, each perhaps counted from the end."""
    first = draw(_one_axis(ndim))
    second = draw(_one_axis(ndim).filter(lambda axis: (axis - first) % ndim != 0))
    return first, second


def _one_axis(ndim: int) -> st.SearchStrategy[int]:
    return st.integers(-ndim, ndim - 1)


@st.composite
def broadcasts(
    draw: st.DrawFn, max_dims: int = 4, max_side: int = 4
) -> tuple[Shape, Shape]:
    """Draw a shape and one that it can be broadcast to."""
    large = draw(shapes(max_dims=max_dims, max_side=max_side))
    kept = large[draw(st.integers(0, len(large))) :]
    small = tuple(1 if draw(st.booleans()) else side for side in kept)
    return small, large


def shape_pairs(max_dims: int = 3, max_side: int = 4) -> st.SearchStrategy[Any]:
    """Return pairs of shapes that broadcast to a common one."""
    return arrays_of_numpy.mutually_broadcastable_shapes(
        num_shapes=2, max_dims=max_dims, max_side=max_side
    ).map(lambda drawn: drawn.input_shapes)


def matmul_shapes(max_dims: int = 2, max_side: int = 4) -> st.SearchStrategy[Any]:
    """Return pairs of shapes of matrices that can be multiplied.

    Up to ``max_dims`` leading axes of the two broadcast.
    """
    return arrays_of_numpy.mutually_broadcastable_shapes(
        signature="(m,k),(k,n)->(m,n)", max_dims=max_dims, max_side=max_side
    ).map(lambda drawn: drawn.input_shapes)


@st.composite
def reshapes(draw: st.DrawFn, max_dims: int = 3, max_side: int = 6) -> Any:
    """Draw two shapes of the same number of elements."""
    before = draw(shapes(max_dims=max_dims, max_side=max_side))
    rest, after = int(np.prod(before)), []
    while rest > 1:
        side = draw(st.sampled_from([n for n in range(2, rest + 1) if rest % n == 0]))
        after.append(side)
        rest //= side
    ones = draw(st.lists(st.integers(0, len(after)), max_size=2))
    for place in ones:
        after.insert(place, 1)
    return before, tuple(after)


@st.composite
def arrays(
    draw: st.DrawFn,
    shape: Shape | st.SearchStrategy[Shape],
    low: float = -2.0,
    high: float = 2.0,
    dtype: Any = np.float64,
) -> np.ndarray:
    """Draw an array of numbers with two digits after the point, in [low, high]."""
    sides = draw(shape) if isinstance(shape, st.SearchStrategy) else shape
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    hundredths = rng.integers(np.ceil(100 * low), np.floor(100 * high) + 1, size=sides)
    return np.asarray(hundredths / 100, dtype=dtype)


@st.composite
def several_arrays(
    draw: st.DrawFn,
    shapes: st.SearchStrategy[Any],
    low: float = -2.0,
    high: float = 2.0,
) -> tuple[np.ndarray, ...]:
    """Draw an array for each of the shapes that are drawn."""
    return tuple(draw(arrays(shape, low, high)) for shape in draw(shapes))


@st.composite
def graphs(draw: st.DrawFn, max_leaves: int = 3, max_steps: int = 7) -> RandomGraph:
    """Draw a graph of given operations: sums and products, of values and constants.

    Its values may be used once, often or never, also twice by the same operation.
    """
    leaves = draw(st.integers(1, max_leaves))
    steps: list[Step] = []
    for known in range(leaves, leaves + draw(st.integers(1, max_steps))):
        value = st.just(known - 1) | st.integers(0, known - 1)
        constant = st.integers(-4, 4).map(lambda quarters: quarters / 4)
        operator = draw(st.sampled_from(["+", "*", "+c", "*c"]))
        other = constant if operator.endswith("c") else value
        steps.append((operator, draw(value), draw(other)))
    return RandomGraph(leaves, tuple(steps))
