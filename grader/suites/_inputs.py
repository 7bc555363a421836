"""Draw the inputs of the cases: fresh at every grading, ragged where that matters."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from gradebox import Trial, close

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.integer]

# Types of labels, each with a number of classes: as many as fit, or more than a byte.
LABEL_TYPES = [("uint8", 250), ("int16", 400), ("int64", 400)]

# Room for float32 sums in any order, over a few steps; a wrong formula is far off.
NUMBERS = close(rtol=1e-5, atol=1e-5)


class Sizes(NamedTuple):
    """The sizes of a training problem: examples, features, classes, batch.

    Features are drawn to be more than classes, and neither as a multiple of 4: mixing
    them up, or forgetting what is left of a vector, always shows.
    """

    m: int
    n: int
    k: int
    batch: int


def between(t: Trial, low: int, high: int) -> int:
    """Draw an integer from ``low .. high``, both included."""
    return int(t.rng.randint(low, high + 1))


def normal(t: Trial, *shape: int) -> Floats:
    """Draw standard normal float32 numbers."""
    return t.rng.standard_normal(shape).astype(np.float32)


def eighths(numbers: Floats) -> Floats:
    """Round to multiples of 1/8: float32 holds products and sums of such exactly."""
    return (np.round(numbers * 8) / 8).astype(np.float32)


def labels(t: Trial, m: int, k: int) -> Labels:
    """Draw m labels below k, with the last class among them; bytes where they fit."""
    y = t.rng.randint(k, size=m).astype(np.uint8 if k <= 256 else np.int64)
    y[between(t, 0, m - 1)] = k - 1
    return y


def labels_in_batches(t: Trial, m: int, k: int, batch: int) -> Labels:
    """Draw labels on which mistakes with batches show, whatever is drawn.

    Only the first batch has the last class. In each batch of two rows or more, some
    label is larger than one further down.
    """
    y = t.rng.randint(max(k - 1, 1), size=m).astype(np.uint8 if k <= 256 else np.int64)
    for start in range(0, m, batch):
        rows = start + np.sort(t.rng.permutation(min(batch, m - start))[:2])
        pair = np.sort(t.rng.permutation(k - 1)[:2])[::-1]
        if start == 0:
            pair = np.append(k - 1, pair[-1:])
        y[rows[: len(pair)]] = pair[: len(rows)]
    return y


def one_large_batch(t: Trial) -> Sizes:
    """Draw sizes in which the batch is larger than the data."""
    n, k, batch = between(t, 6, 7), 5, between(t, 200, 900)
    return Sizes(between(t, 130, 160), n, k, batch)  # more rows than a buffer of 128


def one_step(t: Trial) -> Sizes:
    """Draw sizes in which all rows make one batch."""
    m = between(t, 11, 16)
    return Sizes(m, between(t, 6, 7), 5, batch=m)


def whole_batches(t: Trial) -> Sizes:
    """Draw sizes in which the batches come out even."""
    batch = between(t, 4, 6)
    return Sizes(batch * between(t, 3, 5), between(t, 5, 7), 3, batch)


def ragged(t: Trial) -> Sizes:
    """Draw sizes in which the last batch is smaller than the others, by two or more.

    It has two rows at least: a single row is a matter of its own.
    """
    batch = between(t, 4, 8)
    m = batch * between(t, 2, 4) + between(t, 2, batch - 2)
    return Sizes(m, between(t, 6, 7), 2 * between(t, 1, 2) + 1, batch)


def two(returned: Any) -> tuple[Any, Any]:
    """Return the two parts of what a function returned, whatever that is."""
    if isinstance(returned, tuple | list) and len(returned) == 2:
        return returned[0], returned[1]
    return returned, None


def rate(t: Trial) -> float:
    """Draw a learning rate that is neither 0.1 nor 1."""
    return between(t, 20, 80) / 100
