"""Learning rates that change from step to step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .optim import Optimizer


class Schedule:
    """Sets ``optimizer.lr`` before each step, from what it is at the beginning.

    >>> optimizer = needle.optim.SGD([needle.Tensor([1.0])], lr=0.8)
    >>> schedule = StepSchedule(optimizer, every=2, gamma=0.5)
    >>> for _ in range(4):
    ...     optimizer.step()
    ...     schedule.step()
    >>> optimizer.lr
    0.2
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = optimizer
        self.base = optimizer.lr
        self.steps_done = 0
        optimizer.lr = self.base * self.factor(0)

    def factor(self, step: int) -> float:
        """Return what the rate is multiplied with in a step; the first has number 0."""
        raise NotImplementedError(f"{type(self).__name__}.factor")

    def step(self) -> None:
        """Set the rate of the next step."""
        self.steps_done += 1
        self.optimizer.lr = self.base * self.factor(self.steps_done)


class StepSchedule(Schedule):
    """A smaller rate every so many steps: times ``gamma`` each time."""

    def __init__(self, optimizer: Optimizer, every: int, gamma: float = 0.1) -> None:
        self.every = every
        self.gamma = gamma
        super().__init__(optimizer)

    def factor(self, step: int) -> float:
        return self.gamma ** (step // self.every)


class CosineSchedule(Schedule):
    """Up in a straight line for ``warmup`` steps, then down along half a cosine.

    Source: Loshchilov and Hutter, "SGDR", 2017.
    """

    def __init__(
        self, optimizer: Optimizer, steps: int, warmup: int = 0, least: float = 0.0
    ) -> None:
        self.steps = steps
        self.warmup = warmup
        self.least = least
        super().__init__(optimizer)

    def factor(self, step: int) -> float:
        if step < self.warmup:
            return (step + 1) / self.warmup
        done = min((step - self.warmup) / max(1, self.steps - self.warmup), 1.0)
        return self.least + (1 - self.least) * 0.5 * (1 + math.cos(math.pi * done))
