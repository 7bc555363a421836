"""Operands of different shapes: the nodes put between, and gradients that fit."""

from __future__ import annotations

import needle as ndl
import numpy as np
import pytest
from gradient_check import gradient_check
from hypothesis import given
from hypothesis.strategies import tuples
from strategies import arrays, quick, shape_pairs

FUNCTIONS = [ndl.add, ndl.multiply, ndl.divide, ndl.power]
every_function = pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
PAIRS = [
    ((2,), (3, 2)),
    ((3, 2), (2,)),
    ((1, 3), (3,)),
    ((), (2, 3)),
    ((2, 3), ()),
    ((3, 1), (1, 4)),
    ((1,), (5,)),
    ((2, 1, 3), (4, 1)),
    ((1, 1, 1), ()),
    ((1,), (0,)),
    ((3, 1), (3, 0)),
]


@every_function
@pytest.mark.parametrize("shapes", PAIRS, ids=str)
def test_values_and_gradients_twice(f, shapes):
    rng = np.random.default_rng(5)
    a, b = (rng.uniform(0.5, 1.5, shape) for shape in shapes)
    twin = {"add": np.add, "multiply": np.multiply, "divide": np.divide}
    expected = twin.get(f.__name__, np.power)(a, b)
    np.testing.assert_allclose(f(ndl.Tensor(a), ndl.Tensor(b)).numpy(), expected)
    gradient_check(f, a, b, backward=True, order=2)


@quick
@given(shape_pairs().flatmap(lambda pair: tuples(*[arrays(s, low=0.5) for s in pair])))
def test_every_gradient_has_the_shape_of_its_input(pair):
    for f in FUNCTIONS:
        a, b = (ndl.Tensor(array) for array in pair)
        f(a, b).backward()
        assert (a.grad.shape, b.grad.shape) == (a.shape, b.shape)


def test_a_node_is_put_before_what_is_repeated_and_only_there():
    row, matrix = ndl.Tensor([1.0, 2.0]), ndl.Tensor(np.ones((3, 2)))
    total = row * matrix
    repeated, same = total.inputs
    assert same is matrix
    assert type(repeated.op) is ndl.ops.BroadcastTo
    assert repeated.inputs == (row,)
    assert repeated.op.shape == (3, 2)
    assert (matrix + matrix).inputs == (matrix, matrix)

    column = ndl.Tensor(np.ones((3, 1)))
    assert [type(node.op) for node in (row + column).inputs] == [
        ndl.ops.BroadcastTo,
        ndl.ops.BroadcastTo,
    ]


def test_one_tensor_may_stand_on_both_sides_of_what_is_repeated():
    x = ndl.Tensor([2.0])
    y = x * ndl.Tensor(np.ones((3, 1))) * x
    y.backward()
    np.testing.assert_array_equal(x.grad.numpy(), [12.0])


def test_a_constant_that_is_repeated_keeps_no_graph():
    x, constant = ndl.Tensor(np.ones((2, 2))), ndl.Tensor([3.0], requires_grad=False)
    repeated = (x * constant).inputs[1]
    assert repeated.is_leaf()
    assert not repeated.requires_grad
    assert (constant + constant.broadcast_to((2, 2))).is_leaf()


def test_lazy_nodes_are_put_between_when_the_value_is_asked_for(lazy):
    row, matrix = ndl.Tensor([1.0, 2.0]), ndl.Tensor(np.ones((3, 2)))
    total = row * matrix
    assert total.inputs == (row, matrix)
    total.backward()
    assert type(total.inputs[0].op) is ndl.ops.BroadcastTo
    np.testing.assert_array_equal(row.grad.numpy(), [3, 3])
    assert matrix.grad.shape == (3, 2)


def test_vectors_in_products_lose_the_axis_they_were_given():
    rng = np.random.default_rng(6)
    for shapes in [((3,), (3,)), ((3,), (3, 2)), ((4, 2, 3), (3,)), ((3,), (4, 3, 2))]:
        a, b = (rng.standard_normal(shape) for shape in shapes)
        x, y = ndl.Tensor(a), ndl.Tensor(b)
        product = x @ y
        np.testing.assert_allclose(product.numpy(), a @ b)
        product.backward()
        assert (x.grad.shape, y.grad.shape) == shapes
