"""Two-layer networks to try an epoch of training on, and the slopes of their loss."""

from __future__ import annotations

from collections.abc import Sequence

import loops
import numpy as np
from numeric import assert_close, numerical_gradient

# A report shows the test and your code, not what is between them.
__tracebackhide__ = True

# (m, n, d, k, batch): whole batches, a ragged last one, batches of one, one row
SIZES = [(12, 5, 6, 3, 4), (23, 7, 4, 5, 6), (5, 2, 3, 2, 1), (1, 3, 8, 4, 9)]


def network(
    m: int, n: int, d: int, k: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return X, y, W1 and W2 of these sizes, the same ones at every call."""
    rng = np.random.default_rng([m, n, d, k])
    X = rng.standard_normal((m, n)).astype(np.float32)
    y = rng.integers(k, size=m).astype(np.uint8)
    W1 = rng.standard_normal((n, d)).astype(np.float32) / np.float32(np.sqrt(n))
    return X, y, W1, rng.standard_normal((d, k)).astype(np.float32)


def measured_slopes(
    X: np.ndarray, y: np.ndarray, W1: np.ndarray, W2: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients of the mean loss in W1 and in W2, by central differences."""
    X64, first, second = (np.asarray(each, np.float64) for each in (X, W1, W2))

    def loss(one: np.ndarray, two: np.ndarray) -> float:
        return loops.softmax_loss(np.where(X64 @ one > 0, X64 @ one, 0) @ two, y)

    return (
        numerical_gradient(lambda w: loss(w, second), first),
        numerical_gradient(lambda w: loss(first, w), second),
    )


def assert_weights(
    weights: Sequence[np.ndarray], expected: Sequence[np.ndarray], claim: str
) -> None:
    """Fail with ``claim`` where W1 or W2 is not what it should be."""
    for name, actual, wanted in zip(("W1", "W2"), weights, expected, strict=True):
        assert_close(actual, wanted, f"{name}: {claim}")
