"""Train the two-layer network of ``apps/simple_ml.py``, whose weights are tensors."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from explore import program
from explore.data import Digits
from explore.history import History, Matrix, Training, random_weights
from explore.patience import DATA, patient, require
from explore.table import show


@patient
def train_two_layer(
    simple_ml: ModuleType,
    data: Digits | None,
    *,
    hidden: int = 100,
    epochs: int = 10,
    lr: float = 0.2,
    batch: int = 100,
) -> History:
    """Train the two-layer network with your epoch, and show how it goes."""
    known = require(data, DATA)
    return show(
        two_layer(simple_ml, known, hidden=hidden, epochs=epochs, lr=lr, batch=batch)
    )


def two_layer(
    simple_ml: ModuleType,
    data: Digits,
    *,
    hidden: int,
    epochs: int,
    lr: float,
    batch: int = 100,
) -> Training:
    """Prepare the two-layer network; its epoch returns new weights."""
    import needle as ndl

    W1, W2 = random_weights(data.X_train.shape[1], hidden, len(data.classes))
    name = f"two layers on needle, {hidden} hidden, lr {lr:g}"
    history = History(name, (W1, W2), data.classes)
    weights = ndl.Tensor(W1), ndl.Tensor(W2)

    def step() -> None:
        nonlocal weights
        weights = simple_ml.nn_epoch(data.X_train, data.y_train, *weights, lr, batch)
        history.weights = weights[0].numpy(), weights[1].numpy()

    def measure(h: Matrix, y: Matrix) -> Any:
        """Return loss and error; there is no gradient to be taken here."""
        return simple_ml.loss_err(ndl.Tensor(h, requires_grad=False), y)

    return Training(history, data, epochs, step, measure)


def main(simple_ml: ModuleType) -> int:
    """Train as the command line says, and return the exit status."""
    parser = program.options("Train the two-layer network with gradients of needle.")
    for name, default, what in (
        ("--epochs", 20, "how often it sees all images"),
        ("--hidden", 100, "hidden units"),
        ("--batch", 100, "images in a step"),
    ):
        kind = program.positive
        parser.add_argument(name, type=kind, default=default, metavar="N", help=what)
    parser.add_argument("--lr", type=float, default=0.2, help="length of a step")
    chosen = parser.parse_args()

    def network(data: Digits) -> Training:
        return two_layer(
            simple_ml,
            data,
            hidden=chosen.hidden,
            epochs=chosen.epochs,
            lr=chosen.lr,
            batch=chosen.batch,
        )

    return program.run(chosen, simple_ml.parse_mnist, {"network": network})
