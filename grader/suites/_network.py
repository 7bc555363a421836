"""Draw two-layer networks with their data."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from gradebox import Trial

from ._inputs import Floats, Labels, Sizes, between, labels_in_batches, normal


class Network(NamedTuple):
    """The four arrays that nn_epoch is called with."""

    X: Floats
    y: Labels
    W1: Floats
    W2: Floats


def network(t: Trial, sizes: Sizes, unseen: int = 0) -> Network:
    """Draw data and weights; the last ``unseen`` classes are no row's label.

    The last feature is 1 throughout. By its weights the first hidden unit is never
    active, the second one always, and by that one's the first class is unlikely: no row
    is without a gradient, and some logits are negative.
    """
    m, n, k, batch = sizes
    units = between(t, 5, 7)
    X, W1, W2 = normal(t, m, n), normal(t, n, units), normal(t, units, k)
    X[:, -1] = 1
    W1, W2 = W1 / np.float32(2), W2 / np.float32(2)
    W1[:, 1] /= 4
    W1[-1, :2] = -20, 2
    W2[1, 0] = -3
    y = labels_in_batches(t, m, k - unseen, batch)
    return Network(t.input(X), t.input(y), t.input(W1), t.input(W2))
