"""Problems of softmax regression, for the Python function and for the one in C++."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from gradebox import Trial, exact

from ._inputs import (
    NUMBERS,
    Floats,
    Labels,
    Sizes,
    between,
    eighths,
    labels_in_batches,
    normal,
    one_step,
    rate,
)

Epoch = Callable[..., Any]
Problem = tuple[Floats, Labels, Floats]

ROOM = 32  # rows


def problem(t: Trial, sizes: Sizes, unseen: int = 0) -> Problem:
    """Draw X, y and theta; the last ``unseen`` classes are no row's label."""
    m, n, k, batch = sizes
    X, y = normal(t, m, n), labels_in_batches(t, m, k - unseen, batch)
    theta = normal(t, n, k) / np.float32(2)
    return t.input(X), t.input(y), t.input(with_room(theta))


def with_room(theta: Floats) -> Floats:
    """Return a copy inside a larger array, full of sevens.

    What is written beyond the ends goes there: it shows where a case looks, and never
    depends on what else happens to be in memory.
    """
    whole = np.full((len(theta) + 2 * ROOM, theta.shape[1]), 7, np.float32)
    inside = whole[ROOM:-ROOM]
    inside[...] = theta
    return inside


def train(t: Trial, epoch: Epoch, sizes: Sizes) -> None:
    """Hand over theta after an epoch on random data."""
    X, y, theta = problem(t, sizes)
    epoch(X, y, theta, lr=t.input(rate(t)), batch=t.input(sizes.batch))
    t.answer("theta", theta, check=NUMBERS)


def train_one_step(
    t: Trial, epoch: Epoch, sizes: Sizes, *, lr: int, unseen: int = 0
) -> None:
    """Hand over theta after a step so large that each digit of the gradient shows."""
    X, y, theta = problem(t, sizes, unseen=unseen)
    epoch(X, y, theta, lr=t.input(lr + rate(t)), batch=t.input(sizes.batch))
    t.answer("theta", theta, check=NUMBERS)


def train_large_logits(t: Trial, epoch: Epoch) -> None:
    """Hand over theta after a step from logits in the thousands, twice.

    float32 holds these logits exactly, so that the results are as exact as elsewhere.
    """
    for name, drawn in [
        ("rows far apart", rows_far_apart(t)),
        ("classes far apart", classes_far_apart(t)),
    ]:
        X, y, theta = map(t.input, drawn)
        epoch(X, y, theta, lr=t.input(2 + rate(t)), batch=len(y))
        t.answer(f"theta, {name}", theta, check=NUMBERS)


def rows_far_apart(t: Trial) -> Problem:
    """Draw logits near 3000 in every other row and near -3000 in the rest."""
    X, y, theta = problem(t, one_step(t))
    X, theta = eighths(X), with_room(eighths(theta))
    X[:, -1] = np.where(np.arange(len(y)) % 2, 1, -1)
    theta[-1] = 3000
    return X, y, theta


def classes_far_apart(t: Trial) -> Problem:
    """Draw rows in which one class, each in turn, is far above or below the others."""
    k = between(t, 6, 7)  # not as many as above: a buffer of that size is too short
    own = np.tile(np.arange(k), 2)
    y = own + np.append(np.ones(k, int), t.rng.randint(1, k, size=k))
    sizes = t.rng.randint(4, 13, size=2 * k) / 8  # 1/2 to 3/2: float32 has them exactly
    X = (np.eye(k)[own] * sizes[:, None]).astype(np.float32)
    X[k:] *= -1
    rows = t.rng.permutation(2 * k)
    theta = with_room(3000 * np.eye(k, dtype=np.float32))
    return X[rows], (y % k).astype(np.uint8)[rows], theta


def train_inside(t: Trial, epoch: Epoch, sizes: Sizes) -> None:
    """Hand over a theta that lies inside a larger array, and what is around it."""
    X, y, theta = problem(t, sizes)
    whole = np.asarray(theta.base)
    epoch(X, y, theta, lr=0.5, batch=sizes.batch)
    t.answer("theta", theta, check=NUMBERS)
    around = np.concatenate([whole[:ROOM], whole[-ROOM:]])
    t.answer("around theta", around, check=exact())


def train_and_show_data(t: Trial, epoch: Epoch, sizes: Sizes) -> None:
    """Hand over theta, and X and y as they are after the epoch."""
    X, y, theta = problem(t, sizes)
    epoch(X, y, theta, lr=0.5, batch=sizes.batch)
    t.answer("theta", theta, check=NUMBERS)
    t.answer("X afterwards", X, check=exact())
    t.answer("y afterwards", y, check=exact())
