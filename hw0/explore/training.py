"""Train with the epochs you wrote and keep what is worth drawing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import TypeAlias

import numpy as np

from explore.data import Digits
from explore.patience import patient, require, say

Matrix: TypeAlias = np.ndarray
Report: TypeAlias = Callable[[str], None]


@dataclass(frozen=True)
class Row:
    """One epoch: mean losses and error rates, on training and test data."""

    epoch: int
    train_loss: float
    train_error: float
    test_loss: float
    test_error: float


@dataclass
class History:
    """A trained model: its name, one row an epoch, its final weights."""

    name: str
    weights: tuple[Matrix, ...]
    classes: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)


def _silent(line: str) -> None:
    """Report nothing."""


def logits(history: History, X: Matrix) -> Matrix:
    """Return the model's logits for a batch of rows: ``(n, 784) -> (n, classes)``."""
    values: Matrix = X @ history.weights[0]
    for weights in history.weights[1:]:
        values[values < 0] = 0
        values = values @ weights
    return values


@patient
def train_softmax(
    simple_ml: ModuleType,
    data: Digits | None,
    *,
    epochs: int = 10,
    lr: float = 0.1,
    batch: int = 100,
) -> History:
    """Train softmax regression from zero weights with your epoch of question 4."""
    known = require(data, "the data of question 2")
    return softmax_history(
        simple_ml, known, epochs=epochs, lr=lr, batch=batch, report=say
    )


def softmax_history(
    simple_ml: ModuleType,
    data: Digits,
    *,
    epochs: int,
    lr: float,
    batch: int = 100,
    report: Report = _silent,
) -> History:
    """Train softmax regression and hand every line of the table to ``report``."""
    theta = np.zeros((data.X_train.shape[1], len(data.classes)), dtype=np.float32)
    history = History(f"softmax regression, lr {lr:g}", (theta,), data.classes)

    def epoch() -> None:
        simple_ml.softmax_regression_epoch(data.X_train, data.y_train, theta, lr, batch)

    return _run(simple_ml, history, data, epoch=epoch, epochs=epochs, report=report)


@patient
def train_two_layer(
    simple_ml: ModuleType,
    data: Digits | None,
    *,
    hidden: int = 100,
    epochs: int = 10,
    lr: float = 0.2,
    batch: int = 100,
    scale: float = 1.0,
) -> History:
    """Train the two-layer network with your epoch of question 5.

    ``scale`` multiplies the random weights it starts from; 0 starts from zeros.
    """
    known = require(data, "the data of question 2")
    rng = np.random.default_rng(0)
    first = _random(rng, known.X_train.shape[1], hidden, scale)
    second = _random(rng, hidden, len(known.classes), scale)
    name = f"two layers, {hidden} hidden" + ("" if scale == 1 else f", scale {scale:g}")
    history = History(name, (first, second), known.classes)

    def epoch() -> None:
        simple_ml.nn_epoch(known.X_train, known.y_train, first, second, lr, batch)

    return _run(simple_ml, history, known, epoch=epoch, epochs=epochs, report=say)


def _random(rng: np.random.Generator, rows: int, columns: int, scale: float) -> Matrix:
    """Draw weights whose columns keep the size of what goes through them."""
    draw: Matrix = rng.standard_normal((rows, columns)) * scale / np.sqrt(rows)
    return draw.astype(np.float32)


def _run(
    simple_ml: ModuleType,
    history: History,
    data: Digits,
    *,
    epoch: Callable[[], None],
    epochs: int,
    report: Report,
) -> History:
    report(f"{history.name}\n epoch  train loss  error   test loss  error   seconds")
    for number in range(1, epochs + 1):
        begun = time.perf_counter()
        epoch()
        seconds = time.perf_counter() - begun
        row = _measure(simple_ml, history, data, number)
        history.rows.append(row)
        report(
            f"{number:6d}  {row.train_loss:10.4f} {row.train_error:6.2%}"
            f"  {row.test_loss:10.4f} {row.test_error:6.2%}  {seconds:8.2f}"
        )
    return history


def _measure(simple_ml: ModuleType, history: History, data: Digits, number: int) -> Row:
    train = simple_ml.loss_err(logits(history, data.X_train), data.y_train)
    test = simple_ml.loss_err(logits(history, data.X_test), data.y_test)
    return Row(number, *map(float, train), *map(float, test))
