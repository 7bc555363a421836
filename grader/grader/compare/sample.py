"""Compare two samples: are they from one distribution?"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def differ(theirs: Array, right: Array, alpha: float, moments: bool) -> str:
    """Return how the samples differ at level ``alpha``, or an empty string."""
    a = np.asarray(theirs, np.float64).ravel()
    b = np.asarray(right, np.float64).ravel()
    if not np.isfinite(a).all():
        return "holds values that are not finite"
    if a.size < 2:
        return "is too small a sample"
    if moments:
        found = _moments(a, b, alpha)
        if found:
            return found
    if ks_distance(a, b) > ks_bound(a.size, b.size, alpha):
        return "is not distributed as it should be (Kolmogorov-Smirnov)"
    return ""


def _moments(a: Array, b: Array, alpha: float) -> str:
    width = math.sqrt(2 * math.log(2 / alpha))  # a tail bound of the normal law
    error = math.sqrt(a.var() / a.size + b.var() / b.size)
    if abs(a.mean() - b.mean()) > width * error + 1e-12 * abs(b.mean()):
        return f"has a mean of {a.mean():.3g}, which is not right"
    spread = math.sqrt(_variance_error(a) + _variance_error(b))
    if abs(a.var() - b.var()) > width * spread + 1e-12 * b.var():
        return f"has a standard deviation of {a.std():.3g}, which is not right"
    return ""


def _variance_error(x: Array) -> float:
    """Return the variance of the sample variance."""
    centred = x - x.mean()
    return float(((centred**4).mean() - x.var() ** 2) / x.size)


def ks_distance(a: Array, b: Array) -> float:
    """Return the largest distance between the empirical distribution functions."""
    both = np.concatenate([a, b])
    below_a = np.searchsorted(np.sort(a), both, side="right") / a.size
    below_b = np.searchsorted(np.sort(b), both, side="right") / b.size
    return float(np.abs(below_a - below_b).max())


def ks_bound(n: int, m: int, alpha: float) -> float:
    """Return the distance that samples of one distribution exceed with chance alpha."""
    return math.sqrt(-math.log(alpha / 2) / 2 * (n + m) / (n * m))
