"""Softmax regression and a two-layer network, in NumPy.

Shapes throughout: ``m`` examples, ``n`` input features, ``d`` hidden units, ``k``
classes. Arrays of numbers are float32; labels are integers in ``0 .. k-1``.
"""

import gzip
import struct
import warnings
from pathlib import Path

import numpy as np

try:
    from simple_ml_ext import softmax_regression_epoch_cpp
except ImportError as error:
    # Without the extension everything but question 6 works. One that exists and
    # does not load (built for another Python, say) is reported, never hidden.
    _reason = "simple_ml_ext is not built yet: run `make` in the homework's folder"
    if not isinstance(error, ModuleNotFoundError):
        _reason = f"simple_ml_ext does not load, try `make clean all`: {error}"
        warnings.warn(_reason, stacklevel=2)

    def softmax_regression_epoch_cpp(
        X: np.ndarray, y: np.ndarray, theta: np.ndarray, lr: float, batch: int
    ) -> None:
        """Say why there is no extension module to call."""
        raise ImportError(_reason)


def add(x, y):  # type: ignore[no-untyped-def]  # numbers or arrays of any type
    """Return the sum of x and y: two numbers, or two arrays of the same shape.

    >>> add(5, 6)
    11
    >>> add(1.5, 2)
    3.5
    """
    ### BEGIN YOUR SOLUTION hw0.add
    raise NotImplementedError("hw0.add: add is yours to write (handout, question 1)")
    ### END YOUR SOLUTION


def parse_mnist(
    image_filename: str | Path, label_filename: str | Path
) -> tuple[np.ndarray, np.ndarray]:
    """Read images and labels from a pair of gzipped IDX files.

    Args:
        image_filename: gzipped IDX file of ``m`` images of 28 x 28 bytes.
        label_filename: gzipped IDX file of ``m`` labels, one byte each.

    Returns:
        A tuple ``(X, y)``, in the order of the files:
        ``X`` has shape ``(m, 784)`` and dtype float32, a row an image, row-major,
        scaled so that byte 0 becomes 0.0 and byte 255 becomes 1.0, the same for every
        image; ``y`` has shape ``(m,)`` and dtype uint8.
    """
    ### BEGIN YOUR SOLUTION hw0.parse_mnist id=parse_mnist
    raise NotImplementedError("hw0.parse_mnist: parse_mnist is yours to write (handout, question 2)")
    ### END YOUR SOLUTION


def softmax_loss(Z: np.ndarray, y: np.ndarray) -> np.floating:
    """Return the softmax (cross-entropy) loss, averaged over the examples.

    Nothing on the way may overflow: logits of 1000 or -1000 are as good as any other.

    Args:
        Z: logits, shape ``(m, k)``, float32.
        y: labels, shape ``(m,)``, of any integer type.

    Returns:
        The mean loss, a scalar of the dtype of ``Z``.

    >>> Z = np.zeros((2, 10), dtype=np.float32)
    >>> round(float(softmax_loss(Z, np.array([3, 7]))), 4)
    2.3026
    """
    ### BEGIN YOUR SOLUTION hw0.softmax_loss
    raise NotImplementedError("hw0.softmax_loss: softmax_loss is yours to write (handout, question 3)")
    ### END YOUR SOLUTION


def softmax_regression_epoch(
    X: np.ndarray, y: np.ndarray, theta: np.ndarray, lr: float = 0.1, batch: int = 100
) -> None:
    """Run one epoch of SGD for softmax regression, changing ``theta`` in place.

    The batches are consecutive rows of ``X``, in order and without shuffling. The last
    one may be smaller; each step uses the mean gradient over the rows of its own batch.

    Args:
        X: inputs, shape ``(m, n)``, float32; left unchanged.
        y: labels, shape ``(m,)``, of any integer type; left unchanged.
        theta: weights, shape ``(n, k)``, float32; changed in place.
        lr: step size (learning rate).
        batch: rows in a batch, at least 1; may be larger than ``m``.
    """
    ### BEGIN YOUR SOLUTION hw0.softmax_regression_epoch
    raise NotImplementedError("hw0.softmax_regression_epoch: softmax_regression_epoch is yours to write (handout, question 4)")
    ### END YOUR SOLUTION


def nn_epoch(
    X: np.ndarray,
    y: np.ndarray,
    W1: np.ndarray,
    W2: np.ndarray,
    lr: float = 0.1,
    batch: int = 100,
) -> None:
    """Run one epoch of SGD for a two-layer network, changing its weights in place.

    The logits are ``relu(X @ W1) @ W2``, without biases; the derivative of ReLU at 0
    is taken to be 0. Batches are as in `softmax_regression_epoch`; both gradients of a
    step are taken at the weights from before that step.

    Args:
        X: inputs, shape ``(m, n)``, float32; left unchanged.
        y: labels, shape ``(m,)``, of any integer type; left unchanged.
        W1: first layer, shape ``(n, d)``, float32; changed in place.
        W2: second layer, shape ``(d, k)``, float32; changed in place.
        lr: step size (learning rate).
        batch: rows in a batch, at least 1; may be larger than ``m``.
    """
    ### BEGIN YOUR SOLUTION hw0.nn_epoch
    raise NotImplementedError("hw0.nn_epoch: nn_epoch is yours to write (handout, question 5)")
    ### END YOUR SOLUTION


def loss_err(h: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return the mean softmax loss and the error rate of logits ``h``, (m, k)."""
    return softmax_loss(h, y), np.mean(h.argmax(axis=1) != y)


def train_softmax(
    X_tr: np.ndarray,
    y_tr: np.ndarray,
    X_te: np.ndarray,
    y_te: np.ndarray,
    epochs: int = 10,
    lr: float = 0.5,
    batch: int = 100,
    cpp: bool = False,
) -> None:
    """Train softmax regression from zero weights, printing a line an epoch."""
    theta = np.zeros((X_tr.shape[1], int(y_tr.max()) + 1), dtype=np.float32)
    run_epoch = softmax_regression_epoch_cpp if cpp else softmax_regression_epoch
    _print_header()
    for epoch in range(epochs):
        run_epoch(X_tr, y_tr, theta, lr=lr, batch=batch)
        _print_row(epoch, loss_err(X_tr @ theta, y_tr), loss_err(X_te @ theta, y_te))


def train_nn(
    X_tr: np.ndarray,
    y_tr: np.ndarray,
    X_te: np.ndarray,
    y_te: np.ndarray,
    hidden_dim: int = 500,
    epochs: int = 10,
    lr: float = 0.5,
    batch: int = 100,
) -> None:
    """Train a two-layer network from random weights, printing a line an epoch."""
    n, k = X_tr.shape[1], int(y_tr.max()) + 1
    np.random.seed(0)
    W1 = np.random.randn(n, hidden_dim).astype(np.float32) / np.float32(hidden_dim**0.5)
    W2 = np.random.randn(hidden_dim, k).astype(np.float32) / np.float32(k**0.5)
    _print_header()
    for epoch in range(epochs):
        nn_epoch(X_tr, y_tr, W1, W2, lr=lr, batch=batch)
        train = loss_err(np.maximum(X_tr @ W1, 0) @ W2, y_tr)
        _print_row(epoch, train, loss_err(np.maximum(X_te @ W1, 0) @ W2, y_te))


def _print_header() -> None:
    print("| epoch | train loss | train error | test loss | test error |")  # noqa: T201


def _print_row(
    epoch: int, train: tuple[float, float], test: tuple[float, float]
) -> None:
    print(  # noqa: T201
        f"| {epoch:5d} | {train[0]:10.5f} | {train[1]:11.5f}"
        f" | {test[0]:9.5f} | {test[1]:10.5f} |"
    )


def _mnist(part: str) -> tuple[np.ndarray, np.ndarray]:
    """Return ``train`` or ``t10k`` from data/, else from the course's cache."""
    folder, images = Path("data"), f"{part}-images-idx3-ubyte.gz"
    if not (folder / images).exists():
        from coursekit.data import find

        folder = find("mnist", fallback="fashion-small").folder
    return parse_mnist(folder / images, folder / f"{part}-labels-idx1-ubyte.gz")


if __name__ == "__main__":
    X_tr, y_tr = _mnist("train")
    X_te, y_te = _mnist("t10k")

    print("Training softmax regression")  # noqa: T201
    train_softmax(X_tr, y_tr, X_te, y_te, epochs=10, lr=0.1)

    print("\nTraining a two-layer network with 100 hidden units")  # noqa: T201
    train_nn(X_tr, y_tr, X_te, y_te, hidden_dim=100, epochs=20, lr=0.2)
