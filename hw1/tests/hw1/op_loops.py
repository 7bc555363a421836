"""What each operation computes, as plain loops over single numbers.

Slow and obvious: what the tests hold your ``compute`` against. Reading them is allowed;
for your own code look for the one call that does it for a whole array.
"""

from collections.abc import Callable, Sequence

import numpy as np


def entry(array: np.ndarray, index: tuple[int, ...]) -> float:
    """Return the element that broadcasting puts at an index of the result.

    Shapes are aligned at their last axes; axes in front are new, and an axis of length
    1 has the same element everywhere.
    """
    last = index[len(index) - array.ndim :]
    return float(
        array[tuple(0 if n == 1 else i for i, n in zip(last, array.shape, strict=True))]
    )


def elementwise(function: Callable[..., float], *arrays: np.ndarray) -> np.ndarray:
    """Apply a function of numbers to each set of elements in the same place."""
    out = np.empty(np.broadcast_shapes(*[array.shape for array in arrays]))
    for index in np.ndindex(out.shape):
        out[index] = function(*[entry(array, index) for array in arrays])
    return out


def broadcast(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Repeat an array to a larger shape."""
    out = np.empty(shape)
    for index in np.ndindex(shape):
        out[index] = entry(array, index)
    return out


def exchange(array: np.ndarray, axes: Sequence[int]) -> np.ndarray:
    """Exchange two axes."""
    order = list(range(array.ndim))
    order[axes[0]], order[axes[1]] = order[axes[1]], order[axes[0]]
    out = np.empty([array.shape[axis] for axis in order])
    for index in np.ndindex(array.shape):
        out[tuple(index[axis] for axis in order)] = array[index]
    return out


def refill(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Fill a shape with the elements, the last index running fastest in both."""
    out = np.empty(shape)
    for before, after in zip(np.ndindex(array.shape), np.ndindex(shape), strict=True):
        out[after] = array[before]
    return out


def total(array: np.ndarray, axes: int | tuple[int, ...] | None) -> np.ndarray:
    """Sum over one axis, some, or (None) all; they are gone from the result."""
    several = (axes,) if isinstance(axes, int) else axes
    gone = {a % array.ndim for a in several} if several else set(range(array.ndim))
    kept = [axis for axis in range(array.ndim) if axis not in gone]
    out = np.zeros([array.shape[axis] for axis in kept])
    for index in np.ndindex(array.shape):
        out[tuple(index[axis] for axis in kept)] += array[index]
    return out


def product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Multiply matrices: those in the last two axes, for each index of the others."""
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    out = np.zeros((*batch, a.shape[-2], b.shape[-1]))
    for *of_batch, row, column in np.ndindex(out.shape):
        for k in range(a.shape[-1]):
            left = entry(a, (*of_batch, row, k))
            out[(*of_batch, row, column)] += left * entry(b, (*of_batch, k, column))
    return out
