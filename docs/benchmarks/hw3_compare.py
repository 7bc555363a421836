"""One line of a table: the same on arrays of needle, NumPy and PyTorch, in turns."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from generated import table
from hw3_libraries import Library
from turns import Prepare, figures, ratios, take_turns, timed

# Milliseconds that a run takes at least: it is repeated until it does.
RUN = 4.0
HEADS = "| | us | of NumPy's time | min to max | of PyTorch's time | min to max |"
LIMITS = " must | aim | met |"


@dataclass(frozen=True)
class Limits:
    """How often NumPy's time needle may take."""

    must: float
    aim: float

    def met(self, ratio: float) -> str:
        """Return the better of the two that a ratio keeps to."""
        if ratio <= self.aim:
            return "aim"
        return "must" if ratio <= self.must else "no"


@dataclass(frozen=True)
class Case:
    """Something to do with arrays.

    Attributes:
        name: as in the table.
        run: does it, given the library's `do` and arrays.
        shapes: of the arrays.
        everywhere: whether PyTorch can do it.
    """

    name: str
    run: Callable[..., Any]
    shapes: tuple[tuple[int, ...], ...]
    everywhere: bool = True


def compare(
    cases: Sequence[Case],
    libraries: Sequence[Library],
    rounds: int,
    limits: Limits | None = None,
) -> str:
    """Return a table of needle's times, and of what they are of the others'."""
    rows = [row(case, libraries, rounds, limits) for case in cases]
    return table(HEADS + (LIMITS if limits else ""), rows)


def row(
    case: Case, libraries: Sequence[Library], rounds: int, limits: Limits | None
) -> str:
    """Measure one case; needle is the first of the libraries, NumPy the second."""
    runs: dict[str, Prepare] = {}
    repeats = []
    for library in libraries if case.everywhere else libraries[:2]:
        runs[library.name], repeat = repeated(case, library)
        repeats.append(repeat)
    times = take_turns(case.name, runs, rounds, same).values()
    ours, *others = [
        [value / repeat for value in values]
        for values, repeat in zip(times, repeats, strict=True)
    ]
    cells = [f"{1000 * statistics.median(ours):.1f}"]
    cells += [figures(ratios(ours, other), 2) for other in others]
    cells += [" | "] * (2 - len(others))
    if limits:
        met = limits.met(statistics.median(ratios(ours, others[0])))
        cells.append(f"{limits.must:.1f} | {limits.aim:.1f} | {met}")
    return f"| {case.name} | {' | '.join(cells)} |"


def repeated(case: Case, library: Library) -> tuple[Prepare, int]:
    """Return a run that takes a few milliseconds, and how often it does the case."""
    arrays = [
        library.array(numbers(shape, seed)) for seed, shape in enumerate(case.shapes)
    ]

    def run(repeat: int) -> Any:
        for _ in range(repeat):
            result = case.run(library.do, *arrays)
        return partial(library.numbers, result)  # a copy, which is not to be timed

    repeat = 1
    while (taken := timed(partial(run, repeat))[0]) < RUN:
        repeat *= max(2, min(10, math.ceil(RUN / max(taken, 0.1))))
    return lambda: partial(run, repeat), repeat


def numbers(shape: tuple[int, ...], seed: int) -> Any:
    """Return draws between 1 and 2."""
    import numpy as np

    return np.random.default_rng(seed).uniform(1, 2, shape).astype(np.float32)


def same(result: Callable[[], Any], first: Callable[[], Any]) -> None:
    """Raise unless two results, as NumPy's arrays, are the same but for roundings.

    The sums are of millions of numbers of one sign: a part in ten thousand is little
    for single precision, and a wrong element or order is far more.
    """
    import numpy as np

    right = first()
    np.testing.assert_allclose(result().reshape(right.shape), right, rtol=1e-4)
