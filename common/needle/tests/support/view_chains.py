"""Chains of views, for NDArrays and NumPy's arrays alike."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st
from needle import backend_ndarray as nd
from needle.backend_ndarray import BackendDevice, NDArray
from strategies import shapes

Shape = tuple[int, ...]
Index = tuple[int | slice, ...]


class Step(NamedTuple):
    """One view: what it is, and its argument."""

    kind: str  # "permute", "slice" or "broadcast"
    argument: Any


def counting(shape: Shape) -> np.ndarray:
    """Return an array of which every element is different."""
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


def last_views(
    device: BackendDevice, shape: Shape, steps: list[Step]
) -> tuple[NDArray, np.ndarray]:
    """Return what a chain makes of `counting`, as an array of ours and of NumPy's."""
    x = counting(shape)
    a = nd.array(x, device=device)
    for step in steps:
        a, x = on_ndarray(a, step), on_numpy(x, step)
    return a, x


def on_ndarray(a: NDArray, step: Step) -> NDArray:
    """Return the view on an array of ours."""
    if step.kind == "permute":
        return a.permute(step.argument)
    if step.kind == "broadcast":
        return a.broadcast_to(step.argument)
    return a[step.argument]


def on_numpy(a: np.ndarray, step: Step) -> np.ndarray:
    """Return the view on an array of NumPy's."""
    if step.kind == "permute":
        return a.transpose(step.argument)
    if step.kind == "broadcast":
        return np.broadcast_to(a, step.argument)
    return a[(..., *keeping_rank(step.argument))]  # without axes, an array all the same


def keeping_rank(index: Index) -> tuple[slice, ...]:
    """Return an index of ours as NumPy has to be given it."""
    return tuple(
        part if isinstance(part, slice) else slice(part, part + 1 or None)
        for part in index
    )


@st.composite
def indices(draw: st.DrawFn, shape: Shape) -> Index:
    """Draw an integer or a slice for every axis; empty slices, negative steps too."""
    return tuple(draw(_index(length)) for length in shape)


def _index(length: int) -> st.SearchStrategy[int | slice]:
    ends = st.none() | st.integers(-length - 2, length + 2)
    steps = st.none() | st.integers(-3, 3).filter(bool)
    parts = st.builds(slice, ends, ends, steps)
    return parts | st.integers(-length, length - 1) if length else parts


@st.composite
def _broadcast(draw: st.DrawFn, shape: Shape) -> Shape:
    longer = [draw(st.integers(1, 3)) if n == 1 else n for n in shape]
    return tuple(draw(st.lists(st.integers(1, 2), max_size=2)) + longer)


@st.composite
def chains(
    draw: st.DrawFn, writable: bool = False, max_dims: int = 4
) -> tuple[Shape, list[Step]]:
    """Draw a shape and views on views of such an array.

    With ``writable`` every element is shown once: nothing is broadcast.
    """
    shape = draw(shapes(min_side=0, max_dims=max_dims))
    kinds = ["permute", "slice"] if writable else ["permute", "slice", "broadcast"]
    steps, seen = [], np.empty(shape)
    for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=4)):
        if kind == "permute":
            argument: Any = tuple(draw(st.permutations(range(seen.ndim))))
        elif kind == "slice":
            argument = draw(indices(seen.shape))
        else:
            argument = draw(_broadcast(seen.shape))
        steps.append(Step(kind, argument))
        seen = on_numpy(seen, steps[-1])
    return shape, steps
