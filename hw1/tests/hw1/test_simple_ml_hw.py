"""Public tests of homework 1, questions 5 and 6: the loss, and training with it.

Run one question with ``python3 -m pytest -k softmax_loss_ndl``. A failing test says
which property broke.
"""

import gc

import idx_files
import loops
import needle as ndl
import networks
import numpy as np
import pytest
import simple_ml
from gradient_check import gradient_check
from networks import assert_weights, network
from numeric import assert_close

# ------------------------------------------- question 5: softmax_loss, parse_mnist


@pytest.mark.parametrize("brightest", [255, 90])
def test_softmax_loss_ndl_parse_mnist(tmp_path, brightest):
    rng = np.random.default_rng(0)
    images = rng.integers(brightest + 1, size=(9, 28, 28)).astype(np.uint8)
    labels = rng.integers(10, size=9).astype(np.uint8)
    X, y = simple_ml.parse_mnist(
        str(idx_files.write_images(tmp_path / "images.gz", images)),
        str(idx_files.write_labels(tmp_path / "labels.gz", labels)),
    )
    assert X.shape == (9, 784), f"X has shape {X.shape}, should be (9, 784)"
    assert X.dtype == np.float32, f"X has dtype {X.dtype}, should be float32"
    assert y.dtype == np.uint8, f"y has dtype {y.dtype}, should be uint8"
    assert y.tolist() == labels.tolist(), "labels should come as they are in the file"
    for i, image in enumerate(images):
        wanted = [[byte / 255 for row in image.tolist() for byte in row]]
        claim = f"image {i}: its rows one after the other, byte b as b/255"
        assert_close(X[i : i + 1], wanted, claim, rtol=1e-6)


def logits(m, k):
    """Return logits and labels, the same ones at every call, labels also one-hot."""
    rng = np.random.default_rng([m, k])
    Z, y = 2 * rng.standard_normal((m, k)), rng.integers(k, size=m)
    one_hot = np.array([[float(c == label) for c in range(k)] for label in y])
    return Z, y, one_hot


SHAPES = pytest.mark.parametrize("m, k", [(1, 2), (6, 3), (5, 10), (33, 7), (4, 1)])


@SHAPES
def test_softmax_loss_ndl_against_loops(m, k):
    Z, y, one_hot = logits(m, k)
    loss = simple_ml.softmax_loss(ndl.Tensor(Z), ndl.Tensor(one_hot))
    claim = f"the mean loss of {m} rows of {k} logits"
    assert_close(loss.numpy(), loops.softmax_loss(Z, y), claim, rtol=1e-9)


@SHAPES
def test_softmax_loss_ndl_slopes(m, k):
    Z, y, one_hot = logits(m, k)
    tensor = ndl.Tensor(Z)
    simple_ml.softmax_loss(tensor, ndl.Tensor(one_hot)).backward()
    wanted = [
        [(p - (c == label)) / m for c, p in enumerate(loops.probabilities(row))]
        for row, label in zip(Z.tolist(), y, strict=True)
    ]
    claim = f"Z.grad: probability, minus 1 at the label, by the number of rows ({m})"
    assert_close(tensor.grad.numpy(), wanted, claim, rtol=1e-9, atol=1e-12)


def test_softmax_loss_ndl_can_be_differentiated_twice():
    Z, _, one_hot = logits(3, 4)
    labels = ndl.Tensor(one_hot, requires_grad=False)
    gradient_check(
        lambda z: simple_ml.softmax_loss(z, labels), Z, backward=True, order=2
    )


def test_softmax_loss_ndl_is_a_mean_over_rows():
    Z, _, one_hot = logits(8, 5)
    whole = simple_ml.softmax_loss(ndl.Tensor(Z), ndl.Tensor(one_hot))
    assert whole.shape == (), f"one number, not a tensor of shape {whole.shape}"
    parts = [
        simple_ml.softmax_loss(ndl.Tensor(z), ndl.Tensor(t)).numpy()
        for z, t in zip(np.split(Z, 8), np.split(one_hot, 8), strict=True)
    ]
    claim = "the loss of 8 rows should be the mean of the losses of each row alone"
    assert_close(whole.numpy(), sum(parts) / 8, claim, rtol=1e-9)


def test_softmax_loss_ndl_keeps_float32():
    Z, _, one_hot = logits(5, 3)
    tensor = ndl.Tensor(Z, dtype="float32")
    loss = simple_ml.softmax_loss(tensor, ndl.Tensor(one_hot, dtype="float32"))
    assert loss.dtype == np.float32, f"float32 logits gave a loss in {loss.dtype}"
    loss.backward()
    assert tensor.grad.dtype == np.float32, f"and a gradient in {tensor.grad.dtype}"


def test_softmax_loss_ndl_leaves_its_arguments_alone():
    Z, _, one_hot = logits(5, 3)
    tensors = ndl.Tensor(Z), ndl.Tensor(one_hot)
    simple_ml.softmax_loss(*tensors).backward()
    assert np.array_equal(tensors[0].numpy(), Z), "Z was changed"
    assert np.array_equal(tensors[1].numpy(), one_hot), "y_one_hot was changed"


# -------------------------------------------- question 6: relu and nn_epoch with it


def test_nn_epoch_ndl_relu_values():
    a = [[-1.5, 0.0, 2.0], [1e-9, -1e-9, -7.0]]
    result = ndl.relu(ndl.Tensor(a))
    wanted = [[value if value > 0 else 0.0 for value in row] for row in a]
    claim = "relu: positive numbers as they are, 0 for the others"
    assert_close(result.numpy(), wanted, claim, rtol=0, atol=0)


def test_nn_epoch_ndl_relu_slopes():
    rng = np.random.default_rng(0)
    for shape in [(), (1,), (4,), (3, 5), (2, 3, 2)]:
        size = rng.uniform(0.1, 2, shape)
        gradient_check(ndl.relu, np.where(rng.random(shape) < 0.5, size, -size))
    a = ndl.Tensor([-2.0, 0.0, 3.0, 0.0])
    ndl.relu(a).backward(ndl.Tensor([5.0, 6.0, 7.0, 8.0]))
    claim = "relu passes on what comes from above where the input is positive, 0 at 0"
    assert_close(a.grad.numpy(), [0, 0, 7, 0], claim)


def test_nn_epoch_ndl_relu_keeps_float32():
    a = ndl.Tensor([-1.0, 2.0], dtype="float32")
    result = ndl.relu(a)
    assert result.dtype == np.float32, f"relu of float32 became {result.dtype}"
    result.backward()
    assert a.grad.dtype == np.float32, f"its gradient became {a.grad.dtype}"


def trained(X, y, W1, W2, **settings):
    """Return the weights after one epoch, as arrays."""
    weights = simple_ml.nn_epoch(X, y, ndl.Tensor(W1), ndl.Tensor(W2), **settings)
    for name, weight in zip(("W1", "W2"), weights, strict=True):
        assert isinstance(weight, ndl.Tensor), f"{name} came back as {type(weight)}"
    return tuple(weight.numpy() for weight in weights)


@pytest.mark.parametrize("m, n, d, k, batch", networks.SIZES)
def test_nn_epoch_ndl_against_loops(m, n, d, k, batch):
    X, y, W1, W2 = network(m, n, d, k)
    expected = loops.nn_epoch(X, y, W1, W2, 0.3, batch)
    claim = f"after an epoch of {m} rows in batches of {batch}, lr 0.3"
    assert_weights(trained(X, y, W1, W2, lr=0.3, batch=batch), expected, claim)


def test_nn_epoch_ndl_step_is_the_slope():
    X, y, W1, W2 = network(14, 4, 5, 3)
    slopes = networks.measured_slopes(X, y, W1, W2)
    for lr in (1.0, 0.25):
        first, second = trained(X, y, W1, W2, lr=lr, batch=14)
        claim = (
            f"a step should be -{lr} times the mean loss's gradient at the old W1, W2"
        )
        wanted = [-lr * slope for slope in slopes]
        assert_weights((first - W1, second - W2), wanted, claim)


def test_nn_epoch_ndl_batches_follow_file_order():
    X, y, W1, W2 = network(22, 5, 6, 4)
    order = np.argsort(y, kind="stable")  # sorted labels: shuffling would show
    X, y = X[order], y[order]
    steps = W1, W2
    for start in (0, 6, 12, 18):
        part = slice(start, start + 6)
        steps = trained(X[part], y[part], *steps, lr=0.7, batch=6)
    whole = trained(X, y, W1, W2, lr=0.7, batch=6)
    claim = "rows 0-5, 6-11, 12-17 and 18-21 should be the four batches, in this order"
    assert_weights(whole, steps, claim)
    assert_weights(whole, loops.nn_epoch(X, y, W1, W2, 0.7, 6), claim)


def test_nn_epoch_ndl_batch_larger_than_data():
    X, y, W1, W2 = network(130, 4, 5, 3)
    expected = loops.nn_epoch(X, y, W1, W2, 0.4, 130)
    for batch in (131, 10**18):
        claim = f"130 rows with batch={batch}: one step, its mean taken over 130 rows"
        assert_weights(trained(X, y, W1, W2, lr=0.4, batch=batch), expected, claim)


# 257 classes and more do not fit a byte
@pytest.mark.parametrize("dtype, k", [(np.uint8, 160), (np.int16, 260), (np.int64, 3)])
def test_nn_epoch_ndl_label_types(dtype, k):
    X, _, W1, W2 = network(110, 2, 3, k)
    y = (np.arange(110)[::-1] * 7 % k).astype(dtype)
    expected = loops.nn_epoch(X, y, W1, W2, 0.1, 100)
    claim = f"{k} classes, labels of dtype {np.dtype(dtype)}, the default lr and batch"
    assert_weights(trained(X, y, W1, W2), expected, claim)


def test_nn_epoch_ndl_can_be_run_again():
    X, y, W1, W2 = network(12, 4, 5, 3)
    weights = ndl.Tensor(W1), ndl.Tensor(W2)
    for _ in range(3):
        weights = simple_ml.nn_epoch(X, y, *weights, lr=0.2, batch=5)
        W1, W2 = loops.nn_epoch(X, y, W1, W2, 0.2, 5)
    claim = "after three epochs, each with the tensors that the one before returned"
    assert_weights([weight.numpy() for weight in weights], (W1, W2), claim)


def test_nn_epoch_ndl_keeps_float32():
    for name, weight in zip(("W1", "W2"), trained(*network(9, 4, 5, 3)), strict=True):
        assert weight.dtype == np.float32, (
            f"{name} was float32 and came back as {weight.dtype}: one float64 array,"
            " such as np.zeros makes, turns everything that it meets into float64"
        )


def test_nn_epoch_ndl_leaves_its_arguments_alone():
    X, y, W1, W2 = network(14, 4, 5, 3)
    tensors = ndl.Tensor(W1), ndl.Tensor(W2)
    before = X.copy(), y.copy()
    new = simple_ml.nn_epoch(X, y, *tensors, lr=0.5, batch=5)
    assert np.array_equal(X, before[0]), "X was changed"
    assert np.array_equal(y, before[1]), "y was changed"
    for name, old, tensor, array in zip(
        ("W1", "W2"), tensors, new, (W1, W2), strict=True
    ):
        assert np.array_equal(old.numpy(), array), f"the old {name} was changed"
        assert not np.array_equal(tensor.numpy(), array), f"the new {name} is the old"


def test_nn_epoch_ndl_forgets_the_graph_of_each_step():
    X, y, W1, W2 = network(60, 3, 4, 3)
    alive = []
    for batch in (60, 2):  # one step, thirty steps
        gc.collect()
        before = ndl.autograd.TENSOR_COUNTER
        kept = simple_ml.nn_epoch(X, y, ndl.Tensor(W1), ndl.Tensor(W2), batch=batch)
        gc.collect()
        alive.append(ndl.autograd.TENSOR_COUNTER - before)
        del kept
    assert alive[1] <= alive[0] + 10, (
        f"after 1 step {alive[0]} tensors are alive, after 30 steps {alive[1]}: new"
        " weights that are computed from old tensors hold on to the graphs of all"
        " steps; make them of the data alone"
    )
