"""Tuples of tensors as nodes of the graph."""

from __future__ import annotations

import gc

import needle as ndl
import numpy as np
import pytest
from needle.ops import fused_add_scalars, make_tuple, tuple_get_item


@pytest.fixture
def pair():
    return make_tuple(ndl.Tensor([1.0, 2.0]), ndl.Tensor([[3.0]]))


def test_a_tuple_has_a_length_items_and_an_end(pair):
    assert len(pair) == 2
    assert [tensor.shape for tensor in pair] == [(2,), (1, 1)]
    assert list(pair) == [pair[0], pair[1]]
    first, second = pair
    assert (first, second) == pair.tuple()
    assert isinstance(pair.tuple(), tuple)
    assert pair.num_outputs == 1


@pytest.mark.parametrize("index", [2, -1, 17])
def test_an_index_beyond_the_end(pair, index):
    with pytest.raises(IndexError, match=f"index {index} of a tuple of 2 tensors"):
        pair[index]


def test_an_item_of_a_tuple_just_made_is_what_it_was_made_of():
    a, b = ndl.Tensor([1.0]), ndl.Tensor([2.0])
    assert make_tuple(a, b)[1] is b
    item = ndl.ops.TupleGetItem(1)(make_tuple(a, b), fold_const=False)
    assert type(item.op) is ndl.ops.TupleGetItem
    assert item.numpy() == [2]


def test_text(pair):
    x = make_tuple(ndl.Tensor([1.0]))
    assert str(x) == repr(x) == "needle.TensorTuple(needle.Tensor([1.]),)"


def test_gradients_through_items_used_once_often_or_never():
    x = ndl.Tensor([1.0, 2.0])
    pair = fused_add_scalars(x, 1.0, 10.0)
    (pair[0] * pair[0] + pair[1] * 3).backward()
    # (x + 1)^2 + 3 (x + 10)
    np.testing.assert_array_equal(x.grad.numpy(), [2 * 2 + 3, 2 * 3 + 3])

    tuple_get_item(fused_add_scalars(x, 1.0, 10.0), 1).backward()
    np.testing.assert_array_equal(x.grad.numpy(), [1, 1])


def test_gradients_of_a_tuple_that_was_not_folded():
    a, b = ndl.Tensor([2.0]), ndl.Tensor(np.ones((2, 3)))
    pair = make_tuple(a, b)
    first = ndl.ops.TupleGetItem(0)(pair, fold_const=False)
    second = ndl.ops.TupleGetItem(1)(pair, fold_const=False)
    (first * first + second.sum() * 5).backward()
    assert a.grad.numpy() == [4]
    np.testing.assert_array_equal(b.grad.numpy(), np.full((2, 3), 5))


def test_second_derivatives_through_a_tuple():
    x = ndl.Tensor([2.0])
    pair = fused_add_scalars(x, 1.0, 10.0)
    (pair[0] * pair[0] * pair[1]).backward()
    # f = (x+1)^2 (x+10), f' = 2 (x+1)(x+10) + (x+1)^2, f'' = 2 (x+10) + 4 (x+1)
    assert x.grad.numpy() == [2 * 3 * 12 + 9]
    x.grad.backward()
    assert x.grad.numpy() == [2 * 12 + 4 * 3]


def test_float32_stays_in_tuples():
    x = ndl.Tensor(np.ones(2, dtype=np.float32))
    for item in fused_add_scalars(x, np.float64(1.0), 2.0):
        assert item.dtype == np.float32


def test_sums_and_detached_tuples(pair):
    total = pair + pair
    assert [tensor.numpy().tolist() for tensor in total] == [[2, 4], [[6]]]
    with pytest.raises(AssertionError, match="a tuple of 2 tensors plus one of 1"):
        pair + make_tuple(pair[0])
    with pytest.raises(TypeError):
        pair + 1
    constant = pair.detach()
    assert not constant.requires_grad
    assert constant.is_leaf()
    assert [tensor.requires_grad for tensor in constant] == [False, False]


def test_a_tuple_gradient_of_other_shapes_is_refused():
    class Wrong(ndl.ops.TensorOp):
        def compute(self, a):
            return a[0]

        def gradient(self, out_grad, node):
            return make_tuple(out_grad, out_grad)

    pair = fused_add_scalars(ndl.Tensor([1.0, 2.0]), 0.0, 0.0)
    Wrong()(pair).backward()
    other = make_tuple(ndl.Tensor([1.0, 2.0]), ndl.Tensor([[3.0]]))
    with pytest.raises(
        ValueError, match=r"shape \(\(2,\), \(2,\)\) for input 0, which"
    ):
        Wrong()(other).backward()


def test_tuples_are_freed(pair):
    gc.collect()
    before = ndl.autograd.TENSOR_COUNTER
    for _ in range(3):
        list(fused_add_scalars(pair[0], 1.0, 2.0))
    assert before == ndl.autograd.TENSOR_COUNTER
