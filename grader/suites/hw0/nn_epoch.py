"""Question 5: nn_epoch."""

import numpy as np
from gradebox import Trial, case, close, exact, student

from ._inputs import (
    LABEL_TYPES,
    NUMBERS,
    Sizes,
    between,
    eighths,
    one_large_batch,
    one_step,
    ragged,
    rate,
    whole_batches,
)
from ._network import Network, network

simple_ml = student("simple_ml")


def train(t: Trial, sizes: Sizes, unseen: int = 0) -> None:
    """Hand over both weights after an epoch on random data."""
    net = network(t, sizes, unseen=unseen)
    simple_ml.nn_epoch(*net, lr=t.input(rate(t)), batch=t.input(sizes.batch))
    t.answer("W1", net.W1, check=NUMBERS)
    t.answer("W2", net.W2, check=NUMBERS)


@case("hw0.nn_epoch", points=5)
def network_one_step(t: Trial) -> None:
    """One step over all rows moves both weights against the mean gradient."""
    train(t, one_step(t))


@case("hw0.nn_epoch", points=4)
def network_whole_batches(t: Trial) -> None:
    """Several batches one after the other, in the order of the rows."""
    train(t, whole_batches(t))


@case("hw0.nn_epoch", points=4)
def network_ragged(t: Trial) -> None:
    """A smaller last batch counts, with the mean over its own rows."""
    train(t, ragged(t))


@case("hw0.nn_epoch", points=2)
def network_batch_larger_than_data(t: Trial) -> None:
    """A batch that is larger than the data is one batch of all rows."""
    train(t, one_large_batch(t), unseen=1)


@case("hw0.nn_epoch", points=1)
def network_batch_of_one(t: Trial) -> None:
    """Batches of a single row, and data of a single row."""
    for name, m, batch in [
        ("batches of one row", between(t, 9, 12), 1),
        ("one row", 1, 9),
    ]:
        net = network(t, Sizes(m, 4, 3, batch))
        simple_ml.nn_epoch(*net, lr=0.4, batch=batch)
        t.answer(f"W1, {name}", net.W1, check=NUMBERS)
        t.answer(f"W2, {name}", net.W2, check=NUMBERS)


@case("hw0.nn_epoch", points=2)
def network_in_place(t: Trial) -> None:
    """The arrays that are passed hold the result, and nothing else changes."""
    sizes = ragged(t)
    X, y, W1, W2 = network(t, sizes)
    whole1 = np.pad(W1, ((2, 2), (0, 0)), constant_values=7)
    whole2 = np.pad(W2, ((2, 2), (0, 0)), constant_values=7)
    simple_ml.nn_epoch(X, y, whole1[2:-2], whole2[2:-2], lr=0.5, batch=sizes.batch)
    t.answer("W1", whole1[2:-2].copy(), check=NUMBERS)
    t.answer("W2", whole2[2:-2].copy(), check=NUMBERS)
    t.answer("around W1", whole1[[0, 1, -2, -1]], check=exact())
    t.answer("around W2", whole2[[0, 1, -2, -1]], check=exact())


@case("hw0.nn_epoch", points=2)
def network_dead_units(t: Trial) -> None:
    """A hidden unit whose input is 0 or negative gets no gradient."""
    X, y, W1, W2 = network(t, one_step(t))
    W1[:, 2] = 0
    t.input(W1)
    simple_ml.nn_epoch(X, y, W1, W2, lr=0.6, batch=len(y))
    t.answer("W1", W1, check=NUMBERS)
    t.answer("W2", W2, check=NUMBERS)


@case("hw0.nn_epoch", points=2)
def network_large_logits(t: Trial) -> None:
    """Logits in the thousands do not overflow."""
    X, y, W1, W2 = map(t.input, with_large_logits(network(t, one_step(t))))
    simple_ml.nn_epoch(X, y, W1, W2, lr=0.5, batch=len(y))
    # 3000 times a sum that is 0 but for rounding is part of W1's gradient
    t.answer("W1", W1, check=close(rtol=1e-5, atol=1e-3))
    t.answer("W2", W2, check=NUMBERS)


def with_large_logits(net: Network) -> Network:
    """Move the logits of every other row up by 3000, of the rest down; all are exact.

    One more feature, 1 or -1, and two more hidden units, of which one is active, do it.
    """
    sign = np.where(np.arange(len(net.y)) % 2, 1, -1)
    shift = np.full((2, net.W2.shape[1]), 3000) * [[1], [-1]]
    W1 = eighths(net.W1)
    W1[-1] += 1 / 128  # so that no unit's input is 0 by chance
    W1 = np.pad(W1, ((0, 1), (0, 2)))
    W1[-1, -2:] = 1, -1
    return Network(
        X=np.column_stack([eighths(net.X), sign]).astype(np.float32),
        y=net.y,
        W1=W1,
        W2=np.vstack([eighths(net.W2), shift]).astype(np.float32),
    )


@case("hw0.nn_epoch", points=1)
def network_label_types(t: Trial) -> None:
    """Labels may be of any integer type, up to its largest values."""
    for dtype, k in LABEL_TYPES:
        X, y, W1, W2 = network(t, Sizes(40, 3, k, 16))
        simple_ml.nn_epoch(X, y.astype(dtype), W1, W2, lr=0.5, batch=16)
        t.answer(f"W1, labels of type {dtype}", W1, check=NUMBERS)
        t.answer(f"W2, labels of type {dtype}", W2, check=NUMBERS)


@case("hw0.nn_epoch", points=1)
def network_defaults(t: Trial) -> None:
    """Learning rate and batch have the defaults 0.1 and 100."""
    net = network(t, Sizes(between(t, 210, 290), 4, 3, 100))
    simple_ml.nn_epoch(*net)
    t.answer("W1", net.W1, check=NUMBERS)
    t.answer("W2", net.W2, check=NUMBERS)


@case("hw0.nn_epoch", points=1)
def network_leaves_data_alone(t: Trial) -> None:
    """X and y are left as they are."""
    sizes = ragged(t)
    net = network(t, sizes)
    simple_ml.nn_epoch(*net, lr=0.5, batch=sizes.batch)
    t.answer("W1", net.W1, check=NUMBERS)
    t.answer("X afterwards", net.X, check=exact())
    t.answer("y afterwards", net.y, check=exact())
