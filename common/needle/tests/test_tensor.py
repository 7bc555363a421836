"""The tensor as a container: construction, data, dtype, text."""

from __future__ import annotations

import needle as ndl
import numpy as np
import pytest


@pytest.mark.parametrize(
    "given, dtype",
    [
        (1, np.int64),
        (1.0, np.float64),
        (True, np.bool_),
        ([1, 2], np.int64),
        ([1, 2.5], np.float64),
        ([], np.float64),
        (np.float32(1), np.float32),
        (np.ones(2, np.float16), np.float16),
        (np.ones(2, np.uint8), np.uint8),
        (range(3), np.int64),
    ],
    ids=repr,
)
def test_without_a_dtype_it_is_numpys(given, dtype):
    x = ndl.Tensor(given)
    assert x.dtype == dtype == np.asarray(given).dtype
    assert x.shape == np.shape(given)
    assert type(x.realize_cached_data()) is np.ndarray


def test_with_a_dtype_it_is_that_one():
    assert ndl.Tensor([1, 2], dtype="float32").dtype == np.float32
    assert ndl.Tensor(np.ones(2), dtype=np.float32).dtype == np.float32
    assert ndl.Tensor([1.7], dtype="int32").numpy() == [1]
    assert ndl.Tensor(ndl.Tensor([1.5]), dtype="float32").dtype == np.float32


def test_arrays_are_copied_and_tensors_shared():
    array = np.ones(2)
    x = ndl.Tensor(array)
    array += 1
    np.testing.assert_array_equal(x.numpy(), [1, 1])

    shared, other = ndl.Tensor(x), ndl.Tensor(x, dtype="float32")
    assert shared.cached_data is x.cached_data
    assert not np.shares_memory(other.cached_data, x.cached_data)
    assert shared.is_leaf()
    assert shared.requires_grad


def test_defaults():
    x = ndl.Tensor([1.0], anything="is ignored")
    assert x.requires_grad
    assert x.grad is None
    assert x.op is None
    assert len(x.inputs) == 0
    assert x.num_outputs == 1
    assert x.device == ndl.cpu()


def test_data_shares_the_array_and_knows_no_graph():
    x = ndl.Tensor([1.0, 2.0])
    y = x * 2
    for constant in (y.data, y.detach()):
        assert type(constant) is ndl.Tensor
        assert constant.cached_data is y.cached_data
        assert not constant.requires_grad
        assert constant.is_leaf()
    assert not (y.data * 3).requires_grad


def test_a_constant_around_what_has_no_axes_holds_an_array():
    array = np.ones((), np.float32)
    constant = ndl.Tensor.make_const(array * 2)  # NumPy makes a scalar of it
    assert type(constant.cached_data) is np.ndarray
    assert constant.shape == ()
    assert constant.dtype == np.float32
    assert ndl.Tensor.make_const(array).cached_data is array


def test_data_can_be_replaced_and_only_by_a_tensor_of_the_same_dtype():
    x = ndl.Tensor(np.ones((1, 2), dtype=np.float32))
    x.data = ndl.Tensor(np.zeros(2, dtype=np.float32))  # another shape is allowed
    assert x.shape == (2,)
    assert x.requires_grad
    x.data -= 0.5 * ndl.ones(2)
    np.testing.assert_array_equal(x.numpy(), [-0.5, -0.5])
    assert x.is_leaf()
    with pytest.raises(AssertionError, match="float64 for a tensor of dtype float32"):
        x.data = ndl.Tensor([1.0, 2.0])
    with pytest.raises(AssertionError, match="has to be a Tensor, not ndarray"):
        x.data = np.zeros(2, dtype=np.float32)
    np.testing.assert_array_equal(x.numpy(), [-0.5, -0.5])


def test_a_step_of_gradient_descent_keeps_float32_and_no_graph():
    w = ndl.Tensor(np.ones((2, 2), dtype=np.float32))
    for _ in range(3):
        (w * w).sum().backward()
        w.data = w.data - np.float64(0.1) * w.grad.data
    assert w.dtype == np.float32
    assert w.is_leaf()
    np.testing.assert_allclose(w.numpy(), np.full((2, 2), 0.8**3), rtol=1e-6)


def test_text():
    assert repr(ndl.Tensor([1.0, 2.0])) == "needle.Tensor([1. 2.])"
    assert str(ndl.Tensor([1.0, 2.0])) == "[1. 2.]"
    assert repr(ndl.Tensor(3)) == "needle.Tensor(3)"


def test_a_single_number_is_formatted_as_one():
    loss = ndl.Tensor(1.23456)
    assert f"{loss:.2f}|{loss:>8.1e}|{ndl.Tensor([7]):03d}" == "1.23| 1.2e+00|007"
    assert f"{loss}|{ndl.Tensor([1.0, 2.0])}" == "1.23456|[1. 2.]"
    with pytest.raises(ValueError, match="size 1"):
        format(ndl.Tensor([1.0, 2.0]), ".2f")


def test_methods_are_operations():
    x = ndl.Tensor(np.arange(6.0).reshape(2, 3))
    assert type(x.sum().op) is ndl.ops.Summation
    assert x.sum(axes=(1,)).shape == (2,)
    assert x.reshape((3, 2)).shape == (3, 2)
    assert x.transpose().shape == (3, 2)
    assert x.transpose(axes=(0, 1)).shape == (3, 2)
    assert x.broadcast_to((4, 2, 3)).shape == (4, 2, 3)
    assert x.matmul(x.transpose()).shape == (2, 2)


def test_axes_and_shapes_may_be_lists_and_numpys_integers():
    x = ndl.Tensor(np.arange(6.0).reshape(2, 3))
    for axes, kept in [
        ([0], (0,)),
        ((np.int64(0),), (0,)),
        (np.int64(-1), -1),
        (range(2), (0, 1)),
        (np.array([0, 1]), (0, 1)),
        (None, None),
    ]:
        y = x.sum(axes)
        assert y.op.axes == kept
        assert type(y.op.axes) is type(kept)
        y.backward()
        np.testing.assert_array_equal(x.grad.numpy(), np.ones((2, 3)))
    for shape in ([3, 2], np.array([3, 2]), (np.int32(3), 2)):
        assert x.reshape(shape).op.shape == (3, 2)
        assert x.broadcast_to([1, *x.shape]).op.shape == (1, 2, 3)
    assert x.reshape(6).shape == x.reshape(np.int64(6)).shape == (6,)
    assert x.transpose([1, 0]).op.axes == (1, 0)
