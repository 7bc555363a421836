"""The residual network with layers that are loops, from a list of its parameters."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import layer_loops
import numpy as np

Norm = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
Weights = Sequence[np.ndarray]

BLOCK = 8  # parameters of a block: a weight and a bias for each of four layers


def in_evaluation(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Return what a BatchNorm1d that has seen no batch makes of x in evaluation."""
    features = x.shape[1]
    return layer_loops.batchnorm_with(x, [0] * features, [1] * features, weight, bias)


def block(
    x: np.ndarray, weights: Weights, norm: Norm, mask: np.ndarray | float = 1.0
) -> np.ndarray:
    """Return the output of a block: x, and what comes of it around, then ReLU.

    ``mask`` is what Dropout multiplies with.
    """
    weight1, bias1, *norm1, weight2, bias2, factor2, summand2 = weights
    hidden = norm(layer_loops.linear(x, weight1, bias1.ravel()), *norm1)
    hidden = layer_loops.positive_part(hidden) * mask
    around = layer_loops.linear(hidden, weight2, bias2.ravel())
    return layer_loops.positive_part(x + norm(around, factor2, summand2))


def network(x: np.ndarray, weights: Weights, norm: Norm) -> np.ndarray:
    """Return the logits, without Dropout."""
    rest = iter(weights)
    out = layer_loops.positive_part(_linear(x, rest))
    for _ in range((len(weights) - 4) // BLOCK):
        out = block(out, list(islice(rest, BLOCK)), norm)
    return _linear(out, rest)


def _linear(x: np.ndarray, rest: Iterator[np.ndarray]) -> np.ndarray:
    return layer_loops.linear(x, next(rest), next(rest).ravel())
