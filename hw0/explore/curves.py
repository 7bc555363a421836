"""Draw how training went: loss and error by epoch, and what a step size does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import ModuleType

import numpy as np
from matplotlib.axes import Axes

from explore.data import Digits
from explore.patience import NotYetError, patient, require, say
from explore.picture import COLOURS, Picture
from explore.training import History, softmax_history


@patient
def plot_curves(*histories: History | None) -> Picture:
    """Draw loss and error by epoch; training dashed, test solid."""
    known = [history for history in histories if history is not None]
    if not known:
        raise NotYetError(
            "this cell needs a model trained in an earlier cell. "
            "Come back to it afterwards."
        )
    return _curves(known)


def _curves(histories: Sequence[History], *, scale: str = "linear") -> Picture:
    picture = Picture(8.4, 3.1)
    left, right = picture.figure.subplots(1, 2)
    for history, colour in zip(histories, COLOURS, strict=False):
        _line(left, history, 0, 1.0, colour)
        _line(right, history, 1, 100.0, colour)
    _finish(left, "mean loss (dashed: training)", scale)
    _finish(right, "error in percent (dashed: training)", "linear")
    return picture


def _line(ax: Axes, history: History, column: int, unit: float, colour: str) -> None:
    epochs = [row.epoch for row in history.rows]
    train = np.array([(row.train_loss, row.train_error) for row in history.rows])
    test = np.array([(row.test_loss, row.test_error) for row in history.rows])
    ax.plot(epochs, unit * train[:, column], "--", color=colour)
    ax.plot(epochs, unit * test[:, column], color=colour, label=history.name)


def _finish(ax: Axes, y: str, scale: str) -> None:
    ax.set_xlabel("epoch")
    ax.set_ylabel(y)
    ax.set_yscale(scale)
    if scale == "linear":
        ax.set_ylim(bottom=0)
    ax.grid(alpha=0.3)
    ax.legend(fontsize=8)


@patient
def learning_rates(
    simple_ml: ModuleType,
    data: Digits | None,
    *,
    rates: Sequence[float] = (0.01, 0.1, 0.5, 5.0),
    epochs: int = 5,
    images: int = 6000,
) -> Picture:
    """Train softmax regression on a part of the data, once for each learning rate."""
    data = require(data, "the data of question 2")
    part = replace(data, X_train=data.X_train[:images], y_train=data.y_train[:images])
    histories = [softmax_history(simple_ml, part, epochs=epochs, lr=lr) for lr in rates]
    for history in histories:
        last = history.rows[-1]
        say(
            f"{history.name:32s} after {epochs} epochs: train loss "
            f"{last.train_loss:.3f}, test error {last.test_error:.1%}"
        )
    return _curves(histories, scale="log")
