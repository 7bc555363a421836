"""Public tests of homework 0, a group of functions for each question.

Run one question with ``python3 -m pytest -k softmax_loss``, everything with
``python3 -m pytest``. A failing test says which property broke.
"""

import idx_files
import loops
import networks
import numpy as np
import pytest
import regression_checks as checks
import simple_ml
from networks import assert_weights, network
from numeric import assert_close

# ---------------------------------------------------------------- question 1: add


def test_add_numbers():
    for x, y, total in [(5, 6, 11), (-3, 3, 0), (0.5, 0.25, 0.75), (2, 0.5, 2.5)]:
        result = simple_ml.add(x, y)
        assert result == total, f"add({x}, {y}) is {result}, should be {total}"
        assert type(result) is type(total), f"add({x}, {y}) is a {type(result)}"


def test_add_arrays():
    for dtype in (np.int64, np.float32, np.float64):
        x, y = np.arange(6, dtype=dtype).reshape(2, 3), np.full((2, 3), 4, dtype)
        result = simple_ml.add(x, y)
        assert_close(result, [[4, 5, 6], [7, 8, 9]], "the sum of two arrays")
        assert result.dtype == dtype, f"{x.dtype} + {y.dtype} became {result.dtype}"


def test_add_leaves_its_arguments_alone():
    x, y = np.array([1.0, 2.0]), np.array([10.0, 20.0])
    assert_close(simple_ml.add(x, y), [11, 22], "the sum of two arrays")
    assert x.tolist() == [1, 2], "x was changed"
    assert y.tolist() == [10, 20], "y was changed"


# -------------------------------------------------------- question 2: parse_mnist


def parsed(folder, images, labels):
    """Write the two files, read them with the student's function."""
    X, y = simple_ml.parse_mnist(
        str(idx_files.write_images(folder / "images.gz", images)),
        str(idx_files.write_labels(folder / "labels.gz", labels)),
    )
    return X, y


def random_set(m, seed):
    rng = np.random.default_rng(seed)
    images = rng.integers(256, size=(m, 28, 28)).astype(np.uint8)
    return images, rng.integers(10, size=m).astype(np.uint8)


def test_parse_mnist_shapes_and_dtypes(tmp_path):
    X, y = parsed(tmp_path, *random_set(7, seed=1))
    assert X.shape == (7, 784), f"X has shape {X.shape}, should be (7, 784)"
    assert y.shape == (7,), f"y has shape {y.shape}, should be (7,)"
    assert X.dtype == np.float32, f"X has dtype {X.dtype}, should be float32"
    assert y.dtype == np.uint8, f"y has dtype {y.dtype}, should be uint8"


def test_parse_mnist_pixel_values(tmp_path):
    images = np.zeros((3, 28, 28), np.uint8)
    images[0].flat[:256] = np.arange(256)
    images[1] = 100
    X, _ = parsed(tmp_path, images, np.zeros(3, np.uint8))
    for byte in range(256):
        claim = f"byte {byte} should become {byte}/255"
        assert_close(X[0, byte], byte / 255, claim, rtol=1e-6, atol=0)
    assert_close(X[1], np.full(784, 100 / 255), "an image of bytes 100", rtol=1e-6)
    assert_close(X[2], np.zeros(784), "an image of bytes 0", atol=0)
    grey = np.stack([np.full((28, 28), 60, np.uint8), np.full((28, 28), 90, np.uint8)])
    X, _ = parsed(tmp_path, grey, np.zeros(2, np.uint8))
    claim = (
        "the scale is the same for every file: byte 60 is 60/255, the darkest or not"
    )
    assert_close(X[:, 0], [60 / 255, 90 / 255], claim, rtol=1e-6)


def test_parse_mnist_images_stay_apart(tmp_path):
    images = np.zeros((28, 28, 28), np.uint8)
    for i in range(28):
        images[i, i, (3 * i) % 28] = 255
    X, _ = parsed(tmp_path, images, np.zeros(28, np.uint8))
    for i in range(28):
        lit = np.flatnonzero(X[i]).tolist()
        expected = [28 * i + (3 * i) % 28]
        assert lit == expected, (
            f"image {i} has one white pixel, in row {i}, column {(3 * i) % 28}:"
            f" entry {expected[0]} of X[{i}] (row-major), not {lit}"
        )


def test_parse_mnist_keeps_file_order(tmp_path):
    images, labels = random_set(9, seed=2)
    images[:, 0, 0] = 20 * np.arange(9)
    X, y = parsed(tmp_path, images, labels)
    assert y.tolist() == labels.tolist(), "labels should come as they are in the file"
    claim = "image i of the file should be row i of X"
    assert_close(X[:, 0], 20 * np.arange(9) / 255, claim, rtol=1e-6)


def test_parse_mnist_single_image(tmp_path):
    X, y = parsed(tmp_path, *random_set(1, seed=3))
    assert X.shape == (1, 784), f"one image: shape {X.shape}, should be (1, 784)"
    assert y.shape == (1,), f"one label: shape {y.shape}, should be (1,)"


# ------------------------------------------------------- question 3: softmax_loss

# 128 classes and more do not fit an int8, 257 and more not a byte
LABEL_TYPES = [(np.uint8, 160), (np.int16, 260), (np.int64, 260)]


def random_logits(m, k, seed=0):
    rng = np.random.default_rng([m, k, seed])
    Z = 3 * rng.standard_normal((m, k)).astype(np.float32)
    return Z, rng.integers(k, size=m).astype(np.uint8)


@pytest.mark.parametrize("m, k", [(1, 2), (6, 3), (5, 10), (33, 7), (4, 1)])
def test_softmax_loss_against_loops(m, k):
    Z, y = random_logits(m, k)
    claim = f"the mean loss of {m} rows of {k} logits"
    assert_close(simple_ml.softmax_loss(Z, y), loops.softmax_loss(Z, y), claim)


def test_softmax_loss_of_equal_logits():
    for k in (2, 10):
        Z, y = np.full((4, k), 0.5, np.float32), np.arange(4) % k
        claim = (
            f"{k} equal logits: every class has probability 1/{k}, the loss log({k})"
        )
        assert_close(simple_ml.softmax_loss(Z, y), np.log(k), claim)


def test_softmax_loss_ignores_a_shift_of_a_row():
    Z, y = random_logits(6, 4)
    shift = np.array([[-5], [0], [2], [9], [-1], [30]], np.float32)
    claim = "a constant added to all logits of a row should leave the loss as it is"
    assert_close(simple_ml.softmax_loss(Z + shift, y), loops.softmax_loss(Z, y), claim)


def test_softmax_loss_is_a_mean_over_rows():
    Z, y = random_logits(8, 5)
    whole = simple_ml.softmax_loss(Z, y)
    rows = [simple_ml.softmax_loss(Z[i : i + 1], y[i : i + 1]) for i in range(8)]
    assert_close(whole, np.mean(rows), "the loss should be the mean over its rows")
    twice = simple_ml.softmax_loss(np.tile(Z, (2, 1)), np.tile(y, 2))
    assert_close(twice, whole, "every row twice: the mean stays the same")


def test_softmax_loss_large_logits():
    Z = np.array([[1000, 0, 0], [-1000, 0, 1000], [-1000] * 3], np.float32)
    y = np.array([0, 2, 1], np.uint8)
    claim = "logits of 1000: exp(1000) overflows, subtract each row's maximum before"
    # float32 holds a number near 1000 to 6e-5, so there is no more to be had than 1e-3
    assert_close(simple_ml.softmax_loss(Z, y), np.log(3) / 3, claim, atol=1e-3)
    wrong = np.array([1, 0, 0], np.uint8)
    claim = "an improbable label: log(0) is -inf, take the logarithm of the sum instead"
    expected = (1000 + 2000 + np.log(3)) / 3
    assert_close(simple_ml.softmax_loss(Z, wrong), expected, claim)


def test_softmax_loss_label_types():
    for dtype, k in LABEL_TYPES:
        Z, _ = random_logits(k, k)
        y = np.arange(k)[::-1].astype(dtype)
        claim = f"labels 0 to {k - 1} of dtype {np.dtype(dtype)}"
        assert_close(simple_ml.softmax_loss(Z, y), loops.softmax_loss(Z, y), claim)


def test_softmax_loss_result_type():
    Z, y = random_logits(5, 3)
    result = np.asarray(simple_ml.softmax_loss(Z, y))
    assert result.shape == (), f"one number, not an array of shape {result.shape}"
    assert result.dtype == np.float32, f"float32 logits gave a loss in {result.dtype}"


def test_softmax_loss_leaves_its_arguments_alone():
    Z, y = random_logits(5, 3)
    Z_before, y_before = Z.copy(), y.copy()
    simple_ml.softmax_loss(Z, y)
    assert np.array_equal(Z, Z_before), "Z was changed"
    assert np.array_equal(y, y_before), "y was changed"


# ------------------------------------------- question 4: softmax_regression_epoch


@pytest.mark.parametrize("m, n, k, batch", checks.SHAPES)
def test_softmax_regression_epoch_against_loops(m, n, k, batch):
    checks.check_against_loops(simple_ml.softmax_regression_epoch, m, n, k, batch)


def test_softmax_regression_epoch_step_is_the_gradient():
    checks.check_step_is_the_gradient(simple_ml.softmax_regression_epoch)


def test_softmax_regression_epoch_is_in_place():
    checks.check_is_in_place(simple_ml.softmax_regression_epoch)


def test_softmax_regression_epoch_batches_follow_file_order():
    checks.check_batches_follow_file_order(simple_ml.softmax_regression_epoch)


def test_softmax_regression_epoch_batch_larger_than_data():
    checks.check_batch_larger_than_data(simple_ml.softmax_regression_epoch)


def test_softmax_regression_epoch_permutation_within_a_batch():
    X, y, theta = checks.problem(16, 5, 3)
    order = np.random.default_rng(4).permutation(16)
    other = theta.copy()
    simple_ml.softmax_regression_epoch(X, y, theta, lr=0.5, batch=16)
    simple_ml.softmax_regression_epoch(X[order], y[order], other, lr=0.5, batch=16)
    assert_close(other, theta, "the order of rows within one batch should not matter")
    assert not np.array_equal(theta, checks.problem(16, 5, 3)[2]), (
        "theta did not change"
    )


def test_softmax_regression_epoch_one_class():
    X, y, theta = checks.problem(6, 3, 1)
    before = theta.copy()
    simple_ml.softmax_regression_epoch(X, y, theta, lr=0.5, batch=4)
    claim = "one class has probability 1 always: its gradient is 0, theta stays"
    assert_close(theta, before, claim)


def test_softmax_regression_epoch_large_logits():
    checks.check_large_logits(simple_ml.softmax_regression_epoch)


@pytest.mark.parametrize("dtype, k", LABEL_TYPES)
def test_softmax_regression_epoch_label_types(dtype, k):
    X, _, theta = checks.problem(110, 2, k)
    y = np.arange(k)[:-111:-1].astype(dtype)  # from the last class down
    expected = loops.softmax_regression_epoch(X, y, theta, 0.1, 100)
    simple_ml.softmax_regression_epoch(X, y, theta)
    claim = f"{k} classes, labels of dtype {np.dtype(dtype)}, the default lr and batch"
    assert_close(theta, expected, claim)


def test_softmax_regression_epoch_leaves_data_alone():
    checks.check_leaves_data_alone(simple_ml.softmax_regression_epoch)


# ----------------------------------------------------------- question 5: nn_epoch


@pytest.mark.parametrize("m, n, d, k, batch", networks.SIZES)
def test_nn_epoch_against_loops(m, n, d, k, batch):
    X, y, W1, W2 = network(m, n, d, k)
    expected = loops.nn_epoch(X, y, W1, W2, 0.3, batch)
    simple_ml.nn_epoch(X, y, W1, W2, lr=0.3, batch=batch)
    claim = f"after an epoch of {m} rows in batches of {batch}, lr 0.3"
    assert_weights((W1, W2), expected, claim)


def test_nn_epoch_step_is_the_gradient():
    X, y, W1, W2 = network(14, 4, 5, 3)
    slope1, slope2 = networks.measured_slopes(X, y, W1, W2)
    for lr in (1.0, 0.25):
        moved1, moved2 = W1.copy(), W2.copy()
        simple_ml.nn_epoch(X, y, moved1, moved2, lr=lr, batch=14)
        claim = (
            f"one step should be -{lr} times the mean loss's gradient at the old W1, W2"
        )
        assert_weights((moved1 - W1, moved2 - W2), (-lr * slope1, -lr * slope2), claim)


def test_nn_epoch_is_in_place():
    X, y, W1, W2 = network(20, 6, 5, 3)
    before = W1.copy(), W2.copy()
    simple_ml.nn_epoch(X, y, W1, W2, lr=0.5, batch=7)
    for name, weight, old in zip(("W1", "W2"), (W1, W2), before, strict=True):
        assert weight.dtype == np.float32, f"{name} became {weight.dtype}"
        assert weight.shape == old.shape, f"{name} now has shape {weight.shape}"
        assert not np.array_equal(weight, old), (
            f"{name} did not change: `W = W - ...` makes a new array,"
            " `W -= ...` changes the one that was passed"
        )


def test_nn_epoch_batches_follow_file_order():
    X, y, W1, W2 = network(22, 5, 6, 4)
    order = np.argsort(y, kind="stable")
    X, y = X[order], y[order]
    expected = loops.nn_epoch(X, y, W1, W2, 0.7, 6)
    steps = W1.copy(), W2.copy()
    for start in (0, 6, 12, 18):
        part = slice(start, start + 6)
        simple_ml.nn_epoch(X[part], y[part], *steps, lr=0.7, batch=6)
    simple_ml.nn_epoch(X, y, W1, W2, lr=0.7, batch=6)
    claim = "rows 0-5, 6-11, 12-17 and 18-21 should be the four batches, in this order"
    assert_weights((W1, W2), steps, claim)
    assert_weights((W1, W2), expected, claim)


def test_nn_epoch_batch_larger_than_data():
    X, y, W1, W2 = network(130, 4, 5, 3)
    expected = loops.nn_epoch(X, y, W1, W2, 0.4, 130)
    for batch in (131, 200, 10**18):
        moved = W1.copy(), W2.copy()
        simple_ml.nn_epoch(X, y, *moved, lr=0.4, batch=batch)
        claim = f"130 rows with batch={batch}: one step, its mean taken over 130 rows"
        assert_weights(moved, expected, claim)


def test_nn_epoch_dead_units_stay_dead():
    X, y, W1, W2 = network(10, 4, 5, 3)
    W1[:, 2] = 0  # this unit's input is exactly 0 for every row
    W1[:, 4], X = -np.abs(W1[:, 4]), np.abs(X)  # and this one's is negative
    before = W1.copy(), W2.copy()
    simple_ml.nn_epoch(X, y, W1, W2, lr=0.5, batch=5)
    for unit, why in ((2, "0"), (4, "negative")):
        claim = f"the input of hidden unit {unit} is {why}: ReLU passes no gradient"
        assert_close(W1[:, unit], before[0][:, unit], f"W1: {claim}", atol=0, rtol=0)
        assert_close(W2[unit], before[1][unit], f"W2: {claim}", atol=0, rtol=0)
    assert not np.array_equal(W1, before[0]), "W1 did not change"


def test_nn_epoch_large_logits():
    X, y, W1, W2 = network(13, 5, 6, 4)
    for inputs, first, second, kind in [
        (X, W1, 500 * W2, "large logits"),
        (np.abs(X) + 1, np.abs(W1), -500 * np.abs(W2), "logits far below 0"),
    ]:
        hidden = np.where(inputs @ first > 0, inputs @ first, 0)
        assert np.abs(hidden @ second).max() > 1000
        expected = loops.nn_epoch(inputs, y, first, second, 0.001, 5)
        simple_ml.nn_epoch(inputs, y, first, second, lr=0.001, batch=5)
        for name, weight in (("W1", first), ("W2", second)):
            claim = f"{name} holds nan or inf: {checks.SHIFT}"
            assert np.isfinite(weight).all(), claim
        assert_weights((first, second), expected, f"a step from {kind}")


@pytest.mark.parametrize("dtype, k", LABEL_TYPES)
def test_nn_epoch_label_types(dtype, k):
    X, _, W1, W2 = network(110, 2, 3, k)
    y = np.arange(k)[:-111:-1].astype(dtype)  # from the last class down
    expected = loops.nn_epoch(X, y, W1, W2, 0.1, 100)
    simple_ml.nn_epoch(X, y, W1, W2)
    claim = f"{k} classes, labels of dtype {np.dtype(dtype)}, the default lr and batch"
    assert_weights((W1, W2), expected, claim)


def test_nn_epoch_leaves_data_alone():
    X, y, W1, W2 = network(14, 4, 5, 3)
    X_before, y_before = X.copy(), y.copy()
    simple_ml.nn_epoch(X, y, W1, W2, lr=0.5, batch=5)
    assert np.array_equal(X, X_before), "X was changed"
    assert np.array_equal(y, y_before), "y was changed"


# --------------------------------------- question 6: softmax_regression_epoch_cpp


@pytest.mark.parametrize("m, n, k, batch", [*checks.SHAPES, (150, 33, 5, 140)])
def test_softmax_regression_epoch_cpp_against_loops(m, n, k, batch):
    checks.check_against_loops(simple_ml.softmax_regression_epoch_cpp, m, n, k, batch)


def test_softmax_regression_epoch_cpp_step_is_the_gradient():
    checks.check_step_is_the_gradient(simple_ml.softmax_regression_epoch_cpp)


def test_softmax_regression_epoch_cpp_is_in_place():
    checks.check_is_in_place(simple_ml.softmax_regression_epoch_cpp)


def test_softmax_regression_epoch_cpp_batches_follow_file_order():
    checks.check_batches_follow_file_order(simple_ml.softmax_regression_epoch_cpp)


def test_softmax_regression_epoch_cpp_batch_larger_than_data():
    checks.check_batch_larger_than_data(simple_ml.softmax_regression_epoch_cpp)


def test_softmax_regression_epoch_cpp_starts_afresh():
    results = []
    for _ in range(3):
        X, y, theta = checks.problem(25, 6, 4)
        simple_ml.softmax_regression_epoch_cpp(X, y, theta, lr=0.5, batch=10)
        results.append(theta)
        simple_ml.softmax_regression_epoch_cpp(*checks.problem(40, 9, 7), 0.5, 30)
    assert not np.array_equal(results[0], checks.problem(25, 6, 4)[2]), "no change"
    for other in results[1:]:
        claim = (
            "the same call later gave another result: something is kept between calls"
        )
        assert np.array_equal(other, results[0]), claim


def test_softmax_regression_epoch_cpp_large_logits():
    checks.check_large_logits(simple_ml.softmax_regression_epoch_cpp)


def test_softmax_regression_epoch_cpp_leaves_data_alone():
    checks.check_leaves_data_alone(simple_ml.softmax_regression_epoch_cpp)


def test_softmax_regression_epoch_cpp_rejects_bad_arguments():
    epoch = simple_ml.softmax_regression_epoch_cpp
    X, y, theta = checks.problem(8, 4, 3)
    epoch(X, y, theta.copy(), 0.1, 4)  # these are right, what follows is not
    frozen = theta.copy()
    frozen.flags.writeable = False
    for error, arguments in [
        (TypeError, (X, y, theta.astype(np.float64), 0.1, 4)),
        (ValueError, (X, y, np.asfortranarray(theta), 0.1, 4)),
        (ValueError, (X, y, frozen, 0.1, 4)),
        (TypeError, (X.astype(np.float64), y, theta, 0.1, 4)),
        (TypeError, (X, y.astype(np.int64), theta, 0.1, 4)),
        (ValueError, (X, y[:7], theta, 0.1, 4)),
        (ValueError, (X, y, theta[:, :2].copy(), 0.1, 4)),  # a label 2
        (ValueError, (X, y, theta, 0.1, 0)),
    ]:
        with pytest.raises(error):
            epoch(*arguments)
