"""`no_grad`: results are constants, nested, after exceptions, as a decorator."""

from __future__ import annotations

import gc
import weakref

import needle as ndl
import numpy as np
import pytest
from needle import grad_mode


def test_what_is_computed_inside_is_a_constant_without_a_graph():
    x = ndl.Tensor([1.0, 2.0])
    with ndl.no_grad():
        y = ndl.exp(x * 2) - x
    assert not y.requires_grad
    assert y.is_leaf()
    assert y.inputs == ()
    np.testing.assert_allclose(y.numpy(), np.exp([2, 4]) - [1, 2])
    assert (x * 2).requires_grad


def test_it_keeps_nothing_alive():
    x = ndl.Tensor([1.0])
    with ndl.no_grad():
        middle = x * 2
        y = middle * 3
    gone = weakref.ref(middle)
    gc.disable()
    try:
        del middle
        assert gone() is None
    finally:
        gc.enable()
    assert y.numpy() == [6]


def test_tensors_made_inside_are_as_they_are_asked_to_be():
    with ndl.no_grad():
        x = ndl.Tensor([1.0])
        w = ndl.init.rand(2, requires_grad=True)
    assert x.requires_grad
    assert w.requires_grad
    (x * 2).backward()
    assert x.grad.numpy() == [2]


def test_nested_and_after_exceptions_the_mode_is_what_it_was():
    with ndl.no_grad():
        with ndl.no_grad():
            assert not grad_mode.ENABLED
        assert not grad_mode.ENABLED
        with pytest.raises(ZeroDivisionError), ndl.no_grad():
            raise ZeroDivisionError
        assert not grad_mode.ENABLED
    assert grad_mode.ENABLED
    with pytest.raises(ValueError, match="MatMul"), ndl.no_grad():
        ndl.Tensor([[1.0]]) @ ndl.Tensor(np.ones((2, 2)))
    assert grad_mode.ENABLED


def test_blocks_that_end_in_another_order_end_all_the_same():
    """Two threads, or two generators, leave in any order."""

    def block():
        with ndl.no_grad():
            yield

    first, second = block(), block()
    next(first)
    next(second)
    first.close()
    assert not grad_mode.ENABLED
    second.close()
    assert grad_mode.ENABLED


def test_as_a_decorator_each_call_is_one_block():
    @ndl.no_grad()
    def twice(x):
        """Double."""
        return x * 2

    x = ndl.Tensor([1.0])
    assert not twice(x).requires_grad
    assert not twice(x).requires_grad
    assert grad_mode.ENABLED
    assert twice.__name__ == "twice"


def test_backward_inside_gives_gradients_that_are_constants():
    x = ndl.Tensor([3.0])
    y = x * x
    with ndl.no_grad():
        y.backward()
    assert x.grad.numpy() == [6]
    assert not x.grad.requires_grad
    y.backward()
    assert x.grad.requires_grad


def test_inside_operands_are_still_broadcast_and_numbers_still_numbers():
    x = ndl.Tensor(np.ones((2, 3), dtype=np.float32))
    with ndl.no_grad():
        y = (1 - x / 2) + ndl.Tensor(np.ones(3, dtype=np.float32))
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y.numpy(), np.full((2, 3), 1.5))


def test_lazy_nodes_made_inside_are_constants_when_they_are_computed(lazy):
    x = ndl.Tensor([1.0])
    with ndl.no_grad():
        y = x * 2
    assert y.cached_data is None
    assert not y.requires_grad
    assert y.numpy() == [2]
    assert y.is_leaf()


def test_tuples_inside_are_constants_too():
    x = ndl.Tensor([1.0])
    with ndl.no_grad():
        pair = ndl.ops.fused_add_scalars(x, 1.0, 2.0)
        first = pair[0]
    assert not pair.requires_grad
    assert pair.is_leaf()
    assert not first.requires_grad
