"""Count how many tensors are alive."""

from __future__ import annotations

import gc
from collections.abc import Callable

from gradebox import student

autograd = student("needle.autograd")


def alive() -> int:
    """Return how many tensors are alive when all garbage is gone."""
    gc.collect()
    return int(autograd.TENSOR_COUNTER)


def growth(step: Callable[[], object], steps: int = 30) -> int:
    """Return how many tensors more there are after many steps than after a few.

    Whatever a solution keeps for itself is there after the first steps; a graph that
    grows with every step has several nodes a step.
    """
    for _ in range(5):
        step()
    before = alive()
    for _ in range(steps):
        step()
    return alive() - before
