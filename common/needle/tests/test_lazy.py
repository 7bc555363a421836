"""`LAZY_MODE`: the same values and gradients, computed when they are asked for."""

from __future__ import annotations

import needle as ndl
import numpy as np
import pytest
from needle import autograd
from op_table import CASES


@pytest.mark.parametrize("case", CASES, ids=str)
def test_values_and_gradients_are_those_of_eager_mode(case, monkeypatch):
    results = []
    for mode in (False, True):
        monkeypatch.setattr(autograd, "LAZY_MODE", mode)
        tensors = case.tensors()
        y = case.call(*tensors)
        y.backward()
        results.append([y.numpy(), *(tensor.grad.numpy() for tensor in tensors)])
    for eager, lazy in zip(*results, strict=True):
        np.testing.assert_array_equal(eager, lazy)


def test_nothing_is_computed_before_it_is_asked_for(lazy):
    x = ndl.Tensor([1.0, 2.0])
    y = ndl.exp(x * 2 + x) - 1
    z = y / x
    assert y.cached_data is None
    assert y.inputs[0].cached_data is None
    np.testing.assert_allclose(y.numpy(), np.exp([3, 6]) - 1)
    assert y.inputs[0].cached_data is not None
    assert z.cached_data is None


def test_each_node_is_computed_once(lazy, monkeypatch):
    computed = []
    original = ndl.ops.EWiseAdd.compute

    def compute(self, a, b):
        computed.append(1)
        return original(self, a, b)

    monkeypatch.setattr(ndl.ops.EWiseAdd, "compute", compute)
    h = ndl.Tensor([1.0])
    for _ in range(64):
        h = h + h
    assert computed == []
    assert h.numpy() == [2.0**64]
    h.numpy()
    assert len(computed) == 64


def test_inputs_are_computed_from_left_to_right(lazy, monkeypatch):
    order = []
    for op in (ndl.ops.Exp, ndl.ops.Log, ndl.ops.EWiseAdd):

        def compute(self, *arrays, original=op.compute):
            order.append(type(self).__name__)
            return original(self, *arrays)

        monkeypatch.setattr(op, "compute", compute)
    x = ndl.Tensor([1.0])
    (ndl.exp(x) + ndl.log(x)).numpy()
    assert order == ["Exp", "Log", "EWiseAdd"]


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_chain_may_be_longer_than_recursion_is_deep(lazy, side):
    x = h = ndl.Tensor([1.0])
    for _ in range(3000):
        h = h + x if side == "left" else x + h
    assert h.numpy() == [3001]


def test_a_constant_lets_go_of_its_graph_when_it_is_computed(lazy):
    constant = ndl.Tensor([1.0], requires_grad=False) * 2
    assert not constant.is_leaf()
    constant.realize_cached_data()
    assert constant.is_leaf()
    assert constant.inputs == ()


def test_a_gradient_is_computed_when_it_is_asked_for(lazy):
    x = ndl.Tensor([3.0])
    (x * x).backward()
    assert x.grad.cached_data is None
    assert x.grad.numpy() == [6]
    x.grad.backward()
    assert x.grad.numpy() == [2]


def test_a_tuple_can_be_iterated_and_ends(lazy):
    pair = ndl.ops.fused_add_scalars(ndl.Tensor([1.0]), 1.0, 2.0)
    assert [tensor.numpy() for tensor in pair] == [[2], [3]]
