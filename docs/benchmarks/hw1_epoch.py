"""An epoch of the two-layer network: needle against gradients derived by hand."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generated import table
from needle_watch import (
    COLLECTOR,
    COPIES,
    calls_and_values,
    parts_timed,
)
from one_thread import openblas_kernels
from solved import load
from training_data import BATCH, LR, SIZES, K, N, data
from turns import Prepare, Times, figures, ratios, take_turns

if TYPE_CHECKING:
    from training_data import Data, Floats

HIDDEN = (100, 500)
MUST, AIM = 2.2, 1.7
BY_HAND, NEEDLE = "by hand, NumPy", "needle"
WATCHED = "needle, its operations timed"
# Where the time goes, in the order of the table.
PRODUCTS = "matrix products that the epoch by hand has, too"
OTHERS = "all other operations"
REST = "the rest: nodes, sorting, checks"
PARTS = (PRODUCTS, OTHERS, COPIES, COLLECTOR, REST)

Weights = tuple[Any, Any]


def measure(folder: Path, rounds: int) -> str:
    """Return the tables in Markdown."""
    simple_ml = load(folder / "apps/simple_ml.py")
    by_hand = load(folder.with_name("hw0") / "src/simple_ml.py")
    training = data()
    rows, shares = [], []
    for hidden in HIDDEN:
        watched: dict[str, float] = {}
        runs = epochs(simple_ml, by_hand, training, hidden, watched)
        times = take_turns(f"{hidden} hidden units", runs, rounds, same)
        rows += epoch_rows(hidden, times)
        shares.append(parts(times, watched, rounds))
    return "\n\n".join(
        [
            f"One epoch of the two-layer network, {SIZES}, one thread, {rounds} rounds,"
            " processor time.\n"
            f"Must: at most {MUST} times the time by hand; aim: {AIM}.",
            table(
                "| hidden | gradients | ms | min to max | ratio | min to max |", rows, 2
            ),
            "Where needle's time goes, the epoch by hand being 1:",
            table(
                "| part | " + " | ".join(f"{h} hidden" for h in HIDDEN) + " |",
                part_rows(shares),
            ),
            calls(simple_ml, training),
            f"OpenBLAS kernels: {openblas_kernels()}.",
        ]
    )


def epochs(
    simple_ml: Any, by_hand: Any, training: Data, hidden: int, watched: dict[str, float]
) -> dict[str, Prepare]:
    """Return the implementations, each one epoch from the same weights."""
    X, y = training
    ndl = simple_ml.ndl

    def prepare_by_hand() -> Callable[[], Weights]:
        W1, W2 = weights(hidden)

        def run() -> Weights:
            by_hand.nn_epoch(X, y, W1, W2, LR, BATCH)
            return W1, W2

        return run

    def prepare_needle() -> Callable[[], Weights]:
        W1, W2 = map(ndl.Tensor, weights(hidden))
        return partial(simple_ml.nn_epoch, X, y, W1, W2, LR, BATCH)

    def prepare_watched() -> Callable[[], Weights]:
        return parts_timed(ndl, kind, watched)(prepare_needle())

    return {
        BY_HAND: prepare_by_hand,
        NEEDLE: prepare_needle,
        WATCHED: prepare_watched,
    }


def weights(hidden: int) -> tuple[Floats, Floats]:
    """Return the weights that every epoch starts from."""
    import numpy as np

    rng = np.random.default_rng(1)
    W1 = rng.standard_normal((N, hidden), dtype=np.float32) / np.float32(N**0.5)
    W2 = rng.standard_normal((hidden, K), dtype=np.float32) / np.float32(hidden**0.5)
    return W1, W2


def same(trained: Weights, first: Weights) -> None:
    """Raise unless two epochs moved the weights to the same place.

    To 1% of the way: of 30 million inputs of ReLU one or two lie so near to 0 that
    rounding decides whether a gradient passes.
    """
    import numpy as np

    begun = weights(first[0].shape[1])
    for found, expected, start in zip(trained, first, begun, strict=True):
        away = np.linalg.norm(np.asarray(found) - expected)
        way = np.linalg.norm(expected - start)
        assert away <= 0.01 * way, f"weights are {away} away after a way of {way}"


def kind(op: Any, result: Any) -> str:
    """Return to which part the time of an operation belongs."""
    return PRODUCTS if type(op).__name__ == "MatMul" else OTHERS


def epoch_rows(hidden: int, times: Times) -> list[str]:
    """Return the rows of the table for one number of hidden units."""
    base = times[BY_HAND]
    return [
        f"| {hidden} | {name} | {figures(times[name], 0)}"
        f" | {figures(ratios(times[name], base), 2)} |"
        for name in (BY_HAND, NEEDLE)
    ]


def parts(times: Times, watched: dict[str, float], rounds: int) -> dict[str, float]:
    """Return how much of needle's epoch each part takes, of the epoch by hand."""
    unit = statistics.median(times[BY_HAND])
    epochs_watched = rounds + 1
    found = {
        part: 1000 * seconds / epochs_watched / unit
        for part, seconds in watched.items()
    }
    whole = statistics.median(ratios(times[NEEDLE], times[BY_HAND]))
    return {**found, REST: whole - sum(found.values())}


def part_rows(shares: list[dict[str, float]]) -> list[str]:
    """Return the rows of the table of parts."""
    return [
        f"| {part} | " + " | ".join(f"{each[part]:.2f}" for each in shares) + " |"
        for part in PARTS
    ]


def calls(simple_ml: Any, training: Data) -> str:
    """Say how many functions needle calls for a step of training."""
    X, y = training
    W1, W2 = map(simple_ml.ndl.Tensor, weights(HIDDEN[0]))
    step = partial(simple_ml.nn_epoch, X[:BATCH], y[:BATCH], W1, W2, LR, BATCH)
    called, made = calls_and_values(simple_ml.ndl, step)
    return (
        f"A step makes {made} values and calls {called} functions of Python and C,"
        f" {called / made:.0f} for each value."
    )
