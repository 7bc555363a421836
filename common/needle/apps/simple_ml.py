"""A two-layer network on MNIST, trained with gradients that needle derives.

Shapes throughout: ``m`` examples, ``n`` input features, ``d`` hidden units, ``k``
classes. Data are NumPy arrays, weights and losses are tensors.

    python3 apps/simple_ml.py            train the network, draw how it went in results/
    python3 apps/simple_ml.py --help     for how long, how fast, how large
"""

from __future__ import annotations

import gzip
import struct
import sys
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[1] / "python"))

import needle as ndl


def parse_mnist(
    image_filesname: str | Path, label_filename: str | Path
) -> tuple[np.ndarray, np.ndarray]:
    """Read images and labels from a pair of gzipped IDX files.

    Args:
        image_filesname: gzipped IDX file of ``m`` images of 28 x 28 bytes.
        label_filename: gzipped IDX file of ``m`` labels, one byte each.

    Returns:
        A tuple ``(X, y)``, in the order of the files:
        ``X`` has shape ``(m, 784)`` and dtype float32, a row an image, row-major,
        scaled so that byte 0 becomes 0.0 and byte 255 becomes 1.0, the same for every
        image; ``y`` has shape ``(m,)`` and dtype uint8.
    """
    # The parameter has had both names; a solution may be written with either.
    image_filename = image_filesname
    ### BEGIN YOUR SOLUTION hw1.softmax_loss_ndl id=parse_mnist
    with gzip.open(image_filename, "rb") as images:
        _, count, height, width = struct.unpack(">4I", images.read(16))
        pixels = np.frombuffer(images.read(), dtype=np.uint8)
    with gzip.open(label_filename, "rb") as labels:
        labels.read(8)  # magic number and count
        y = np.frombuffer(labels.read(), dtype=np.uint8)
    X = pixels.reshape(count, height * width).astype(np.float32) / 255
    return X, y
    ### END YOUR SOLUTION


def softmax_loss(Z: ndl.Tensor, y_one_hot: ndl.Tensor) -> ndl.Tensor:
    """Return the softmax (cross-entropy) loss, averaged over the examples.

    Args:
        Z: logits, shape ``(m, k)``.
        y_one_hot: shape ``(m, k)``: in each row a 1 at the true class, else 0.

    Returns:
        The mean loss, a tensor without axes. Large logits may overflow here: a stable
        form is a question of homework 2.
    """
    ### BEGIN YOUR SOLUTION hw1.softmax_loss_ndl
    log_sums = ndl.log(ndl.summation(ndl.exp(Z), axes=(1,)))
    return (ndl.summation(log_sums) - ndl.summation(Z * y_one_hot)) / Z.shape[0]
    ### END YOUR SOLUTION


def nn_epoch(
    X: np.ndarray,
    y: np.ndarray,
    W1: ndl.Tensor,
    W2: ndl.Tensor,
    lr: float = 0.1,
    batch: int = 100,
) -> tuple[ndl.Tensor, ndl.Tensor]:
    """Run one epoch of SGD for a two-layer network, and return its new weights.

    The logits are ``relu(X @ W1) @ W2``, without biases. The batches are consecutive
    rows of ``X``, in order and without shuffling; the last one may be smaller.

    Args:
        X: inputs, shape ``(m, n)``, float32.
        y: labels, shape ``(m,)``, of any integer type.
        W1: first layer, shape ``(n, d)``.
        W2: second layer, shape ``(d, k)``.
        lr: step size (learning rate).
        batch: rows in a batch, at least 1; may be larger than ``m``.

    Returns:
        The tuple ``(W1, W2)`` of new tensors, of the dtypes of the old ones. The
        arrays of the old ones are left as they are.
    """
    ### STAGE hw1..hw2
    #| ### BEGIN YOUR SOLUTION hw1.nn_epoch_ndl
    #| classes = W2.shape[1]
    #| for start in range(0, len(X), batch):
    #|     inputs = ndl.Tensor(X[start : start + batch], requires_grad=False)
    #|     labels = ndl.init.one_hot(classes, ndl.Tensor(y[start : start + batch]))
    #|     loss = softmax_loss(ndl.relu(inputs @ W1) @ W2, labels)
    #|     with ndl.no_grad():  # nobody differentiates these gradients again
    #|         loss.backward()
    #|     # Plus, with -lr: a minus would make one more array as large as W.
    #|     W1, W2 = (ndl.Tensor(W.data + -lr * W.grad.data) for W in (W1, W2))
    #| return W1, W2
    #| ### END YOUR SOLUTION
    ### END STAGE
    ### STAGE hw3+
    ### BEGIN YOUR SOLUTION hw1.nn_epoch_ndl
    classes, device = W2.shape[1], W2.device
    for start in range(0, len(X), batch):
        rows = slice(start, start + batch)
        inputs = ndl.Tensor(X[rows], device=device, requires_grad=False)
        labels = ndl.init.one_hot(classes, y[rows], device=device)
        loss = softmax_loss(ndl.relu(inputs @ W1) @ W2, labels)
        with ndl.no_grad():  # nobody differentiates these gradients again
            loss.backward()
        # Plus, with -lr: a minus would make one more array as large as W.
        W1, W2 = (ndl.Tensor(W.data + -lr * W.grad.data) for W in (W1, W2))
    return W1, W2
    ### END YOUR SOLUTION
    ### END STAGE


def loss_err(h: ndl.Tensor, y: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the mean softmax loss and the error rate of logits ``h``, (m, k)."""
    y_one_hot = np.zeros((y.shape[0], h.shape[-1]))
    y_one_hot[np.arange(y.size), y] = 1
    ### STAGE hw1..hw2
    #| loss = softmax_loss(h, ndl.Tensor(y_one_hot)).numpy()
    ### END STAGE
    ### STAGE hw3+
    loss = softmax_loss(h, ndl.Tensor(y_one_hot, device=h.device)).numpy()
    ### END STAGE
    return loss, np.mean(h.numpy().argmax(axis=1) != y)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from explore.network import main

    sys.exit(main(sys.modules[__name__]))
