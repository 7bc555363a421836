"""Measure what a gradient costs, in three ways and with your own engine."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from explore.patience import patient, say
from explore.picture import COLOURS, Picture

STEP = 1e-6


def product(x: Sequence[float]) -> float:
    """Return the product of all numbers: n - 1 multiplications.

    >>> product([2.0, 3.0, 4.0])
    24.0
    """
    total = 1.0
    for value in x:
        total *= value
    return total


def by_differences(x: Sequence[float]) -> list[float]:
    """Nudge one input at a time: two evaluations for each.

    >>> [round(d, 6) for d in by_differences([2.0, 3.0, 4.0])]
    [12.0, 8.0, 6.0]
    """
    slopes = []
    for i, value in enumerate(x):
        above, below = list(x), list(x)
        above[i], below[i] = value + STEP, value - STEP
        slopes.append((product(above) - product(below)) / (2 * STEP))
    return slopes


def by_forward_mode(x: Sequence[float]) -> list[float]:
    """Carry the derivative by one input along with the value: a sweep for each.

    >>> by_forward_mode([2.0, 3.0, 4.0])
    [12.0, 8.0, 6.0]
    """
    slopes = []
    for i in range(len(x)):
        total, slope = 1.0, 0.0
        for j, value in enumerate(x):
            slope = slope * value + (total if i == j else 0.0)
            total *= value
        slopes.append(slope)
    return slopes


def by_reverse_mode(x: Sequence[float]) -> list[float]:
    """Keep the values of one sweep forward, and go back over them once.

    >>> by_reverse_mode([2.0, 3.0, 4.0])
    [12.0, 8.0, 6.0]
    """
    before = [1.0]
    for value in x:
        before.append(before[-1] * value)
    slopes, after = [0.0] * len(x), 1.0
    for i in reversed(range(len(x))):
        slopes[i] = after * before[i]
        after *= x[i]
    return slopes


WAYS: dict[str, Callable[[Sequence[float]], list[float]]] = {
    "differences": by_differences,
    "forward mode": by_forward_mode,
    "reverse mode": by_reverse_mode,
}


def three_ways(sizes: Sequence[int] = (8, 32, 128, 512), rounds: int = 3) -> Picture:
    """Time the gradient of a product of n numbers in three ways."""
    say("time of a gradient, in evaluations of the function")
    say("     n   " + "   ".join(f"{name:>12s}" for name in WAYS))
    costs: dict[str, list[float]] = {name: [] for name in WAYS}
    for n in sizes:
        x = list(np.random.RandomState(n).uniform(0.9, 1.1, n))
        one = _seconds(partial(product, x), rounds, repeat=20)
        for name, way in WAYS.items():
            costs[name].append(_seconds(partial(way, x), rounds) / one)
        say(f"{n:6d}   " + "   ".join(f"{costs[name][-1]:12.1f}" for name in WAYS))
    return _curves(sizes, costs)


def _seconds(function: Callable[[], Any], rounds: int, repeat: int = 1) -> float:
    """Return the shortest time of a few: what is longer is other programs' work."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        for _ in range(repeat):
            function()
        times.append((time.perf_counter() - begun) / repeat)
    return min(times)


def _curves(sizes: Sequence[int], costs: dict[str, list[float]]) -> Picture:
    picture = Picture(6.0, 3.0)
    ax = picture.figure.subplots()
    for (name, cost), colour, mark in zip(costs.items(), COLOURS, "os^", strict=False):
        ax.loglog(sizes, cost, marker=mark, color=colour, label=name)
    ax.set_xlabel("number of inputs")
    ax.set_ylabel("evaluations of the function")
    ax.grid(alpha=0.3)
    ax.legend(fontsize=8)
    return picture


@patient
def price_of_backward(
    sizes: Sequence[int] = (10, 30, 100, 300), rounds: int = 5
) -> None:
    """Time a small network forward and backward, with more and more weights."""
    for d in sizes:
        forward, backward = _network_times(d, rounds)
        if d == sizes[0]:
            say("  weights     forward    backward   ratio   differences would take")
        say(
            f"{2 * d * d:9d} {forward * 1e3:8.2f} ms {backward * 1e3:8.2f} ms"
            f" {backward / forward:7.1f}   {_words(4 * d * d * forward)}"
        )


def _network_times(d: int, rounds: int) -> tuple[float, float]:
    """Return the seconds forward and backward of two layers of d by d weights."""
    import needle as ndl

    rng = np.random.RandomState(0)
    X = ndl.Tensor(rng.standard_normal((50, d)), requires_grad=False)
    first, second = (
        ndl.Tensor(weights) for weights in rng.standard_normal((2, d, d)) / d
    )

    def loss() -> Any:
        return (ndl.exp(X @ first) @ second).sum()

    return _seconds(loss, rounds), _seconds(loss().backward, rounds)


def _words(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} seconds"
    return f"{seconds / 60:.0f} minutes"
