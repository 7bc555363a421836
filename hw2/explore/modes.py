"""Measure what it costs to evaluate a network in training mode."""

from __future__ import annotations

import copy
from typing import Any, TypeAlias

import numpy as np

from explore.data import Digits
from explore.patience import DATA, MODEL, patient, require, say

Array: TypeAlias = np.ndarray
SIZES = (1, 2, 10, 100)


@patient
def forgotten_eval(
    model: Any, data: Digits | None, *, images: int = 1000, seed: int = 0
) -> None:
    """Print the error on test images in evaluation mode, and in training mode.

    The model itself stays as it is.
    """
    model, data = copy.deepcopy(require(model, MODEL)), require(data, DATA)
    order = np.random.RandomState(seed).permutation(len(data.y_test))[:images]
    X, y = data.X_test[order], data.y_test[order]
    model.eval()
    _tell("evaluation mode, any batches", error(model, X, y, 100))
    model.train()
    for size in SIZES:
        _tell(f"training mode, batches of {size}", error(model, X, y, size))
    sorted_by_class = np.argsort(y, kind="stable")
    worst = error(model, X[sorted_by_class], y[sorted_by_class], SIZES[-1])
    _tell(f"the same, sorted by class, batches of {SIZES[-1]}", worst)


def error(model: Any, X: Array, y: Array, size: int) -> float:
    """Return the error rate of a model on rows, in the mode it is in."""
    import needle as ndl

    wrong = 0
    with ndl.no_grad():
        for batch in np.split(np.arange(len(X)), range(size, len(X), size)):
            logits = model(ndl.Tensor(X[batch], requires_grad=False))
            guesses = np.argmax(logits.numpy(), 1)
            wrong += np.count_nonzero(guesses != y[batch])
    return wrong / len(X)


def _tell(words: str, value: float) -> None:
    say(f"{words:40s} error {value:7.2%}")
