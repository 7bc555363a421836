"""Let implementations take turns, and compare them within each round.

What disturbs a machine for a while then disturbs all of them, and a ratio says more
than two figures taken at different times.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console
from rich.progress import track

Times = dict[str, list[float]]
# Makes what one run needs, and returns the run; only the run itself is timed.
Prepare = Callable[[], Callable[[], Any]]


def take_turns(
    title: str,
    implementations: dict[str, Prepare],
    rounds: int,
    same: Callable[[Any, Any], object],
) -> Times:
    """Return the processor time in ms of every implementation in every round.

    ``same(result, first)`` raises unless a result is that of the first implementation:
    a fast wrong answer is no answer.
    """
    times: Times = {name: [] for name in implementations}
    console = Console(stderr=True)
    for number in track(range(rounds + 1), title, console=console, transient=True):
        results = []
        for name, prepare in implementations.items():
            milliseconds, result = timed(prepare())
            results.append(result)
            if number:  # the first round warms up
                times[name].append(milliseconds)
        for result in results[1:]:
            same(result, results[0])
    return times


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Return the processor time in ms of one run, and what it returned.

    Garbage of earlier runs is gone before; what this run leaves is its own affair.
    """
    gc.collect()
    begun = time.process_time()
    result = run()
    return 1000 * (time.process_time() - begun), result


def ratios(times: Sequence[float], base: Sequence[float]) -> list[float]:
    """Return how often ``base`` goes into ``times``, round by round."""
    return [value / other for value, other in zip(times, base, strict=True)]


def figures(values: Sequence[float], digits: int) -> str:
    """Return two cells of a table: the median, and from where to where."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{digits}f} | {low:.{digits}f} to {high:.{digits}f}"
