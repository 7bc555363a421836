"""A training step of the residual network, by needle, cut where it can be timed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from turns import Prepare

PIXELS, HIDDEN, CLASSES, BATCH = 784, 100, 10, 100
LR, DECAY, DROP = 0.001, 0.001, 0.1
NETWORK = f"MLPResNet({PIXELS}, {HIDDEN}), batch {BATCH}, float32"
PHASES = ("forward", "backward", "optimizer")
Phases = dict[str, float]  # seconds of processor time


@dataclass(frozen=True)
class Step:
    """One step: a loss, its gradients, and what the optimizer does with them."""

    forward: Callable[[], Any]
    backward: Callable[[Any], object]
    update: Callable[[], object]

    def __call__(self) -> Any:
        """Take the step; return the loss."""
        loss = self.forward()
        self.backward(loss)
        self.update()
        return loss

    def timed(self, phases: Phases) -> Any:
        """Take the step, and add what each phase takes; return the loss."""
        begun = time.process_time()
        loss = self.forward()
        there = time.process_time()
        self.backward(loss)
        back = time.process_time()
        self.update()
        ends = (there, back, time.process_time())
        for phase, start, end in zip(PHASES, (begun, there, back), ends, strict=True):
            phases[phase] = phases.get(phase, 0.0) + end - start
        return loss


def needle_step(apps: Any, drop: float = DROP, *, graphs: bool = True) -> Step:
    """Return a step of a network from a fixed seed.

    Args:
        apps: the module ``mlp_resnet``.
        drop: the probability of dropout.
        graphs: whether gradients have graphs of their own, as outside ``no_grad``.
    """
    ndl = apps.ndl
    model = needle_network(apps, drop)
    X, y = (ndl.Tensor(each, requires_grad=False) for each in batch())
    loss_function = ndl.nn.SoftmaxLoss()
    optimizer = ndl.optim.Adam(model.parameters(), lr=LR, weight_decay=DECAY)

    def backward(loss: Any) -> None:
        optimizer.reset_grad()
        if graphs:
            loss.backward()
        else:
            with ndl.no_grad():
                loss.backward()

    return Step(lambda: loss_function(model(X), y), backward, optimizer.step)


def needle_evaluation(apps: Any) -> Callable[[], Any]:
    """Return what computes the logits of a batch in evaluation mode."""
    model = needle_network(apps).eval()
    X = apps.ndl.Tensor(batch()[0], requires_grad=False)
    run: Callable[[], Any] = apps.ndl.no_grad()(lambda: model(X))
    return run


def needle_network(apps: Any, drop: float = DROP) -> Any:
    """Return the network, its parameters the same each time."""
    import numpy as np

    np.random.seed(0)
    return apps.MLPResNet(PIXELS, HIDDEN, drop_prob=drop)


def batch() -> tuple[Any, Any]:
    """Return images and labels of a batch; like those of MNIST, most pixels are 0."""
    import numpy as np

    rng = np.random.default_rng(0)
    images = rng.random((BATCH, PIXELS), dtype=np.float32)
    images[images < 0.8] = 0
    return images, rng.integers(CLASSES, size=BATCH, dtype=np.uint8)


def many(make: Callable[[], Step], steps: int) -> Prepare:
    """Return a run of many steps that returns the loss of the last."""

    def prepare() -> Callable[[], float]:
        step = make()

        def run() -> float:
            for _ in range(steps - 1):
                step()
            return float(step().detach())

        return run

    return prepare
