"""Problems of softmax regression, for the Python function and for the one in C++."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from gradebox import Trial, close, exact

from ._inputs import NUMBERS, Floats, Labels, Sizes, labels, normal, rate

Epoch = Callable[..., Any]
Problem = tuple[Floats, Labels, Floats]


def problem(t: Trial, sizes: Sizes, scale: float = 1.0, unseen: int = 0) -> Problem:
    """Draw X, y and theta; the entries of theta are of size ``scale``.

    The last ``unseen`` classes are no row's label.
    """
    X, y = normal(t, sizes.m, sizes.n), labels(t, sizes.m, sizes.k - unseen)
    theta = normal(t, sizes.n, sizes.k) * np.float32(scale)
    return t.input(X), t.input(y), t.input(theta)


def train(t: Trial, epoch: Epoch, sizes: Sizes, unseen: int = 0) -> None:
    """Hand over theta after an epoch on random data."""
    X, y, theta = problem(t, sizes, unseen=unseen)
    epoch(X, y, theta, lr=t.input(rate(t)), batch=t.input(sizes.batch))
    t.answer("theta", theta, check=NUMBERS)


def train_sorted(t: Trial, epoch: Epoch, sizes: Sizes) -> None:
    """Hand over theta after an epoch on rows sorted by label: their order shows."""
    X, y, theta = problem(t, sizes)
    order = np.argsort(y, kind="stable")
    X, y = t.input(np.ascontiguousarray(X[order])), t.input(y[order])
    epoch(X, y, theta, lr=0.9, batch=sizes.batch)
    t.answer("theta", theta, check=NUMBERS)


def train_large_logits(t: Trial, epoch: Epoch, sizes: Sizes) -> None:
    """Hand over theta after an epoch whose logits are in the thousands.

    In a second one all logits are negative: the largest of a row is not above 0 either.
    """
    # a logit of 5000 carries an error of 1e-3 in float32, and so do probabilities
    near = close(rtol=1e-4, atol=1e-2)
    X, y, theta = problem(t, sizes, scale=700)
    positive, negative = t.input(np.abs(X) + 1), t.input(-np.abs(theta))
    epoch(X, y, theta, lr=0.5, batch=sizes.batch)
    t.answer("theta", theta, check=near)
    epoch(positive, y, negative, lr=0.5, batch=sizes.batch)
    t.answer("theta, all logits negative", negative, check=near)


def train_inside(t: Trial, epoch: Epoch, sizes: Sizes) -> None:
    """Hand over a theta that lies inside a larger array, and what is around it."""
    X, y, theta = problem(t, sizes)
    whole = np.full((sizes.n + 4, sizes.k), 7, np.float32)
    inside = whole[2:-2]
    inside[...] = theta
    epoch(X, y, inside, lr=0.5, batch=sizes.batch)
    t.answer("theta", inside, check=NUMBERS)
    t.answer("around theta", np.concatenate([whole[:2], whole[-2:]]), check=exact())


def train_and_show_data(t: Trial, epoch: Epoch, sizes: Sizes) -> None:
    """Hand over theta, and X and y as they are after the epoch."""
    X, y, theta = problem(t, sizes)
    epoch(X, y, theta, lr=0.5, batch=sizes.batch)
    t.answer("theta", theta, check=NUMBERS)
    t.answer("X afterwards", X, check=exact())
    t.answer("y afterwards", y, check=exact())
