"""Train, and keep what is worth showing: one row an epoch, and the weights."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

import numpy as np

from explore.data import Digits

Matrix: TypeAlias = np.ndarray
# Returns mean loss and error rate of logits (m, k) for labels (m,).
Measure: TypeAlias = Callable[[Matrix, Matrix], Any]
# Hears how many epochs are done, a fraction while one goes on.
Tell: TypeAlias = Callable[[float], None]


@dataclass(frozen=True)
class Row:
    """One epoch: mean losses and error rates, and the seconds of training."""

    epoch: int
    train_loss: float
    train_error: float
    test_loss: float
    test_error: float
    seconds: float = 0.0


@dataclass
class History:
    """A trained model: its name, one row an epoch, its final weights.

    The weights are those of layers ``X @ W`` with a ReLU between them, no biases. A
    model of another kind has no such weights, but a ``forward`` that returns the logits
    of a batch. ``settings`` tell how it was trained, for the record.
    """

    name: str
    weights: tuple[Matrix, ...]
    classes: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    forward: Callable[[Matrix], Matrix] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


class Trainable(Protocol):
    """What can be shown while it trains."""

    @property
    def history(self) -> History:
        """The model, and one row for each epoch that is done."""

    @property
    def epochs(self) -> int:
        """How many epochs there will be."""

    def rows(self, tell: Tell) -> Iterator[Row]:
        """Train; after each epoch keep and yield its row."""


def unheard(epochs: float) -> None:
    """Hear how far a training is, and do nothing."""


@dataclass(frozen=True)
class Training:
    """A model, and how to train it for one epoch and measure it."""

    history: History
    data: Digits
    epochs: int
    step: Callable[[], None]
    measure: Measure

    def rows(self, tell: Tell = unheard) -> Iterator[Row]:
        """Train; after each epoch keep and yield its row."""
        for number in range(1, self.epochs + 1):
            begun = time.perf_counter()
            self.step()
            seconds = time.perf_counter() - begun
            self.history.rows.append(self._row(number, seconds))
            tell(number)
            yield self.history.rows[-1]

    def run(self) -> History:
        """Train to the end, and say nothing."""
        for _ in self.rows():
            pass
        return self.history

    def _row(self, number: int, seconds: float) -> Row:
        data, measure = self.data, self.measure
        train = measure(logits(self.history, data.X_train), data.y_train)
        test = measure(logits(self.history, data.X_test), data.y_test)
        return Row(
            number,
            train_loss=float(train[0]),
            train_error=float(train[1]),
            test_loss=float(test[0]),
            test_error=float(test[1]),
            seconds=seconds,
        )


def logits(history: History, X: Matrix) -> Matrix:
    """Return the model's logits for a batch of rows: ``(n, 784) -> (n, classes)``."""
    if history.forward is not None:
        return history.forward(X)
    values: Matrix = X @ history.weights[0]
    for weights in history.weights[1:]:
        values[values < 0] = 0
        values = values @ weights
    return values


def random_weights(*sizes: int, scale: float = 1.0) -> tuple[Matrix, ...]:
    """Draw a weight matrix between each two sizes, the same ones each time.

    The standard deviation ``scale / sqrt(inputs)`` keeps the size of what goes through.

    >>> [W.shape for W in random_weights(784, 100, 10)]
    [(784, 100), (100, 10)]
    """
    rng = np.random.default_rng(0)
    return tuple(
        (rng.standard_normal((rows, columns)) * scale / np.sqrt(rows)).astype("float32")
        for rows, columns in itertools.pairwise(sizes)
    )
