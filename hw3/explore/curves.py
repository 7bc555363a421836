"""Draw how training went: loss and error by epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from explore.history import History
from explore.patience import MODEL, NotYetError, patient
from explore.picture import COLOURS, Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@patient
def plot_curves(*histories: History | None) -> Picture:
    """Draw loss and error by epoch; training dashed, test solid."""
    known = [history for history in histories if history is not None]
    if not known:
        raise NotYetError(f"this cell needs {MODEL}. Come back to it afterwards.")
    return draw_curves(known)


def draw_curves(histories: Sequence[History], *, scale: str = "linear") -> Picture:
    """Draw loss, on this scale, and error of each history by epoch."""
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
    # The dots show what there is after one epoch, too.
    ax.plot(epochs, unit * train[:, column], ".--", color=colour, markersize=4)
    ax.plot(
        epochs,
        unit * test[:, column],
        ".-",
        color=colour,
        markersize=4,
        label=history.name,
    )


def _finish(ax: Axes, y: str, scale: str) -> None:
    ax.set_xlabel("epoch")
    ax.set_ylabel(y)
    ax.set_yscale(scale)
    if scale == "linear":
        ax.set_ylim(bottom=0)
    ax.grid(alpha=0.3)
    ax.legend(fontsize=8)
