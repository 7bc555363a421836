"""Question 6: softmax_regression_epoch_cpp."""

import numpy as np
from gradebox import Trial, case, exact, student

from . import _regression as regression
from ._inputs import (
    NUMBERS,
    Sizes,
    between,
    one_large_batch,
    one_step,
    ragged,
    whole_batches,
)

# The module itself: an error in simple_ml.py costs nothing here.
extension = student("simple_ml_ext")


@case("hw0.softmax_regression_epoch_cpp", points=4)
def cpp_one_step(t: Trial) -> None:
    """One step over all rows moves theta against the mean gradient."""
    epoch = extension.softmax_regression_epoch_cpp
    regression.train_one_step(t, epoch, one_step(t), lr=2)


@case("hw0.softmax_regression_epoch_cpp", points=4)
def cpp_whole_batches(t: Trial) -> None:
    """Several batches one after the other, in the order of the rows."""
    epoch = extension.softmax_regression_epoch_cpp
    regression.train(t, epoch, whole_batches(t))


@case("hw0.softmax_regression_epoch_cpp", points=4)
def cpp_ragged(t: Trial) -> None:
    """A smaller last batch counts, with the mean over its own rows."""
    regression.train(t, extension.softmax_regression_epoch_cpp, ragged(t))


@case("hw0.softmax_regression_epoch_cpp", points=2)
def cpp_batch_larger_than_data(t: Trial) -> None:
    """A batch that is larger than the data is one batch of all rows."""
    epoch = extension.softmax_regression_epoch_cpp
    sizes = one_large_batch(t)
    regression.train_one_step(t, epoch, sizes, lr=8, unseen=1)
    X, y, theta = regression.problem(t, sizes)
    epoch(X, y, theta, lr=0.5, batch=10**18)  # no memory has room for that many rows
    t.answer("theta, batch 10**18", theta, check=NUMBERS)


@case("hw0.softmax_regression_epoch_cpp", points=1)
def cpp_batch_of_one(t: Trial) -> None:
    """Batches of a single row, data of a single row, a single class."""
    for name, sizes in [
        ("batches of one row", Sizes(between(t, 9, 12), 4, 3, 1)),
        ("one row", Sizes(1, 5, 4, 10)),
        ("one class", Sizes(6, 3, 1, 4)),
    ]:
        X, y, theta = regression.problem(t, sizes)
        extension.softmax_regression_epoch_cpp(X, y, theta, 0.4, sizes.batch)
        t.answer(f"theta, {name}", theta, check=NUMBERS)


@case("hw0.softmax_regression_epoch_cpp", points=2)
def cpp_wide(t: Trial) -> None:
    """More classes, features and rows in a batch than any vector or block has."""
    k = 2 * between(t, 80, 110) + 1  # odd: vectors do not fit; labels above 127 too
    n, batch = 2 * between(t, 17, 24) + 1, between(t, 260, 300)
    X, y, theta = regression.problem(t, Sizes(400, n, k, batch))
    theta[:, :-1] /= 5  # among so many, the last class still counts
    t.input(theta)
    extension.softmax_regression_epoch_cpp(X, y, theta, 0.5, batch)
    t.answer("theta", theta, check=NUMBERS)


@case("hw0.softmax_regression_epoch_cpp", points=1)
def cpp_images(t: Trial) -> None:
    """Inputs like MNIST's: 784 features between 0 and 1, from zero weights."""
    X = t.input(t.rng.uniform(size=(250, 784)).astype(np.float32))
    y = t.input(t.rng.randint(10, size=250).astype(np.uint8))
    theta = regression.with_room(np.zeros((784, 10), np.float32))
    extension.softmax_regression_epoch_cpp(X, y, theta, lr=0.02, batch=100)
    t.answer("theta", theta, check=NUMBERS)


@case("hw0.softmax_regression_epoch_cpp", points=2)
def cpp_large_logits(t: Trial) -> None:
    """Logits in the thousands do not overflow."""
    regression.train_large_logits(t, extension.softmax_regression_epoch_cpp)


@case("hw0.softmax_regression_epoch_cpp", points=2)
def cpp_starts_afresh(t: Trial) -> None:
    """Nothing is kept from one call to the next."""
    sizes = ragged(t)
    X, y, theta = regression.problem(t, sizes)
    first, second = regression.with_room(theta), regression.with_room(theta)
    extension.softmax_regression_epoch_cpp(X, y, first, 0.5, sizes.batch)
    other = regression.problem(t, Sizes(50, 12, 9, 20))
    extension.softmax_regression_epoch_cpp(*other, 0.5, 20)
    extension.softmax_regression_epoch_cpp(X, y, second, 0.5, sizes.batch)
    t.answer("theta, first call", first, check=NUMBERS)
    t.answer("theta, another problem", other[2], check=NUMBERS)
    t.answer("theta, first problem again", second, check=NUMBERS)


@case("hw0.softmax_regression_epoch_cpp", points=2)
def cpp_in_place(t: Trial) -> None:
    """The array that is passed as theta holds the result, and nothing else changes."""
    regression.train_inside(t, extension.softmax_regression_epoch_cpp, ragged(t))


@case("hw0.softmax_regression_epoch_cpp", points=1)
def cpp_leaves_data_alone(t: Trial) -> None:
    """X and y are left as they are, and so is theta where the call is refused."""
    sizes = ragged(t)
    epoch = extension.softmax_regression_epoch_cpp
    regression.train_and_show_data(t, epoch, sizes)
    X, y, theta = regression.problem(t, sizes)
    wrong = theta.astype(np.float64)
    t.raises("theta of float64", TypeError, epoch, X, y, wrong, 0.5, sizes.batch)
    transposed = np.asfortranarray(theta)
    t.raises("theta by columns", ValueError, epoch, X, y, transposed, 0.5, sizes.batch)
    t.answer("theta afterwards", np.ascontiguousarray(transposed), check=exact())
