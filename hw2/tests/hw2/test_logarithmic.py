"""Public tests of homework 2, questions 5 to 7: logarithms of sums of exponentials.

Run one question with ``python3 -m pytest -k test_op_logsumexp``. A failing test says
which property broke; where the inputs were drawn at random, the report ends with the
smallest ones that break it.
"""

import math

import layer_loops
import loops
import needle as ndl
import numpy as np
import pytest
from gradient_check import gradient_check
from hypothesis import given
from hypothesis import strategies as st
from needle import nn
from numeric import assert_close
from strategies import arrays, axes, quick, shapes

REDUCTIONS = shapes(min_dims=1, max_dims=3, max_side=4).flatmap(
    lambda shape: st.tuples(arrays(shape), axes(len(shape)))
)
MATRICES = arrays(shapes(min_dims=2, max_dims=2, max_side=5))
# e**1e4 is more than any number holds, and e**-1e4 less
EXTREME = np.array([[1e4, 1e4, 9999.0], [-1e4, -1e4, -9999.0], [-1e4, 0.0, 1e4]])
EVERY_TYPE = pytest.mark.parametrize("dtype", ["float32", "float64"])


def quiet(f, *args, **kwargs):
    """Return ``f(...)`` as an array; fail where a number overflows on the way."""
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            return f(*args, **kwargs).numpy()
    except FloatingPointError as error:
        pytest.fail(f"a number became infinite on the way ({error}): shift first")


# ------------------------------------------------------- question 5: ops.LogSumExp


@quick
@given(REDUCTIONS)
def test_op_logsumexp_forward(array_and_axes):
    a, some = array_and_axes
    out = ndl.ops.logsumexp(ndl.Tensor(a), axes=some).numpy()
    claim = f"logsumexp of shape {a.shape}, axes={some}"
    wanted = layer_loops.logsumexp(a, some)
    assert_close(out, wanted, claim, rtol=1e-9, atol=1e-12)


@EVERY_TYPE
@pytest.mark.parametrize("axis", [0, 1, (1,), None])
def test_op_logsumexp_stable_forward(dtype, axis):
    tensor = ndl.Tensor(EXTREME, dtype=dtype)
    out = quiet(ndl.ops.logsumexp, tensor, axes=axis)
    claim = f"logsumexp of numbers as large as 1e4, {dtype}, axes={axis}"
    assert_close(out, layer_loops.logsumexp(EXTREME, axis), claim, rtol=1e-6)


def test_op_logsumexp_shifts_by_its_own_largest():
    # one shift for all would lose the small rows
    a = np.array([[0.0, 1.0, -1.0], [2000.0, 2001.0, 1999.0], [-2000, -2001, -2002]])
    out = quiet(ndl.ops.logsumexp, ndl.Tensor(a), axes=(1,))
    claim = "rows around 0, 2000 and -2000: each by its own largest number"
    assert_close(out, layer_loops.logsumexp(a, (1,)), claim, rtol=1e-9)
    out = quiet(ndl.ops.logsumexp, ndl.Tensor(a.T), axes=(0,))
    assert_close(out, layer_loops.logsumexp(a, (1,)), f"columns: {claim}", rtol=1e-9)


@quick
@given(REDUCTIONS, st.sampled_from([3.5, -40.0, 1e5]))
def test_op_logsumexp_moves_with_its_input(array_and_axes, shift):
    a, some = array_and_axes
    here = ndl.ops.logsumexp(ndl.Tensor(a), axes=some).numpy()
    there = ndl.ops.logsumexp(ndl.Tensor(a + shift), axes=some).numpy()
    claim = f"logsumexp(a + {shift}) should be logsumexp(a) + {shift}, axes={some}"
    assert_close(there, here + shift, claim, rtol=1e-9, atol=1e-9)


@EVERY_TYPE
def test_op_logsumexp_keeps_its_type(dtype):
    a = ndl.Tensor([[1.0, 2.0], [3.0, 4.0]], dtype=dtype)
    for some in (None, (0,), (0, 1)):
        out = ndl.ops.logsumexp(a, axes=some)
        assert out.dtype == np.dtype(dtype), f"{dtype}, axes={some}: {out.dtype}"
        out.backward()
        assert a.grad.dtype == np.dtype(dtype), f"the gradient is {a.grad.dtype}"


# gradient_check sees to it, too, that the input stays as it is and that the gradient
# can be differentiated again


@quick
@given(REDUCTIONS)
def test_op_logsumexp_backward(array_and_axes):
    a, some = array_and_axes
    gradient_check(ndl.ops.logsumexp, a, axes=some)


@pytest.mark.parametrize(
    "some", [None, 0, 1, -1, (1,), (0, 2), (-1,), (2, -3)], ids=str
)
def test_op_logsumexp_backward_twice(some):
    a = np.random.default_rng(0).standard_normal((2, 3, 2))
    gradient_check(
        ndl.ops.logsumexp, a, axes=some, backward=True, order=2, rtol=1e-5, atol=1e-6
    )


@EVERY_TYPE
def test_op_logsumexp_stable_backward(dtype):
    a = ndl.Tensor(EXTREME, dtype=dtype)
    out = ndl.ops.logsumexp(a, axes=(1,))
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        out.backward(ndl.Tensor([1.0, -2.0, 3.0], dtype=dtype))
    wanted = [
        [flow * p for p in loops.probabilities(row)]
        for flow, row in zip((1.0, -2.0, 3.0), EXTREME.tolist(), strict=True)
    ]
    claim = "the gradient of logsumexp: each number's share of the sum, times out_grad"
    # the result, near 1e4, is known to about 5e-4 in float32, and so is the share
    rtol = 2e-3 if dtype == "float32" else 1e-9
    assert_close(a.grad.numpy(), wanted, claim, rtol=rtol, atol=1e-12)


# ------------------------------------------------------ question 6: ops.LogSoftmax


def log_probabilities(rows):
    """Return the logarithms of softmax of rows, which are close to one another."""
    return [[math.log(p) for p in loops.probabilities(row)] for row in rows.tolist()]


@quick
@given(MATRICES)
def test_op_logsoftmax_forward(a):
    out = ndl.ops.logsoftmax(ndl.Tensor(a)).numpy()
    claim = f"logsoftmax of shape {a.shape}: of each row"
    assert_close(out, log_probabilities(a), claim, rtol=1e-9, atol=1e-12)


@EVERY_TYPE
def test_op_logsoftmax_stable_forward(dtype):
    out = quiet(ndl.ops.logsoftmax, ndl.Tensor(EXTREME, dtype=dtype))
    sums = layer_loops.logsumexp(EXTREME, (1,))
    wanted = [[v - s for v in row] for row, s in zip(EXTREME, sums, strict=True)]
    claim = f"logsoftmax of numbers as large as 1e4, {dtype}"
    # numbers near 1e4 are known to about 1e-3 in float32
    assert_close(out, wanted, claim, rtol=1e-6, atol=2e-3 if dtype == "float32" else 0)


@quick
@given(MATRICES, st.sampled_from([7.0, -300.0, 1e5]))
def test_op_logsoftmax_does_not_mind_a_shift(a, shift):
    here = ndl.ops.logsoftmax(ndl.Tensor(a)).numpy()
    there = ndl.ops.logsoftmax(ndl.Tensor(a + shift)).numpy()
    claim = f"logsoftmax(a + {shift}) should be logsoftmax(a)"
    assert_close(there, here, claim, rtol=1e-8, atol=1e-8)


@EVERY_TYPE
def test_op_logsoftmax_keeps_its_type(dtype):
    a = ndl.Tensor([[1.0, 2.0, -3.0], [3.0, 4.0, 0.0]], dtype=dtype)
    out = ndl.ops.logsoftmax(a)
    assert out.dtype == np.dtype(dtype), f"logsoftmax of {dtype} became {out.dtype}"
    out.backward()
    assert a.grad.dtype == np.dtype(dtype), f"the gradient became {a.grad.dtype}"


@quick
@given(MATRICES)
def test_op_logsoftmax_backward(a):
    gradient_check(ndl.ops.logsoftmax, a)


def test_op_logsoftmax_backward_twice():
    a = np.random.default_rng(1).standard_normal((3, 4))
    gradient_check(ndl.ops.logsoftmax, a, backward=True, order=2, rtol=1e-5, atol=1e-6)


def test_op_logsoftmax_stable_backward():
    a, flow = ndl.Tensor(EXTREME), np.array([[1.0, 2.0, -1.0]] * 3)
    out = ndl.ops.logsoftmax(a)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        out.backward(ndl.Tensor(flow))
    wanted = [
        [
            f - sum(flows) * p
            for f, p in zip(flows, loops.probabilities(row), strict=True)
        ]
        for flows, row in zip(flow.tolist(), EXTREME.tolist(), strict=True)
    ]
    claim = "the gradient of logsoftmax: out_grad less its row's sum, times softmax"
    assert_close(a.grad.numpy(), wanted, claim)
    claim = "a shift of a row changes nothing: each row of the gradient sums to 0"
    assert_close(a.grad.numpy().sum(axis=1), np.zeros(3), claim)


# ------------------------------------------------------ question 7: nn.SoftmaxLoss

SIZES = pytest.mark.parametrize("n, k", [(1, 2), (6, 3), (5, 10), (33, 7), (4, 1)])


def labelled(n, k):
    """Return logits and labels, the same ones at every call."""
    rng = np.random.default_rng([n, k])
    return 2 * rng.standard_normal((n, k)), rng.integers(k, size=n)


def loss_of(Z, y, **settings):
    """Return the loss of logits and labels, both arrays, as a tensor."""
    return nn.SoftmaxLoss()(ndl.Tensor(Z, **settings), ndl.Tensor(y))


@SIZES
def test_nn_softmax_loss_forward(n, k):
    Z, y = labelled(n, k)
    loss = loss_of(Z, y)
    assert loss.shape == (), f"one number, not a tensor of shape {loss.shape}"
    claim = f"the mean loss of {n} rows of {k} logits"
    assert_close(loss.numpy(), loops.softmax_loss(Z, y), claim, rtol=1e-9)


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64", "float32"])
def test_nn_softmax_loss_label_types(dtype):
    Z, y = labelled(9, 160)
    y = (31 * np.arange(9) % 160).astype(dtype)
    claim = f"the loss of 160 classes, labels of dtype {dtype}"
    wanted = loops.softmax_loss(Z, y.astype(int))
    assert_close(loss_of(Z, y).numpy(), wanted, claim, rtol=1e-9)


@EVERY_TYPE
def test_nn_softmax_loss_stable_forward(dtype):
    y = np.array([0, 2, 0])
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        loss = loss_of(EXTREME, y, dtype=dtype)
    claim = f"the loss of logits as large as 1e4, {dtype}"
    wanted = loops.softmax_loss(EXTREME, y)
    assert_close(loss.numpy(), wanted, claim, rtol=1e-6)


@SIZES
def test_nn_softmax_loss_backward(n, k):
    Z, y = labelled(n, k)
    logits = ndl.Tensor(Z)
    nn.SoftmaxLoss()(logits, ndl.Tensor(y)).backward()
    wanted = [
        [(p - (c == label)) / n for c, p in enumerate(loops.probabilities(row))]
        for row, label in zip(Z.tolist(), y, strict=True)
    ]
    claim = f"the slope: probability, minus 1 at the label, by the number of rows ({n})"
    assert_close(logits.grad.numpy(), wanted, claim, rtol=1e-9, atol=1e-12)


def test_nn_softmax_loss_backward_twice():
    Z, y = labelled(3, 4)
    labels = ndl.Tensor(y, requires_grad=False)
    gradient_check(
        lambda z: nn.SoftmaxLoss()(z, labels),
        Z,
        backward=True,
        order=2,
        rtol=1e-5,
        atol=1e-6,
    )


def test_nn_softmax_loss_keeps_float32_and_its_arguments():
    Z, y = labelled(5, 3)
    logits, labels = ndl.Tensor(Z, dtype="float32"), ndl.Tensor(y)
    loss = nn.SoftmaxLoss()(logits, labels)
    assert loss.dtype == np.float32, f"float32 logits gave a loss in {loss.dtype}"
    loss.backward()
    grad_type = logits.grad.dtype
    assert grad_type == np.float32, f"and a gradient in {grad_type}"
    assert np.array_equal(logits.numpy(), Z.astype(np.float32)), "logits were changed"
    assert np.array_equal(labels.numpy(), y), "labels were changed"
