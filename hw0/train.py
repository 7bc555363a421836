"""Train what you wrote on real images, and draw how it went.

    python3 train.py                     softmax regression, then the two-layer network
    python3 train.py --epochs 3          shorter
    python3 train.py --out pictures      where the pictures go, else results/

It needs questions 2 to 5; where question 6 is done and built, softmax regression trains
with your C++ epoch. The data are the four MNIST files in data/ or in the course's cache
(`course data get mnist`), else the small set that comes with the course. Expect a test
error of about 8% and 2.3% on MNIST, of about 25% and 18% on fashion-small.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Matrices this small gain little from threads, and lose much on a busy machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import simple_ml  # noqa: E402

from explore import program  # noqa: E402
from explore.data import Digits  # noqa: E402
from explore.history import Training  # noqa: E402
from explore.training import softmax, two_layer  # noqa: E402

SOFTMAX_EPOCHS, SOFTMAX_RATE = 10, 0.2
NETWORK_EPOCHS, NETWORK_RATE, HIDDEN = 20, 0.4, 100


def has_cpp() -> bool:
    """Return whether the epoch in C++ is built and written."""
    nothing = np.zeros((1, 1), np.float32), np.zeros(1, np.uint8)
    theta = np.zeros((1, 1), np.float32)
    try:
        simple_ml.softmax_regression_epoch_cpp(*nothing, theta, 0.0, 1)
    except (ImportError, NotImplementedError):
        return False
    return True


def main() -> int:
    """Train both models as far as they are written, and return the exit status."""
    parser = program.options("Train what you wrote on real images.")
    parser.add_argument("--epochs", type=program.positive, help="for both models")
    chosen = parser.parse_args()

    def linear(data: Digits) -> Training:
        epochs = chosen.epochs or SOFTMAX_EPOCHS
        return softmax(simple_ml, data, epochs=epochs, lr=SOFTMAX_RATE, cpp=has_cpp())

    def network(data: Digits) -> Training:
        epochs = chosen.epochs or NETWORK_EPOCHS
        return two_layer(simple_ml, data, hidden=HIDDEN, epochs=epochs, lr=NETWORK_RATE)

    models = {"softmax": linear, "network": network}
    return program.run(chosen, simple_ml.parse_mnist, models)


if __name__ == "__main__":
    sys.exit(main())
