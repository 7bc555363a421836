"""Hold random numbers against a distribution by counting them.

Of ``n`` independent draws a share with probability ``p`` falls below a mark; this share
is within 5 standard errors of ``p`` but once in two million times, and the tests seed
their generators, so that it never changes from run to run.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np

# A report shows the test and your code, not what is between them.
__tracebackhide__ = True

_PARTS = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)


def assert_share(found: int, draws: int, probability: float, claim: str) -> None:
    """Fail where a count is too far from what its probability promises."""
    error = math.sqrt(probability * (1 - probability) / draws)
    share = found / draws
    if abs(share - probability) > 5 * error:
        raise AssertionError(
            f"{claim}\n  {share:.4f} of {draws} do, it should be about"
            f" {probability:.4f}, give or take {5 * error:.4f}"
        )


def assert_uniform(draws: np.ndarray, bound: float, claim: str) -> None:
    """Fail unless numbers spread evenly from -bound to bound, and none is outside."""
    largest = float(np.abs(draws).max())
    assert largest <= bound * (1 + 1e-6), (
        f"{claim}: all between -{bound:.4g} and {bound:.4g}; the largest, without its"
        f" sign, is {largest:.4g}"
    )
    _assert_spread(draws, lambda part: (2 * part - 1) * bound, claim)


def assert_normal(draws: np.ndarray, std: float, claim: str) -> None:
    """Fail unless numbers spread as the normal distribution N(0, std**2) does."""
    _assert_spread(draws, NormalDist(0, std).inv_cdf, claim)


def _assert_spread(
    draws: np.ndarray, mark_of: Callable[[float], float], claim: str
) -> None:
    for part in _PARTS:
        mark = mark_of(part)
        below = int((draws <= mark).sum())
        assert_share(below, draws.size, part, f"{claim}: values up to {mark:.4g}")
