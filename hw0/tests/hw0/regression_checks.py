"""What must hold for one epoch of softmax regression, in Python or in C++.

Every check takes the function under test; questions 4 and 6 share them.
"""

from collections.abc import Callable

import loops
import numpy as np
from numeric import assert_close, numerical_gradient

Epoch = Callable[..., None]
Problem = tuple[np.ndarray, np.ndarray, np.ndarray]

# (m, n, k, batch): whole batches, a ragged last one, batches of one, one row, two
# classes, more classes than features, sizes that no vector register divides, labels
# that a signed byte cannot hold
SHAPES = [
    (12, 5, 3, 4),
    (23, 7, 4, 5),
    (9, 3, 2, 1),
    (1, 4, 3, 10),
    (10, 2, 17, 3),
    (41, 19, 10, 8),
    (30, 3, 150, 16),
]
SHIFT = "subtract from each row of logits its largest, whatever its sign, before exp"


def problem(m: int, n: int, k: int) -> Problem:
    """Return X, y and theta of these sizes, the same ones at every call."""
    rng = np.random.default_rng([m, n, k])
    X = rng.standard_normal((m, n)).astype(np.float32)
    y = rng.integers(k, size=m).astype(np.uint8)
    return X, y, rng.standard_normal((n, k)).astype(np.float32)


def check_against_loops(epoch: Epoch, m: int, n: int, k: int, batch: int) -> None:
    """Compare with the same algorithm in plain loops."""
    X, y, theta = problem(m, n, k)
    expected = loops.softmax_regression_epoch(X, y, theta, 0.3, batch)
    epoch(X, y, theta, lr=0.3, batch=batch)
    claim = f"theta after an epoch of {m} rows in batches of {batch}, lr 0.3"
    assert_close(theta, expected, claim)


def check_step_is_the_gradient(epoch: Epoch) -> None:
    """With one batch, theta moves by -lr times the gradient of the mean loss."""
    X, y, theta = problem(15, 4, 3)
    X64 = X.astype(np.float64)
    slope = numerical_gradient(lambda t: loops.softmax_loss(X64 @ t, y), theta)
    for lr in (1.0, 0.25):
        moved = theta.copy()
        epoch(X, y, moved, lr=lr, batch=15)
        claim = f"one step should move theta by -{lr} times the mean loss's gradient"
        assert_close(moved - theta, -lr * slope, claim)


def check_is_in_place(epoch: Epoch) -> None:
    """The array that was passed holds the result, and keeps dtype and shape."""
    X, y, before = problem(20, 6, 3)
    frame = np.full((10, 3), 7, np.float32)  # theta lies in the middle of it
    theta = frame[2:8]
    theta[...] = before
    epoch(X, y, theta, lr=0.5, batch=7)
    assert (frame[:2] == 7).all(), "memory before theta was changed"
    assert (frame[8:] == 7).all(), "memory after theta was changed"
    assert theta.dtype == np.float32, f"theta became {theta.dtype}"
    assert theta.shape == before.shape, f"theta now has shape {theta.shape}"
    assert not np.array_equal(theta, before), (
        "theta did not change: `theta = theta - ...` makes a new array,"
        " `theta -= ...` changes the one that was passed"
    )


def check_batches_follow_file_order(epoch: Epoch) -> None:
    """An epoch is the same as its batches one by one, first row to last."""
    X, y, theta = problem(22, 5, 4)
    order = np.argsort(y, kind="stable")  # sorted labels: shuffling would show
    X, y = np.ascontiguousarray(X[order]), y[order]
    whole, steps = theta.copy(), theta.copy()
    epoch(X, y, whole, lr=0.7, batch=6)
    for start in (0, 6, 12, 18):
        part = slice(start, start + 6)
        epoch(X[part], y[part], steps, lr=0.7, batch=6)
    claim = "rows 0-5, 6-11, 12-17 and 18-21 should be the four batches, in this order"
    assert_close(whole, steps, claim)
    assert_close(whole, loops.softmax_regression_epoch(X, y, theta, 0.7, 6), claim)


def check_batch_larger_than_data(epoch: Epoch) -> None:
    """A batch that is larger than the data is one batch of all rows."""
    X, y, theta = problem(130, 4, 3)
    expected = loops.softmax_regression_epoch(X, y, theta, 0.4, 130)
    for batch in (131, 200, 10**18):  # for the last one no memory could be reserved
        moved = theta.copy()
        epoch(X, y, moved, lr=0.4, batch=batch)
        claim = f"130 rows with batch={batch}: one step, its mean taken over 130 rows"
        assert_close(moved, expected, claim)


def check_large_logits(epoch: Epoch) -> None:
    """Logits of 1000, or of -1000 all over a row, spoil no step."""
    X, y, theta = problem(13, 5, 4)
    for inputs, weights, kind in [
        (X, 500 * theta, "large logits"),
        (np.abs(X) + 1, -500 * np.abs(theta), "logits far below 0, all of a row"),
    ]:
        assert np.abs(inputs @ weights).max() > 1000
        expected = loops.softmax_regression_epoch(inputs, y, weights, 0.5, 5)
        epoch(inputs, y, weights, lr=0.5, batch=5)
        assert np.isfinite(weights).all(), f"theta holds nan or inf: {SHIFT}"
        assert_close(weights, expected, f"a step from {kind}", atol=1e-3)


def check_leaves_data_alone(epoch: Epoch) -> None:
    """X and y are the caller's: reading only."""
    X, y, theta = problem(14, 4, 3)
    X_before, y_before = X.copy(), y.copy()
    epoch(X, y, theta, lr=0.5, batch=5)
    assert np.array_equal(X, X_before), "X was changed"
    assert np.array_equal(y, y_before), "y was changed"
    assert not np.array_equal(theta, problem(14, 4, 3)[2]), "theta did not change"
