"""Draw what the learning rate does to a training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import ModuleType

from explore.curves import draw_curves
from explore.data import Digits
from explore.patience import DATA, patient, require, say
from explore.picture import Picture
from explore.training import softmax


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
    data = require(data, DATA)
    part = replace(data, X_train=data.X_train[:images], y_train=data.y_train[:images])
    histories = [softmax(simple_ml, part, epochs=epochs, lr=lr).run() for lr in rates]
    for history in histories:
        last = history.rows[-1]
        say(
            f"{history.name:32s} after {epochs} epochs: train loss "
            f"{last.train_loss:.3f}, test error {last.test_error:.1%}"
        )
    return draw_curves(histories, scale="log")
