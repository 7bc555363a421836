"""Train with the epochs you wrote."""

from __future__ import annotations

from types import ModuleType

import numpy as np

from explore.data import Digits
from explore.history import History, Training, random_weights
from explore.patience import DATA, patient, require
from explore.table import show


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
    known = require(data, DATA)
    return show(softmax(simple_ml, known, epochs=epochs, lr=lr, batch=batch))


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
    known = require(data, DATA)
    return show(
        two_layer(
            simple_ml,
            known,
            hidden=hidden,
            epochs=epochs,
            lr=lr,
            batch=batch,
            scale=scale,
        )
    )


def softmax(
    simple_ml: ModuleType,
    data: Digits,
    *,
    epochs: int,
    lr: float,
    batch: int = 100,
    cpp: bool = False,
) -> Training:
    """Prepare softmax regression, to be trained by your epoch in NumPy or in C++."""
    theta = np.zeros((data.X_train.shape[1], len(data.classes)), dtype=np.float32)
    name, epoch = "softmax regression", simple_ml.softmax_regression_epoch
    if cpp:
        name, epoch = f"{name} in C++", simple_ml.softmax_regression_epoch_cpp
    return Training(
        History(f"{name}, lr {lr:g}", (theta,), data.classes),
        data,
        epochs,
        lambda: epoch(data.X_train, data.y_train, theta, lr, batch),
        simple_ml.loss_err,
    )


def two_layer(
    simple_ml: ModuleType,
    data: Digits,
    *,
    hidden: int,
    epochs: int,
    lr: float,
    batch: int = 100,
    scale: float = 1.0,
) -> Training:
    """Prepare the two-layer network; its epoch updates the weights in place."""
    sizes = data.X_train.shape[1], hidden, len(data.classes)
    W1, W2 = random_weights(*sizes, scale=scale)
    name = f"two layers, {hidden} hidden" + ("" if scale == 1 else f", scale {scale:g}")
    return Training(
        History(name, (W1, W2), data.classes),
        data,
        epochs,
        lambda: simple_ml.nn_epoch(data.X_train, data.y_train, W1, W2, lr, batch),
        simple_ml.loss_err,
    )
