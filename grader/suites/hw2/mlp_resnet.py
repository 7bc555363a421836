"""Question 19: a residual network, its shape and what it computes."""

from typing import Any

import numpy as np
from gradebox import Trial, case, close, exact

from ._inputs import between, normal
from ._layers import VALUES, seeded
from ._ops import ndl
from ._resnet import app

# Sums in float32 through several layers, in any order.
OUTPUT = close(rtol=1e-3, atol=1e-4)
# Behind a norm that hides the size of weights, but for its eps.
NORMED = close(rtol=2e-3, atol=2e-3)


def count(module: Any) -> int:
    """Return how many numbers a module trains."""
    return sum(int(np.prod(p.shape)) for p in module.parameters())


@case("hw2.mlp_resnet", points=0.25)
def block_parameters(t: Trial) -> None:
    """A block has two linear layers and two norms."""
    for dim, hidden in [(between(t, 12, 20), between(t, 4, 9)), (3, 7), (5, 1)]:
        block = app.ResidualBlock(dim, hidden)
        t.answer(f"numbers of ({dim}, {hidden})", count(block), check=exact())


@case("hw2.mlp_resnet", points=0.5)
def block_forward(t: Trial) -> None:
    """What a block computes in training, made and drawn in the order that is said.

    Many rows and wide layers: a norm's eps is then nothing beside each variance, so
    that the size of the linear weights never shows, which another question looks at.
    """
    for dim, hidden, drop in [(between(t, 14, 18), 16, 0.1), (16, 20, 0.6)]:
        seeded(t)
        block = app.ResidualBlock(dim, hidden, drop_prob=drop)
        x = ndl.Tensor(t.input(normal(t, between(t, 36, 44), dim)))
        t.answer(f"({dim}, {hidden}), dropout {drop}", block(x), check=NORMED)


def noting(t: Trial, dims: list[int]) -> Any:
    """Return a norm of the suite's own that notes its dims, and adds something."""

    class Shift(ndl.nn.Module):  # type: ignore[misc]
        def __init__(self, dim: int) -> None:
            super().__init__()
            dims.append(dim)
            self.shift = 0.5 * len(dims)

        def forward(self, x: Any) -> Any:
            return x + self.shift

    return Shift


@case("hw2.mlp_resnet", points=0.5)
def block_backward(t: Trial) -> None:
    """Gradients flow back through the block, and around it."""
    seeded(t)
    block = app.ResidualBlock(6, 4, noting(t, []), drop_prob=0.0)
    x = ndl.Tensor(t.input(normal(t, 7, 6)))
    weights = ndl.Tensor(t.input(normal(t, 7, 6)))
    (block(x) * weights).sum().backward()
    t.answer("gradient of the input", x.grad, check=OUTPUT)


@case("hw2.mlp_resnet", points=0.5)
def resnet_settings(t: Trial) -> None:
    """Norm and dropout are those that are asked for, in every block."""
    dims: list[int] = []
    seeded(t)
    model = app.MLPResNet(9, 7, 2, 4, noting(t, dims), 0.0)
    x = ndl.Tensor(t.input(normal(t, 5, 9)))
    t.answer("output", model(x), check=OUTPUT)
    t.answer("dims of the norms", dims, check=exact())
    seeded(t)
    dropping = app.MLPResNet(9, hidden_dim=8, norm=noting(t, []), drop_prob=0.7)
    t.answer("output with dropout", dropping(x), check=OUTPUT)


@case("hw2.mlp_resnet", points=0.5)
def resnet_parameters(t: Trial) -> None:
    """The number of parameters, for networks of several sizes."""
    sizes = {"dim": between(t, 10, 20), "hidden_dim": 2 * between(t, 3, 6) + 1}
    for name, settings in {
        "three blocks": {},
        "one block": {"num_blocks": 1},
        "no block": {"num_blocks": 0},
        "other classes": {"num_blocks": 5, "num_classes": 4},
    }.items():
        model = app.MLPResNet(**t.input({**sizes, **settings}))
        t.answer(f"numbers, {name}", count(model), check=exact())
    t.answer("numbers by default", count(app.MLPResNet(28 * 28)), check=exact())


@case("hw2.mlp_resnet", points=1)
def resnet_forward(t: Trial) -> None:
    """What the network computes, in training and in evaluation."""
    odd = 2 * between(t, 4, 6) + 1  # of which a block's width is half, rounded down
    for blocks, hidden in [(1, 8), (2, odd), (3, 6)]:
        seeded(t)
        model = app.MLPResNet(10, hidden, num_blocks=blocks, num_classes=5)
        x = ndl.Tensor(t.input(normal(t, 6, 10)))
        t.answer(f"{blocks} blocks, in training", model(x), check=OUTPUT)
        model.eval()
        t.answer(f"{blocks} blocks, in evaluation", model(x), check=OUTPUT)


@case("hw2.mlp_resnet", points=0.25)
def resnet_draws(t: Trial) -> None:
    """The layers are made in the order in which they are passed."""
    seeded(t)
    model = app.MLPResNet(6, 5, num_blocks=2, num_classes=3)
    t.answer("drawn next", np.random.rand(3), check=exact())
    sums = sorted(float(np.square(p.numpy()).sum()) for p in model.parameters())
    t.answer("sizes of the parameters", sums, check=VALUES)
