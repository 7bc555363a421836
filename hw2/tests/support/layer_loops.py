"""What layers compute, as plain loops over Python numbers.

Slow, obvious and in double precision: what the tests hold your layers against. Reading
them is allowed; for your own code look for operations on whole tensors instead.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

Axes = int | tuple[int, ...] | None
Numbers = Sequence[float]


def logsumexp(array: np.ndarray, axes: Axes = None) -> np.ndarray:
    """Return log(sum(exp(...))) over one axis, some, or (None) all; they are gone."""
    several = range(array.ndim) if axes is None else np.atleast_1d(axes)
    gone = {int(axis) % array.ndim for axis in several}
    kept = [axis for axis in range(array.ndim) if axis not in gone]
    groups: dict[tuple[int, ...], list[float]] = defaultdict(list)
    for index in np.ndindex(array.shape):
        groups[tuple(index[axis] for axis in kept)].append(float(array[index]))
    out = np.empty([array.shape[axis] for axis in kept])
    for place, values in groups.items():
        top = max(values)
        out[place] = top + math.log(math.fsum(math.exp(v - top) for v in values))
    return out


def linear(X: np.ndarray, weight: np.ndarray, bias: Numbers | None) -> np.ndarray:
    """Multiply each row, along the last axis, by a matrix, and add the bias."""
    features, units = weight.shape
    out = np.empty((*X.shape[:-1], units))
    for index in np.ndindex(out.shape):
        x, unit = X[index[:-1]], index[-1]
        total = math.fsum(float(x[j] * weight[j, unit]) for j in range(features))
        out[index] = total + (0.0 if bias is None else float(bias[unit]))
    return out


def moments(values: Numbers) -> tuple[float, float]:
    """Return the mean, and the mean squared distance from it: the biased variance."""
    mean = math.fsum(values) / len(values)
    return mean, math.fsum((value - mean) ** 2 for value in values) / len(values)


def normalised(values: Numbers, eps: float) -> list[float]:
    """Return the numbers less their mean, by the root of their variance plus eps."""
    mean, var = moments(values)
    return [(value - mean) / math.sqrt(var + eps) for value in values]


def layernorm(
    x: np.ndarray, weight: Numbers, bias: Numbers, eps: float = 1e-5
) -> np.ndarray:
    """Normalise every row; then every feature has its own factor and summand."""
    return _affine([normalised(row, eps) for row in x.tolist()], weight, bias)


def batchnorm(
    x: np.ndarray, weight: Numbers, bias: Numbers, eps: float = 1e-5
) -> np.ndarray:
    """Normalise every column; then every feature has its own factor and summand."""
    columns = [normalised(column, eps) for column in x.T.tolist()]
    return _affine(list(zip(*columns, strict=True)), weight, bias)


def batchnorm_with(
    x: np.ndarray, mean: Numbers, var: Numbers, weight: Numbers, bias: Numbers
) -> np.ndarray:
    """Normalise columns by means and variances from elsewhere; eps is 1e-5."""
    rows = [
        [(v - m) / math.sqrt(s + 1e-5) for v, m, s in zip(row, mean, var, strict=True)]
        for row in x.tolist()
    ]
    return _affine(rows, weight, bias)


def running(before: Numbers, batch: Numbers, momentum: float) -> list[float]:
    """Move running estimates towards those of a batch."""
    return [r + momentum * (b - r) for r, b in zip(before, batch, strict=True)]


def positive_part(x: np.ndarray) -> np.ndarray:
    """Return every number that is above 0, and 0 for the others."""
    flat = [value if value > 0 else 0.0 for value in x.ravel().tolist()]
    return np.array(flat).reshape(x.shape)


def _affine(
    rows: Sequence[Sequence[float]], weight: Numbers, bias: Numbers
) -> np.ndarray:
    return np.array(
        [[w * v + b for v, w, b in zip(row, weight, bias, strict=True)] for row in rows]
    )
