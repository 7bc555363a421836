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
    around = nn.Sequential(
        nn.Linear(dim, hidden_dim),
        norm(hidden_dim),
        nn.ReLU(),
        nn.Dropout(drop_prob),
        nn.Linear(hidden_dim, dim),
        norm(dim),
    )
    return nn.Sequential(nn.Residual(around), nn.ReLU())
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
    return nn.Sequential(
        nn.Linear(dim, hidden_dim),
        nn.ReLU(),
        *(
            ResidualBlock(hidden_dim, hidden_dim // 2, norm, drop_prob)
            for _ in range(num_blocks)
        ),
        nn.Linear(hidden_dim, num_classes),
    )
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
    loss_function, flatten = nn.SoftmaxLoss(), nn.Flatten()
    model.eval() if opt is None else model.train()
    errors, total, examples = 0, 0.0, 0
    for X, y in dataloader:
        logits = model(flatten(X))
        loss = loss_function(logits, y)
        if opt is not None:
            opt.reset_grad()
            loss.backward()
            opt.step()
        errors += int((logits.numpy().argmax(axis=1) != y.numpy()).sum())
        total += float(loss) * len(y.numpy())
        examples += len(y.numpy())
    return errors / examples, total / examples
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
    kinds = ("images-idx3", "labels-idx1")
    train, test = (
        ndl.data.MNISTDataset(*(f"{data_dir}/{part}-{kind}-ubyte.gz" for kind in kinds))
        for part in ("train", "t10k")
    )
    train_loader = ndl.data.DataLoader(train, batch_size, shuffle=True)
    test_loader = ndl.data.DataLoader(test, batch_size)
    model = MLPResNet(28 * 28, hidden_dim)
    opt = optimizer(model.parameters(), lr=lr, weight_decay=weight_decay)
    for _ in range(epochs):
        trained = epoch(train_loader, model, opt)
    return *trained, *epoch(test_loader, model)
    ### END YOUR SOLUTION


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from explore.resnet_program import main

    sys.exit(main(sys.modules[__name__]))
