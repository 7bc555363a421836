"""The graph itself: its order, its sums, and how much work it takes."""

from __future__ import annotations

import gc
from collections import Counter

import needle as ndl
import numpy as np
import pytest
from gradient_check import gradient_check
from hypothesis import given
from needle.autograd import find_topo_sort
from strategies import graphs, quick

LONG = 100_000


@pytest.fixture
def evaluations(monkeypatch):
    """Count how often `compute` and `gradient` of the operations used here run."""
    counts = Counter()
    for kind in (ndl.ops.EWiseAdd, ndl.ops.EWiseMul, ndl.ops.MulScalar, ndl.ops.Exp):
        for method in ("compute", "gradient"):
            monkeypatch.setattr(kind, method, _counted(kind, method, counts))
    return counts


def _counted(kind, method, counts):
    original = getattr(kind, method)

    def count(self, *args):
        counts[method] += 1
        return original(self, *args)

    return count


def test_a_diamond_sums_over_both_ways_once(evaluations):
    x = ndl.Tensor([3.0])
    h = x * 2
    y = h * h + h
    y.backward()
    assert x.grad.numpy() == [2 * (2 * 6 + 1)]
    assert h.grad.numpy() == [13]
    # the four nodes, the gradient's own products and sums aside
    assert evaluations["gradient"] == 3


def test_64_doublings_are_64_steps(evaluations):
    x = h = ndl.Tensor([1.0])
    for _ in range(64):
        h = h + h
    h.backward()
    assert h.numpy() == [2.0**64]
    assert x.grad.numpy() == [2.0**64]
    assert evaluations["gradient"] == 64
    assert evaluations["compute"] == 64 + 64  # and one sum for each gradient


@pytest.mark.parametrize("size", [1, 10, 100])
def test_the_work_is_linear_in_the_size_of_the_graph(evaluations, size):
    y = ndl.Tensor([1.0])
    for _ in range(size):
        y = ndl.exp(y * y * -1.0)
    y.backward()
    assert evaluations["gradient"] == 3 * size
    # A round is 3 forwards; 5 backwards: exp, the scalar, two products and their sum.
    assert evaluations["compute"] == (3 + 5) * size


def _chain(length):
    x = y = ndl.Tensor([1.0])
    for _ in range(length):
        y = y + 1
    return x, y


def test_a_chain_of_100000_nodes_forwards_and_backwards():
    x, y = _chain(LONG)
    assert y.numpy() == [LONG + 1]
    y.backward()
    assert x.grad.numpy() == [1]
    assert len(find_topo_sort([y])) == LONG + 1


def test_a_chain_of_100000_nodes_is_computed_when_it_is_asked_for(lazy):
    x, y = _chain(LONG)
    assert y.cached_data is None
    assert y.numpy() == [LONG + 1]
    y.backward()
    assert x.grad.numpy() == [1]


def test_a_long_chain_is_freed_as_soon_as_nobody_has_it():
    gc.collect()
    before = ndl.autograd.TENSOR_COUNTER
    x, y = _chain(LONG)
    assert before + LONG < ndl.autograd.TENSOR_COUNTER
    gc.disable()
    try:
        del x, y
        assert before == ndl.autograd.TENSOR_COUNTER
    finally:
        gc.enable()


def test_gradients_and_their_graph_are_freed_by_the_collector():
    gc.collect()
    before = ndl.autograd.TENSOR_COUNTER
    x, y = _chain(1000)
    y.backward()
    (x.grad * x).backward()
    del x, y
    gc.collect()
    assert before == ndl.autograd.TENSOR_COUNTER


@quick
@given(graphs())
def test_random_graphs_agree_with_numpy_and_with_measured_gradients(graph):
    points = [np.array([0.5 + i, -0.25 * i]) for i in range(graph.leaves)]
    values = graph.run([ndl.Tensor(point) for point in points])
    for value, expected in zip(values, graph.run(points), strict=True):
        np.testing.assert_allclose(value.numpy(), expected)

    def last(*leaves):
        return graph.run(leaves)[-1]

    if max(abs(graph.run(points)[-1])) < 1e3:  # else differences lose their digits
        gradient_check(last, *points, backward=True, order=2, rtol=1e-5, atol=1e-4)


@quick
@given(graphs(max_steps=12))
def test_the_order_is_that_of_a_recursive_search(graph):
    values = graph.run([ndl.Tensor([1.0]) for _ in range(graph.leaves)])
    outputs = [values[-1], values[len(values) // 2], values[-1]]
    order, visited = [], set()

    def visit(node):
        if id(node) not in visited:
            visited.add(id(node))
            for below in node.inputs:
                visit(below)
            order.append(node)

    for output in outputs:
        visit(output)
    assert [id(node) for node in find_topo_sort(outputs)] == [id(n) for n in order]


def test_nothing_of_no_nodes():
    assert find_topo_sort([]) == []


def test_every_node_on_the_way_gets_its_gradient():
    x = ndl.Tensor([[1.0, 2.0]])
    h = x * 3
    s = h.sum()
    s.backward()
    for node, expected in [(s, 1), (h, [[1, 1]]), (x, [[3, 3]])]:
        np.testing.assert_array_equal(node.grad.numpy(), expected)


def test_gradients_are_replaced_not_accumulated():
    x = ndl.Tensor([2.0])
    y = x * x
    y.backward()
    first = x.grad
    y.backward()
    assert x.grad is not first
    assert x.grad.numpy() == [4]
    (x * 10).backward()
    assert x.grad.numpy() == [10]


def test_grad_is_none_where_nothing_flowed():
    x, unused = ndl.Tensor([2.0]), ndl.Tensor([2.0])
    constant = ndl.Tensor([5.0], requires_grad=False)
    assert x.grad is None
    (x * constant).backward()
    assert unused.grad is None
    assert constant.grad is None
    assert x.grad.numpy() == [5]


def test_requires_grad_can_be_switched_on_a_leaf():
    x, w = ndl.Tensor([2.0]), ndl.Tensor([3.0], requires_grad=False)
    w.requires_grad = True
    (x * w).backward()
    assert w.grad.numpy() == [2]


def test_backward_begins_with_what_it_is_given():
    x = ndl.Tensor([1.0, 2.0])
    y = x * 3
    for seed in (ndl.Tensor([1.0, 10.0]), np.array([1.0, 10.0]), [1.0, 10.0]):
        y.backward(seed)
        np.testing.assert_array_equal(x.grad.numpy(), [3, 30])
    zero = ndl.Tensor([0.0, 0.0])
    y.backward(zero)
    np.testing.assert_array_equal(x.grad.numpy(), [0, 0])
    y.backward()
    np.testing.assert_array_equal(x.grad.numpy(), [3, 3])


def test_backward_from_a_leaf_gives_it_ones():
    x = ndl.Tensor(np.ones((2, 3), dtype=np.float32))
    x.backward()
    assert x.grad.dtype == np.float32
    np.testing.assert_array_equal(x.grad.numpy(), np.ones((2, 3)))


def test_derivatives_of_derivatives():
    x = ndl.Tensor([2.0])
    y = x**4
    for expected in (4 * 2**3, 12 * 2**2, 24 * 2, 24, 0):
        y.backward()
        y = x.grad
        assert y.numpy() == [expected]
