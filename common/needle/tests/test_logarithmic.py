"""LogSumExp, LogSoftmax and the loss: exact where the naive formula overflows."""

from __future__ import annotations

import needle as ndl
import numpy as np
import pytest
from gradient_check import gradient_check
from hypothesis import given
from hypothesis import strategies as st
from needle import nn
from strategies import arrays, axes, many, quick, shapes

MATRICES = [(1, 1), (1, 5), (4, 1), (3, 4), (17, 10)]


def logsumexp(x, over):
    return np.log(np.exp(np.asarray(x, dtype="float64")).sum(axis=over))


@st.composite
def sums(draw):
    shape = draw(shapes(max_dims=4, max_side=4))
    return draw(arrays(shape)), draw(axes(len(shape)))


@many
@given(sums())
def test_the_value_is_that_of_the_formula(drawn):
    x, over = drawn
    result = ndl.logsumexp(ndl.Tensor(x), over)
    expected = np.asarray(logsumexp(x, over))
    assert result.shape == expected.shape
    assert type(result.cached_data) is np.ndarray
    np.testing.assert_allclose(result.numpy(), expected, rtol=1e-12, atol=1e-12)


@quick
@given(sums())
def test_its_gradient_is_the_measured_one_and_has_a_gradient(drawn):
    x, over = drawn
    gradient_check(ndl.logsumexp, x, axes=over)
    gradient_check(ndl.logsumexp, x, axes=over, backward=True, order=2)


@quick
@given(sums(), st.sampled_from([1e4, -1e4, 1e30, -1e30, 1e300]))
def test_a_common_summand_comes_out_whatever_its_size(drawn, shift):
    x, over = drawn
    shifted = ndl.Tensor(x * 0 + shift)
    count = np.exp(logsumexp(x * 0, over))
    result = ndl.logsumexp(shifted, over)
    np.testing.assert_allclose(result.numpy(), shift + np.log(count), rtol=1e-12)
    result.backward()
    if abs(shift) < 1e5:  # past that the logarithm is lost in the digits of the sum
        slopes = np.full(x.shape, 1 / count.flat[0])
        np.testing.assert_allclose(shifted.grad.numpy(), slopes, rtol=1e-9)


@pytest.mark.parametrize("over", [None, 0, 1, (0,), (0, 1), -1])
def test_far_apart_numbers_each_slice_has_its_own_largest(over):
    x = np.array([[1e4, -1e4, 0.0], [-1e5, -1e5, -1e5], [800.0, 799.0, 801.0]])
    result = ndl.logsumexp(ndl.Tensor(x), over)
    # NumPy's own way of adding two logarithms
    expected = np.logaddexp.reduce(
        x.ravel() if over in (None, (0, 1)) else x,
        axis=over[0] if isinstance(over, tuple) else over or 0,
    )
    np.testing.assert_allclose(result.numpy(), expected, rtol=1e-14)


def test_a_part_that_cannot_be_is_left_out():
    x = ndl.Tensor([[0.0, -np.inf, 0.0]])
    result = ndl.logsumexp(x, 1)
    np.testing.assert_allclose(result.numpy(), [np.log(2)])
    result.backward()
    np.testing.assert_allclose(x.grad.numpy(), [[0.5, 0, 0.5]])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_types_stay(dtype):
    for function in (ndl.logsumexp, ndl.ops.logsoftmax):
        x = ndl.Tensor([[1.0, 2.0], [3.0, 5.0]], dtype=dtype)
        result = function(x)
        result.backward()
        assert result.dtype == x.grad.dtype == np.dtype(dtype)


@pytest.mark.parametrize("shape", MATRICES, ids=str)
def test_logsoftmax_is_a_row_less_its_logsumexp(shape):
    x = np.random.default_rng(0).standard_normal(shape)
    result = ndl.ops.logsoftmax(ndl.Tensor(x))
    expected = x - logsumexp(x, 1)[:, np.newaxis]
    np.testing.assert_allclose(result.numpy(), expected, atol=1e-12)
    np.testing.assert_allclose(np.exp(result.numpy()).sum(axis=1), 1, rtol=1e-12)
    gradient_check(ndl.ops.logsoftmax, x)
    gradient_check(ndl.ops.logsoftmax, x, backward=True, order=2)


@pytest.mark.parametrize("shift", [1e4, -1e4, 1e8])
def test_logsoftmax_does_not_change_with_a_common_summand(shift):
    # what is added has to leave the digits of x: eighths do
    x = np.random.default_rng(0).integers(-8, 8, (3, 4)) / 8
    plain, shifted = (ndl.ops.logsoftmax(ndl.Tensor(x + s)) for s in (0, shift))
    np.testing.assert_allclose(shifted.numpy(), plain.numpy(), rtol=1e-12)


SAID = [
    (
        lambda: ndl.logsumexp(ndl.init.ones(2, 3), 2),
        "LogSumExp(axes=2) of (2, 3): there is no axis 2: the tensor has 2 axes,"
        " 0 to 1",
    ),
    (
        lambda: ndl.logsumexp(ndl.init.ones(2, 3), (1, -1)),
        "LogSumExp(axes=(1, -1)) of (2, 3): axis 1 is named more than once",
    ),
    (
        lambda: ndl.ops.logsoftmax(ndl.init.ones(3)),
        "LogSoftmax of (3,): it works on rows, and the tensor has 1 axis in place of 2",
    ),
]


@pytest.mark.parametrize("do, said", SAID)
def test_a_failure_is_one_exact_line(do, said):
    with pytest.raises(ValueError) as error:
        do()
    assert str(error.value) == said


class TestSoftmaxLoss:
    """The mean over examples of what the true class is short of certainty."""

    @staticmethod
    def twin(logits, labels):
        rows = np.arange(len(labels))
        return (
            logsumexp(logits, 1) - np.asarray(logits, dtype="float64")[rows, labels]
        ).mean()

    @pytest.mark.parametrize("shape", MATRICES, ids=str)
    @pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32, np.float64])
    def test_value_and_gradient(self, shape, dtype):
        rng = np.random.default_rng(1)
        logits = rng.standard_normal(shape)
        labels = rng.integers(shape[1], size=shape[0])
        y = ndl.Tensor(labels.astype(dtype), requires_grad=False)

        loss = nn.SoftmaxLoss()(ndl.Tensor(logits), y)

        assert loss.shape == ()
        np.testing.assert_allclose(float(loss), self.twin(logits, labels), atol=1e-12)
        gradient_check(lambda Z: nn.SoftmaxLoss()(Z, y), logits, backward=True, order=2)

    def test_labels_need_no_gradient_and_get_none(self):
        y = ndl.Tensor([0, 1])
        nn.SoftmaxLoss()(ndl.Tensor([[1.0, 2.0], [0.0, 1.0]]), y).backward()
        assert y.grad is None

    def test_float32_stays(self):
        Z = ndl.init.randn(4, 3, requires_grad=True)
        loss = nn.SoftmaxLoss()(Z, ndl.Tensor(np.array([0, 2, 1, 1], dtype="uint8")))
        loss.backward()
        assert loss.dtype == Z.grad.dtype == np.float32

    def test_sure_and_wrong_is_a_finite_loss(self):
        Z = ndl.Tensor([[1e4, -1e4], [-1e4, 1e4]])
        loss = nn.SoftmaxLoss()(Z, ndl.Tensor([1, 1]))
        assert float(loss) == 1e4
        loss.backward()
        np.testing.assert_allclose(Z.grad.numpy(), [[0.5, -0.5], [0, 0]])
