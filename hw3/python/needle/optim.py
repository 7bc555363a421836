"""Optimizers: what is done with the gradients.

Everywhere: ``p`` is a parameter and ``g = p.grad + weight_decay * p``. A parameter
without a gradient is left alone, gradients are never changed, and new values are
constants: no graph grows from step to step.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

import needle as ndl

from .autograd import NDArray, Tensor
from .describe import as_call, count
from .optimizer_state import load_into, state_of
from .schedules import CosineSchedule, Schedule, StepSchedule


class Optimizer:
    """Changes parameters, a step at a time."""

    def __init__(self, params: Iterable[Tensor]) -> None:
        given = [params] if hasattr(params, "parameters") else list(params)
        for each in given:
            if not isinstance(each, Tensor):
                raise TypeError(
                    f"{type(self).__name__} takes tensors, as model.parameters() gives"
                    f" them, not a {type(each).__name__}"
                )
        self.params = list(dict.fromkeys(given))  # a shared one is changed once

    def __repr__(self) -> str:
        return f"{as_call(self)} of {count(len(self.params), 'tensor')}"

    def step(self) -> None:
        """Change every parameter that has a gradient."""
        raise NotImplementedError(f"{type(self).__name__}.step")

    def reset_grad(self) -> None:
        """Forget all gradients."""
        for p in self.params:
            p.grad = None

    def state_dict(self) -> dict[str, Tensor]:
        """Return copies of all that this optimizer remembers, by name, as constants.

        Numbers (``lr``, ``t``) are tensors, too, so that `needle.save` takes the state.
        """
        return state_of(self)

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on as the optimizer would that this `state_dict` is from.

        Raises:
            ValueError: if it is that of another kind, or for other parameters; then
                nothing has changed.
        """
        load_into(self, state)

    def clip_grad_norm(self, max_norm: float = 0.25) -> float:
        """Scale all gradients so that their common norm is at most ``max_norm``.

        Returns:
            The norm before: the square root of the sum of all squares, over all
            parameters.
        """
        grads = [p for p in self.params if p.grad is not None]
        # In float64: the square of a large float32 is infinite.
        squares = (np.square(p.grad.numpy(), dtype="float64").sum() for p in grads)
        norm = math.sqrt(sum(squares))
        if norm > max_norm:
            for p in grads:
                p.grad = p.grad.detach() * (max_norm / norm)
        return norm


class SGD(Optimizer):
    """Stochastic gradient descent with momentum and weight decay.

    ``u = momentum * u + (1 - momentum) * g``, from ``u = 0``; ``p = p - lr * u``.
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 0.01,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params)
        self.lr = lr
        self.momentum = momentum
        self.u: dict[Tensor, Tensor] = {}
        self.weight_decay = weight_decay

    def step(self) -> None:
        ### BEGIN YOUR SOLUTION hw2.optim_sgd
        raise NotImplementedError("hw2.optim_sgd: SGD.step is yours to write (handout, question 13 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION


class Adam(Optimizer):
    """Adam: steps of a size that hardly depends on the size of the gradients.

    In step ``t`` = 1, 2, ...: ``m = beta1 * m + (1 - beta1) * g`` and
    ``v = beta2 * v + (1 - beta2) * g**2``, both from 0; without the bias towards 0,
    ``m' = m / (1 - beta1**t)`` and ``v' = v / (1 - beta2**t)``; and
    ``p = p - lr * m' / (sqrt(v') + eps)``.

    Source: Kingma and Ba, "Adam: a method for stochastic optimization", 2015.
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 0.01,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params)
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps
        self.weight_decay = weight_decay
        self.t = 0
        self.m: dict[Tensor, Tensor] = {}
        self.v: dict[Tensor, Tensor] = {}

    def step(self) -> None:
        ### BEGIN YOUR SOLUTION hw2.optim_adam
        raise NotImplementedError("hw2.optim_adam: Adam.step is yours to write (handout, question 14 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION


class AdamW(Adam):
    """Adam with weight decay apart from the gradients: ``p = p - lr * decay * p``.

    Source: Loshchilov and Hutter, "Decoupled weight decay regularization", 2019.
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(params, lr, beta1, beta2, eps, weight_decay)

    def step(self) -> None:
        """Shrink every parameter that has a gradient, then change it as Adam does."""
        for p in self.params:
            if p.grad is not None:
                p.data = p.data * (1 - self.lr * self.weight_decay)
        decay, self.weight_decay = self.weight_decay, 0.0  # not into the gradients, too
        try:
            super().step()
        finally:
            self.weight_decay = decay
