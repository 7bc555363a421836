"""Question 4: softmax_regression_epoch."""

import numpy as np
from gradebox import Trial, case, student

from . import _regression as regression
from ._inputs import (
    LABEL_TYPES,
    NUMBERS,
    Sizes,
    between,
    one_large_batch,
    one_step,
    ragged,
    whole_batches,
)

simple_ml = student("simple_ml")


@case("hw0.softmax_regression_epoch", points=4)
def regression_one_step(t: Trial) -> None:
    """One step over all rows moves theta against the mean gradient."""
    epoch = simple_ml.softmax_regression_epoch
    regression.train_one_step(t, epoch, one_step(t), lr=2)


@case("hw0.softmax_regression_epoch", points=3)
def regression_whole_batches(t: Trial) -> None:
    """Several batches one after the other, in the order of the rows."""
    regression.train(t, simple_ml.softmax_regression_epoch, whole_batches(t))


@case("hw0.softmax_regression_epoch", points=3)
def regression_ragged(t: Trial) -> None:
    """A smaller last batch counts, with the mean over its own rows."""
    regression.train(t, simple_ml.softmax_regression_epoch, ragged(t))


@case("hw0.softmax_regression_epoch", points=2)
def regression_batch_larger_than_data(t: Trial) -> None:
    """A batch that is larger than the data is one batch of all rows."""
    epoch = simple_ml.softmax_regression_epoch
    regression.train_one_step(t, epoch, one_large_batch(t), lr=8, unseen=1)


@case("hw0.softmax_regression_epoch", points=1)
def regression_batch_of_one(t: Trial) -> None:
    """Batches of a single row, and data of a single row."""
    epoch = simple_ml.softmax_regression_epoch
    X, y, theta = regression.problem(t, Sizes(between(t, 9, 12), 4, 3, 1))
    epoch(X, y, theta, lr=0.4, batch=1)
    t.answer("theta, batches of one row", theta, check=NUMBERS)
    X, y, theta = regression.problem(t, Sizes(1, 5, 4, 10))
    epoch(X, y, theta, lr=0.4, batch=10)
    t.answer("theta, one row", theta, check=NUMBERS)
    X, y, theta = regression.problem(t, Sizes(6, 3, 1, 4))
    epoch(X, y, theta, lr=0.4, batch=4)
    t.answer("theta, one class", theta, check=NUMBERS)


@case("hw0.softmax_regression_epoch", points=2)
def regression_in_place(t: Trial) -> None:
    """The array that is passed as theta holds the result, and nothing else changes."""
    regression.train_inside(t, simple_ml.softmax_regression_epoch, ragged(t))


@case("hw0.softmax_regression_epoch", points=2)
def regression_large_logits(t: Trial) -> None:
    """Logits in the thousands do not overflow."""
    regression.train_large_logits(t, simple_ml.softmax_regression_epoch)


@case("hw0.softmax_regression_epoch", points=1)
def regression_label_types(t: Trial) -> None:
    """Labels may be of any integer type, up to its largest values."""
    for dtype, k in LABEL_TYPES:
        X, y, theta = regression.problem(t, Sizes(40, 3, k, 16))
        theta = t.input(theta / np.float32(4))  # no class stands out from so many
        simple_ml.softmax_regression_epoch(X, y.astype(dtype), theta, lr=1.5, batch=16)
        t.answer(f"theta, labels of type {dtype}", theta, check=NUMBERS)


@case("hw0.softmax_regression_epoch", points=1)
def regression_defaults(t: Trial) -> None:
    """Learning rate and batch have the defaults 0.1 and 100."""
    X, y, theta = regression.problem(t, Sizes(between(t, 210, 290), 4, 3, 100))
    simple_ml.softmax_regression_epoch(X, y, theta)
    t.answer("theta", theta, check=NUMBERS)


@case("hw0.softmax_regression_epoch", points=1)
def regression_leaves_data_alone(t: Trial) -> None:
    """X and y are left as they are."""
    epoch = simple_ml.softmax_regression_epoch
    regression.train_and_show_data(t, epoch, ragged(t))
