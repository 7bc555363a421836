"""Learning rates that change from step to step."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Integral
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .autograd import Tensor
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
        self._set_rate()

    def factor(self, step: int) -> float:
        """Return what the rate is multiplied with in a step; the first has number 0."""
        raise NotImplementedError(f"{type(self).__name__}.factor")

    def step(self) -> None:
        """Set the rate of the next step; once after each ``optimizer.step()``."""
        self.steps_done += 1
        self._set_rate()

    def state_dict(self) -> dict[str, Tensor]:
        """Return the rate at the beginning and how many steps are done, as tensors."""
        from .optimizer_names import constant

        return {"base": constant(self.base), "steps_done": constant(self.steps_done)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where the schedule was that this `state_dict` is from.

        Raises:
            ValueError: if the state is not that of a schedule.
        """
        from .optimizer_names import constant
        from .state_error import absent, check_mapping, state_error

        check_mapping(state)
        if wrong := absent(("base", "steps_done"), state):
            raise state_error(self, wrong)
        self.base = constant(state["base"]).numpy().item()
        self.steps_done = constant(state["steps_done"]).numpy().item()
        self._set_rate()

    def _set_rate(self) -> None:
        self.optimizer.lr = self.base * self.factor(self.steps_done)


class StepSchedule(Schedule):
    """A smaller rate every so many steps: times ``gamma`` each time.

    Args:
        optimizer: whose rate is set.
        every: how many steps have the same rate.
        gamma: what the rate is multiplied with after them.
    """

    def __init__(self, optimizer: Optimizer, every: int, gamma: float = 0.1) -> None:
        _check(self, "every", every, "a whole number, at least 1", _whole(every, 1))
        _check(self, "gamma", gamma, "a number above 0", 0 < gamma < math.inf)
        self.every = every
        self.gamma = gamma
        super().__init__(optimizer)

    def factor(self, step: int) -> float:
        return self.gamma ** (step // self.every)


class CosineSchedule(Schedule):
    """Up in a straight line for ``warmup`` steps, then down along half a cosine.

    Args:
        optimizer: whose rate is set.
        steps: how many there are in all; after them the rate stays.
        warmup: in how many of them the rate goes up to what it was.
        least: the part of the rate that is left at the end.

    Source: Loshchilov and Hutter, "SGDR", 2017.
    """

    def __init__(
        self, optimizer: Optimizer, steps: int, warmup: int = 0, least: float = 0.0
    ) -> None:
        _check(self, "steps", steps, "a whole number, at least 1", _whole(steps, 1))
        fits = _whole(warmup, 0) and warmup <= steps
        _check(self, "warmup", warmup, f"a whole number from 0 to {steps}", fits)
        _check(self, "least", least, "a number from 0 to 1", 0 <= least <= 1)
        self.steps = steps
        self.warmup = warmup
        self.least = least
        super().__init__(optimizer)

    def factor(self, step: int) -> float:
        if step < self.warmup:
            return (step + 1) / self.warmup
        done = min((step - self.warmup) / max(1, self.steps - self.warmup), 1.0)
        return self.least + (1 - self.least) * 0.5 * (1 + math.cos(math.pi * done))


def _whole(value: Any, least: int) -> bool:
    return isinstance(value, Integral) and int(value) >= least


def _check(owner: Schedule, name: str, value: Any, what: str, fits: bool) -> None:
    if not fits:
        raise ValueError(f"{type(owner).__name__}: {name} is {what}, not {value!r}")
