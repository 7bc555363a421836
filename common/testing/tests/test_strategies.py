"""What the strategies draw is what they promise, and all kinds of it."""

from __future__ import annotations

import needle as ndl
import numpy as np
import pytest
import strategies as ours
from hypothesis import find, given, settings
from hypothesis import strategies as st
from hypothesis.vendor.pretty import pretty
from random_graph import RandomGraph

drawn = settings(ours.quick, max_examples=100)


@drawn
@given(st.data())
def test_axes_are_axes_of_a_sum(data):
    shape = data.draw(ours.shapes())
    axes = data.draw(ours.axes(len(shape)))
    np.zeros(shape).sum(axis=axes)
    assert axes is None or isinstance(axes, int) or axes


@drawn
@given(st.data())
def test_axis_pairs_are_different_axes(data):
    ndim = data.draw(st.integers(2, 4))
    first, second = data.draw(ours.axis_pairs(ndim))
    assert first % ndim != second % ndim
    np.swapaxes(np.zeros((2,) * ndim), first, second)


@drawn
@given(ours.broadcasts(), ours.shape_pairs(), ours.matmul_shapes(), ours.reshapes())
def test_shapes_fit(broadcast, pair, matrices, reshape):
    assert np.broadcast_to(np.zeros(broadcast[0]), broadcast[1]).shape == broadcast[1]
    np.broadcast_shapes(*pair)
    np.matmul(np.zeros(matrices[0]), np.zeros(matrices[1]))
    assert all(len(shape) >= 2 for shape in matrices)
    assert np.zeros(reshape[0]).reshape(reshape[1]).shape == reshape[1]


@drawn
@given(ours.shapes(), st.sampled_from([np.float32, np.float64]), st.data())
def test_arrays_have_shape_dtype_and_range(shape, dtype, data):
    array = data.draw(ours.arrays(shape, low=0.3, high=1.1, dtype=dtype))
    assert (array.shape, array.dtype) == (shape, dtype)
    assert (array >= dtype(0.3)).all()
    assert (array <= dtype(1.1)).all()


@pytest.mark.parametrize(
    "strategy, wanted",
    [
        (ours.shapes(), lambda shape: shape == ()),
        (ours.shapes(), lambda shape: len(shape) == 4 and 1 in shape),
        (ours.axes(3), lambda axes: axes is None),
        (ours.axes(3), lambda axes: isinstance(axes, int) and axes < 0),
        (ours.axes(3), lambda axes: isinstance(axes, tuple) and len(axes) == 1),
        (ours.axes(3), lambda axes: isinstance(axes, tuple) and len(axes) == 3),
        (ours.axis_pairs(3), lambda pair: pair[0] < 0 <= pair[1]),
        (ours.broadcasts(), lambda pair: pair[0] == () and len(pair[1]) > 1),
        (ours.broadcasts(), lambda pair: 1 in pair[0] and 1 not in pair[1]),
        (ours.broadcasts(), lambda pair: len(pair[0]) == len(pair[1]) > 1),
        (ours.shape_pairs(), lambda pair: len(pair[0]) != len(pair[1])),
        (ours.matmul_shapes(), lambda pair: len(pair[0]) > len(pair[1]) > 2),
        (ours.reshapes(), lambda pair: len(pair[1]) > len(pair[0]) > 1),
        (ours.arrays((3,)), lambda array: array.min() < 0 < array.max()),
        (ours.graphs(), lambda graph: len(graph.used()) < len(graph)),
        (ours.graphs(), lambda graph: ("*", 0, 0) in graph.steps),
        (ours.graphs(), lambda graph: len(graph.steps) == 7),
    ],
)
def test_every_kind_is_drawn(strategy, wanted):
    find(strategy, wanted, settings=settings(ours.quick, max_examples=2000))


def test_the_smallest_graph_that_uses_a_value_twice_reads_well():
    def twice(graph):
        return any(step[0] == "*" and step[1] == step[2] for step in graph.steps)

    found = find(ours.graphs(), twice)
    assert repr(found) == "RandomGraph: b = a * a"
    assert pretty(found) == repr(found)  # in the report of a failing test, too


@drawn
@given(ours.graphs())
def test_a_graph_has_a_twin_in_numpy(graph):
    leaves = [np.array([0.75, -0.5]) + i / 4 for i in range(graph.leaves)]
    nodes = graph.run([ndl.Tensor(leaf) for leaf in leaves])
    for node, value in zip(nodes, graph.run(leaves), strict=True):
        np.testing.assert_allclose(node.numpy(), value, rtol=1e-12)
    assert len(nodes) == len(graph) == len(graph.names())
    assert graph.used() == {
        number
        for number, node in enumerate(nodes)
        if node in ndl.autograd.find_topo_sort([nodes[-1]])
    }


def test_the_slope_of_a_graph():
    # d = (a + b) * (a + b) * 0.5, e = d + 3
    steps = (("+", 0, 1), ("*", 2, 2), ("*c", 3, 0.5), ("+c", 4, 3))
    graph = RandomGraph(2, steps)
    at = [np.array([1.0, 2.0]), np.array([3.0, 5.0])]
    for number, slope in [(0, [4, 7]), (2, [4, 7]), (3, [0.5, 0.5]), (5, [1, 1])]:
        np.testing.assert_array_equal(graph.slope(at, number), slope)
    unused = RandomGraph(2, (("*", 0, 0),)).slope(at, 1)
    np.testing.assert_array_equal(unused, [0, 0])
