"""Hold the gradient of one operation against differences that anybody can measure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np

from explore.patience import patient, say

Array: TypeAlias = np.ndarray
ENTRIES = 4  # of each input are shown


@patient
def check(function: Callable[..., Any], *arrays: Any, **settings: Any) -> None:
    """Print, for each input of one operation, what is measured and what you return.

    ``function`` makes one node, such as ``ndl.exp``; ``arrays`` are its inputs and
    ``settings`` go to it as they are. The output is weighted with fixed random numbers,
    which stand for the gradient that comes from above.
    """
    import needle as ndl
    from numeric import numerical_gradient

    inputs = [np.array(array, dtype=np.float64) for array in arrays]
    node = function(*map(ndl.Tensor, inputs), **settings)
    weights = np.random.RandomState(0).standard_normal(node.shape)
    yours = node.op.gradient_as_tuple(ndl.Tensor(weights), node)
    for position, gradient in enumerate(yours):

        def weighted(moved: Array, position: int = position) -> float:
            """Return the weighted output with one of the inputs replaced."""
            nearby = [*inputs[:position], moved, *inputs[position + 1 :]]
            value = function(*map(ndl.Tensor, nearby), **settings).numpy()
            return float((weights * value).sum())

        measured = numerical_gradient(weighted, inputs[position])
        say(f"{type(node.op).__name__}, input {position}, shape {measured.shape}")
        _show(measured, gradient.numpy())


def _show(measured: Array, yours: Array) -> None:
    for index in _first(measured):
        place = "[" + ",".join(map(str, index)) + "]" if index else ""
        say(f"  {place:8s} measured {measured[index]:+.6f}   yours {yours[index]:+.6f}")
    worst = np.abs(measured - yours).max(initial=0.0)
    say(f"  largest difference: {worst:.1e}")


def _first(array: Array) -> Iterator[tuple[int, ...]]:
    for _, index in zip(range(ENTRIES), np.ndindex(array.shape), strict=False):
        yield index
