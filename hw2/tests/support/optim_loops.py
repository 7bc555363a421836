"""Optimizers, one number after the other: what the tests hold yours against."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

Gradients = Sequence[np.ndarray | None]
# one for all steps, or one for each of them
Rates = float | Sequence[float]


def sgd(
    start: np.ndarray,
    gradients: Gradients,
    lr: Rates = 0.01,
    momentum: float = 0.0,
    weight_decay: float = 0.0,
) -> list[np.ndarray]:
    """Return a parameter after each step; where its gradient is None it stays."""
    p, u = start.astype(np.float64), np.zeros(start.shape)
    after = []
    for gradient, rate in _with_rates(gradients, lr):
        for i in np.ndindex(p.shape) if gradient is not None else ():
            g = gradient[i] + weight_decay * p[i]
            u[i] += (1 - momentum) * (g - u[i])
            p[i] -= rate * u[i]
        after.append(p.copy())
    return after


def adam(
    start: np.ndarray,
    gradients: Gradients,
    lr: Rates = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> list[np.ndarray]:
    """Return a parameter after each step; where its gradient is None it stays.

    The number of the step counts all steps of the optimizer, also those without a
    gradient for this parameter.
    """
    p = start.astype(np.float64)
    m, v = np.zeros(p.shape), np.zeros(p.shape)
    after = []
    for step, (gradient, rate) in enumerate(_with_rates(gradients, lr), start=1):
        for i in np.ndindex(p.shape) if gradient is not None else ():
            g = gradient[i] + weight_decay * p[i]
            m[i] += (1 - beta1) * (g - m[i])
            v[i] += (1 - beta2) * (g * g - v[i])
            size = math.sqrt(v[i] / (1 - beta2**step)) + eps
            p[i] -= rate * m[i] / (1 - beta1**step) / size
        after.append(p.copy())
    return after


def _with_rates(gradients: Gradients, lr: Rates) -> list[tuple[Any, float]]:
    rates = [lr] * len(gradients) if isinstance(lr, float) else lr
    return list(zip(gradients, rates, strict=True))
