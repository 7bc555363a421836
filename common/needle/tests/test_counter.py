"""`TENSOR_COUNTER` is the number of values alive, whatever happens to them."""

from __future__ import annotations

import copy
import gc
import pickle

import needle as ndl
import numpy as np
import pytest
from needle import autograd


@pytest.fixture
def alive():
    """Return how many values there are more than at the beginning of the test."""
    gc.collect()
    before = autograd.TENSOR_COUNTER
    gc.disable()
    yield lambda: autograd.TENSOR_COUNTER - before
    gc.enable()


def test_values_count_from_birth_to_death(alive):
    x = ndl.Tensor([1.0])
    y = x * 2
    assert alive() == 2
    del x
    assert alive() == 2  # y needs it
    del y
    assert alive() == 0


def test_an_expression_leaves_nothing_behind(alive):
    x = ndl.Tensor([1.0])
    (x * 2 + 1).numpy()
    x.detach().numpy()
    x.data.numpy()
    assert alive() == 1


def test_a_constructor_that_fails_counts_nothing(alive):
    for wrong in (None, "abc", [[1], [1, 2]], object()):
        with pytest.raises((TypeError, ValueError)):
            ndl.Tensor(wrong)
    with pytest.raises(ValueError, match="Reshape"):
        ndl.Tensor([1.0]).reshape((2,))
    with pytest.raises(TypeError):
        ndl.exp(1.0)
    assert alive() == 0


def test_copies_and_pickles_are_values_of_their_own(alive):
    x = ndl.Tensor([1.0, 2.0])
    copies = [copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x))]
    assert alive() == 4
    for each in copies:
        np.testing.assert_array_equal(each.numpy(), [1, 2])
        assert each.requires_grad
    del copies, each
    assert alive() == 1


def test_a_deep_copy_of_a_graph_is_a_graph_of_its_own(alive):
    x = ndl.Tensor([3.0])
    y = copy.deepcopy(x * x)
    assert alive() == 3
    y.backward()
    assert x.grad is None
    assert y.inputs[0].grad.numpy() == [6]


def test_a_deep_copy_shares_no_data_and_a_copy_does():
    x = ndl.Tensor([1.0])
    shared, own = copy.copy(x), copy.deepcopy(x)
    x.cached_data += 1
    assert shared.numpy() == [2]
    assert own.numpy() == [1]


def test_cycles_of_gradients_wait_for_the_collector(alive):
    x = ndl.Tensor([3.0])
    (x * x).backward()
    assert alive() > 1
    x.grad = None
    assert alive() == 1
    (x * x).backward()
    del x
    gc.collect()
    assert alive() == 0


def test_no_grad_leaves_only_the_result(alive):
    x = ndl.Tensor([1.0])
    with ndl.no_grad():
        for _ in range(10):
            x = ndl.exp(x * -0.5)
        assert alive() == 1
