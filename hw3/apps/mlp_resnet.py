"""A residual network of linear layers on MNIST.

python3 apps/mlp_resnet.py            train it, draw how it went in results/
python3 apps/mlp_resnet.py --help     for how long, how fast, how large; resume
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    # NumPy reads this when it is imported. Matrices this small gain little from
    # threads, and lose much on a busy machine.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[1] / "python"))

import needle as ndl
from needle import nn

np.random.seed(0)


def ResidualBlock(
    dim: int,
    hidden_dim: int,
    norm: Callable[[int], nn.Module] = nn.BatchNorm1d,
    drop_prob: float = 0.1,
) -> nn.Module:
    """Return a block of two linear layers with a way around them, then ReLU.

    ``relu(x + f(x))``, where ``f`` is Linear (dim to hidden_dim), norm, ReLU, Dropout,
    Linear (hidden_dim to dim), norm, made in this order.
    """
    ### BEGIN YOUR SOLUTION hw2.mlp_resnet
    raise NotImplementedError("hw2.mlp_resnet: ResidualBlock is yours to write (handout, question 19 of hw2; `course carry hw2 hw3` brings yours)")
    ### END YOUR SOLUTION


def MLPResNet(
    dim: int,
    hidden_dim: int = 100,
    num_blocks: int = 3,
    num_classes: int = 10,
    norm: Callable[[int], nn.Module] = nn.BatchNorm1d,
    drop_prob: float = 0.1,
) -> nn.Module:
    """Return the network: shapes ``(n, dim) -> (n, num_classes)``.

    Linear (dim to hidden_dim), ReLU, ``num_blocks`` residual blocks (hidden_dim, with
    hidden_dim // 2 inside), Linear (hidden_dim to num_classes), made in this order.
    """
    ### BEGIN YOUR SOLUTION hw2.mlp_resnet
    raise NotImplementedError("hw2.mlp_resnet: MLPResNet is yours to write (handout, question 19 of hw2; `course carry hw2 hw3` brings yours)")
    ### END YOUR SOLUTION


def epoch(
    dataloader: ndl.data.DataLoader,
    model: nn.Module,
    opt: ndl.optim.Optimizer | None = None,
) -> tuple[float, float]:
    """Go through the data once: train with an optimizer, evaluate without one.

    The model is in training mode with an optimizer, in evaluation mode without. Images
    are flattened to ``(n, 784)`` before they go into the model.

    Returns:
        The error rate and the mean loss over all examples, as Python's floats.
    """
    np.random.seed(4)
    ### BEGIN YOUR SOLUTION hw2.mlp_resnet
    raise NotImplementedError("hw2.mlp_resnet: epoch is yours to write (handout, question 19 of hw2; `course carry hw2 hw3` brings yours)")
    ### END YOUR SOLUTION


def train_mnist(
    batch_size: int = 100,
    epochs: int = 10,
    optimizer: Callable[..., ndl.optim.Optimizer] = ndl.optim.Adam,
    lr: float = 0.001,
    weight_decay: float = 0.001,
    hidden_dim: int = 100,
    data_dir: str = "data",
) -> tuple[float, float, float, float]:
    """Train an MLPResNet on the four files of MNIST in ``data_dir``.

    The training examples are shuffled, the test examples are not.

    Returns:
        Error rate and mean loss on the training data, then both on the test data, of
        the last epoch.
    """
    np.random.seed(4)
    ### BEGIN YOUR SOLUTION hw2.mlp_resnet
    raise NotImplementedError("hw2.mlp_resnet: train_mnist is yours to write (handout, question 19 of hw2; `course carry hw2 hw3` brings yours)")
    ### END YOUR SOLUTION


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from explore.resnet_program import main

    sys.exit(main(sys.modules[__name__]))
