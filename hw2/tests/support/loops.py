"""The homework's formulas as plain loops over Python numbers.

Slow, obvious and in double precision: what the tests hold your code against. Reading
them is allowed; for your own code look for whole-array operations instead.
"""

import math

import numpy as np


def probabilities(row: list[float]) -> list[float]:
    """Return the softmax of one row of logits."""
    top = max(row)
    powers = [math.exp(value - top) for value in row]
    whole = sum(powers)
    return [power / whole for power in powers]


def softmax_loss(Z: np.ndarray, y: np.ndarray) -> float:
    """Return the mean over rows of log(sum_c exp(z_c)) - z_label."""
    total = 0.0
    for row, label in zip(Z.tolist(), y.tolist(), strict=True):
        top = max(row)
        total += top + math.log(sum(math.exp(v - top) for v in row)) - row[label]
    return total / len(y)


def softmax_regression_epoch(
    X: np.ndarray, y: np.ndarray, theta: np.ndarray, lr: float, batch: int
) -> np.ndarray:
    """Return theta after one epoch of SGD; the argument stays as it is."""
    weights = theta.astype(np.float64)
    features, classes = weights.shape
    rows = len(y)
    for start in range(0, rows, batch):
        stop = min(start + batch, rows)
        slope = np.zeros_like(weights)
        for i in range(start, stop):
            x = X[i].tolist()
            z = [
                sum(x[j] * weights[j, c] for j in range(features))
                for c in range(classes)
            ]
            p = probabilities(z)
            for j in range(features):
                for c in range(classes):
                    slope[j, c] += x[j] * (p[c] - (c == y[i])) / (stop - start)
        weights -= lr * slope
    return weights


def nn_epoch(
    X: np.ndarray,
    y: np.ndarray,
    W1: np.ndarray,
    W2: np.ndarray,
    lr: float,
    batch: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Return W1 and W2 after one epoch of SGD; the arguments stay as they are."""
    first, second = W1.astype(np.float64), W2.astype(np.float64)
    rows = len(y)
    for start in range(0, rows, batch):
        stop = min(start + batch, rows)
        slope1, slope2 = np.zeros_like(first), np.zeros_like(second)
        for i in range(start, stop):
            _add_network_slopes(X[i], int(y[i]), first, second, slope1, slope2)
        first -= lr * slope1 / (stop - start)
        second -= lr * slope2 / (stop - start)
    return first, second


def _add_network_slopes(
    x: np.ndarray,
    label: int,
    first: np.ndarray,
    second: np.ndarray,
    slope1: np.ndarray,
    slope2: np.ndarray,
) -> None:
    """Add one example's derivatives of the loss to the two slopes."""
    features, units = first.shape
    classes = second.shape[1]
    before = [
        sum(float(x[j]) * first[j, u] for j in range(features)) for u in range(units)
    ]
    after = [max(value, 0.0) for value in before]
    z = [sum(after[u] * second[u, c] for u in range(units)) for c in range(classes)]
    error = probabilities(z)
    error[label] -= 1.0
    for u in range(units):
        back = sum(error[c] * second[u, c] for c in range(classes))
        for c in range(classes):
            slope2[u, c] += after[u] * error[c]
        for j in range(features):
            slope1[j, u] += float(x[j]) * back if before[u] > 0 else 0.0
