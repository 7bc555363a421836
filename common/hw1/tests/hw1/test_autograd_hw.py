"""Public tests of homework 1, a group of functions for each of questions 1 to 4.

Run one question with ``python3 -m pytest -k topo_sort``, everything with
``python3 -m pytest``. A failing test says which property broke; where the inputs were
drawn at random, the report ends with the smallest ones that break it.
"""

import math
from collections import Counter

import graph_checks
import needle as ndl
import numpy as np
import op_loops
import pytest
from gradient_check import call_name, gradient_check
from graph_checks import assert_order, grad_of
from hypothesis import given
from hypothesis import strategies as st
from needle.autograd import find_topo_sort
from numeric import assert_close
from op_checks import EVERY, check_value, float32_tensors
from strategies import (
    arrays,
    axes,
    axis_pairs,
    broadcasts,
    graphs,
    many,
    matmul_shapes,
    quick,
    reshapes,
    several_arrays,
    shape_pairs,
    shapes,
)

SIGNED = arrays(shapes(max_dims=3, max_side=3))
POSITIVE = arrays(shapes(max_dims=3, max_side=3), low=0.3)
SAME_SHAPE = shapes(max_dims=3, max_side=3).map(lambda shape: (shape, shape))
SUMS = shapes(max_dims=3, max_side=3).flatmap(
    lambda shape: st.tuples(arrays(shape), axes(len(shape)))
)
EXCHANGES = shapes(min_dims=2, max_dims=4, max_side=3).flatmap(
    lambda shape: st.tuples(arrays(shape), axis_pairs(len(shape)))
)
every_operation = pytest.mark.parametrize(
    "f, shapes, kwargs", EVERY, ids=[call_name(f, kwargs) for f, _, kwargs in EVERY]
)

# ------------------------------------------------- question 1: operations, forwards


@quick
@given(POSITIVE, st.sampled_from([2, 3, 1, 0, -1, 0.5, -1.5]))
def test_power_scalar_forward(a, scalar):
    expected = op_loops.elementwise(lambda x: math.pow(x, scalar), a)
    check_value(ndl.power_scalar, [a], expected, scalar=scalar)


def test_power_scalar_of_negative_numbers_forward():
    a = np.array([[-1.5, -2.0, 0.0], [1.0, 3.0, -1.0]])
    for scalar in (2, 3):
        expected = op_loops.elementwise(lambda x, n=scalar: math.pow(x, n), a)
        check_value(ndl.power_scalar, [a], expected, scalar=scalar)


@quick
@given(several_arrays(shape_pairs(), low=0.3))
def test_ewisepow_forward(pair):
    check_value(ndl.power, pair, op_loops.elementwise(math.pow, *pair))


@quick
@given(several_arrays(shape_pairs(), low=0.3))
def test_divide_forward(pair):
    check_value(ndl.divide, pair, op_loops.elementwise(lambda x, y: x / y, *pair))


@quick
@given(SIGNED, st.sampled_from([3, -0.5, 7.25]))
def test_divide_scalar_forward(a, scalar):
    expected = op_loops.elementwise(lambda x: x / scalar, a)
    check_value(ndl.divide_scalar, [a], expected, scalar=scalar)


@quick
@given(several_arrays(matmul_shapes()))
def test_matmul_forward(pair):
    check_value(ndl.matmul, pair, op_loops.product(*pair))


@quick
@given(SUMS)
def test_summation_forward(array_and_axes):
    a, some = array_and_axes
    check_value(ndl.summation, [a], op_loops.total(a, some), axes=some)


@quick
@given(broadcasts())
def test_broadcast_to_forward(small_and_large):
    small, large = small_and_large
    a = np.random.default_rng(0).standard_normal(small)
    check_value(ndl.broadcast_to, [a], op_loops.broadcast(a, large), shape=large)


@quick
@given(reshapes())
def test_reshape_forward(before_and_after):
    before, after = before_and_after
    a = np.arange(math.prod(before), dtype=np.float64).reshape(before)
    check_value(ndl.reshape, [a], op_loops.refill(a, after), shape=after)


@quick
@given(SIGNED)
def test_negate_forward(a):
    check_value(ndl.negate, [a], op_loops.elementwise(lambda x: -x, a))


@quick
@given(EXCHANGES)
def test_transpose_forward(array_and_axes):
    a, pair = array_and_axes
    check_value(ndl.transpose, [a], op_loops.exchange(a, pair), axes=pair)


@quick
@given(arrays(shapes(min_dims=2)))
def test_transpose_of_the_last_two_axes_forward(a):
    check_value(ndl.transpose, [a], op_loops.exchange(a, (-1, -2)))


@quick
@given(POSITIVE)
def test_log_forward(a):
    check_value(ndl.log, [a], op_loops.elementwise(math.log, a))


@quick
@given(SIGNED)
def test_exp_forward(a):
    check_value(ndl.exp, [a], op_loops.elementwise(math.exp, a))


@every_operation
def test_forward_keeps_float32(f, shapes, kwargs):
    result = f(*float32_tensors(shapes), **kwargs)
    assert result.dtype == np.float32, (
        f"{call_name(f, kwargs)} of float32 tensors became {result.dtype}"
    )


def test_ewisepow_of_negative_numbers_forward():
    a, b = np.array([-2.0, -1.5, 3.0]), np.array([3.0, 2.0, -1.0])
    check_value(ndl.power, [a, b], np.array([-8.0, 2.25, 1 / 3]))


def test_divide_scalar_of_integers_forward():
    check_value(ndl.divide_scalar, [np.array([1, 2])], np.array([0.5, 1.0]), scalar=2)


def test_reshape_of_another_memory_order_forward():
    a = np.array([[0.0, 2.0, 4.0], [1.0, 3.0, 5.0]], order="F")
    expected = np.array([[0.0, 2.0], [4.0, 1.0], [3.0, 5.0]])
    check_value(ndl.reshape, [a], expected, shape=(3, 2))


def test_log_of_a_negative_number_forward():
    with np.errstate(invalid="ignore"):
        assert np.isnan(ndl.log(ndl.Tensor([-1.0])).numpy()).all(), (
            "a negative number has no logarithm: log(-1.0) should be nan"
        )


# ------------------------------------------------ question 2: operations, backwards

# gradient_check measures the gradient by central differences and also sees to it that
# inputs and out_grad stay as they are and that the gradient can be differentiated again


@quick
@given(POSITIVE, st.sampled_from([2, 3, 1, 0, -1, 0.5, -1.5]))
def test_power_scalar_backward(a, scalar):
    gradient_check(ndl.power_scalar, a, scalar=scalar)


def test_power_scalar_of_negative_numbers_backward():
    for scalar in (1, 2, 3):
        gradient_check(ndl.power_scalar, np.array([-1.5, 0.0, 2.0]), scalar=scalar)


@quick
@given(several_arrays(SAME_SHAPE, low=0.3))
def test_ewisepow_backward(pair):
    gradient_check(ndl.power, *pair)


@quick
@given(several_arrays(SAME_SHAPE, low=0.5))
def test_divide_backward(pair):
    gradient_check(ndl.divide, *pair)
    gradient_check(ndl.divide, -pair[0], pair[1])


@quick
@given(SIGNED, st.sampled_from([3, -0.5, 7.25]))
def test_divide_scalar_backward(a, scalar):
    gradient_check(ndl.divide_scalar, a, scalar=scalar)


@pytest.mark.parametrize("m, k, n", [(1, 1, 1), (3, 5, 2), (1, 4, 3), (4, 1, 1)])
def test_matmul_simple_backward(m, k, n):
    rng = np.random.default_rng([m, k, n])
    gradient_check(ndl.matmul, rng.standard_normal((m, k)), rng.standard_normal((k, n)))


@quick
@given(several_arrays(matmul_shapes(max_side=3)))
def test_matmul_batched_backward(pair):
    gradient_check(ndl.matmul, *pair)


@quick
@given(reshapes())
def test_reshape_backward(before_and_after):
    before, after = before_and_after
    gradient_check(ndl.reshape, np.ones(before), shape=after)


@quick
@given(SIGNED)
def test_negate_backward(a):
    gradient_check(ndl.negate, a)


@quick
@given(EXCHANGES)
def test_transpose_backward(array_and_axes):
    a, pair = array_and_axes
    gradient_check(ndl.transpose, a, axes=pair)


@quick
@given(arrays(shapes(min_dims=2, max_dims=3, max_side=3)))
def test_transpose_of_the_last_two_axes_backward(a):
    gradient_check(ndl.transpose, a)


@quick
@given(broadcasts(max_side=3))
def test_broadcast_to_backward(small_and_large):
    small, large = small_and_large
    gradient_check(ndl.broadcast_to, np.ones(small), shape=large)


@quick
@given(SUMS)
def test_summation_backward(array_and_axes):
    a, some = array_and_axes
    gradient_check(ndl.summation, a, axes=some)


@quick
@given(POSITIVE)
def test_log_backward(a):
    gradient_check(ndl.log, a)


@quick
@given(SIGNED)
def test_exp_backward(a):
    gradient_check(ndl.exp, a)


@every_operation
def test_backward_keeps_float32(f, shapes, kwargs):
    node = f(*float32_tensors(shapes), **kwargs)
    out_grad = ndl.init.ones_like(node)
    for position, gradient in enumerate(node.op.gradient_as_tuple(out_grad, node)):
        assert gradient.dtype == np.float32, (
            f"{call_name(f, kwargs)} of float32 tensors: the gradient in input"
            f" {position} became {gradient.dtype}"
        )


# ---------------------------------------------------- question 3: topological sort


def test_topo_sort_of_a_chain():
    a = ndl.Tensor([1.0])
    b = a + 1
    c = b * 2
    names = {"a": a, "b": b, "c": c}
    assert_order(find_topo_sort([c]), [a, b, c], names)
    assert_order(find_topo_sort([b]), [a, b], names)
    assert_order(find_topo_sort([a]), [a], names)


def test_topo_sort_visits_inputs_from_left_to_right():
    a, b = ndl.Tensor([1.0]), ndl.Tensor([2.0])
    left, right = a * 2, b * 3
    total = right + left
    names = {"a": a, "b": b, "left": left, "right": right, "total": total}
    assert_order(find_topo_sort([total]), [b, right, a, left, total], names)


def test_topo_sort_lists_a_shared_node_once():
    a, b = ndl.Tensor([1.0]), ndl.Tensor([2.0])
    s = a + b
    t = s * a
    u = s * b
    v = u + t
    names = {"a": a, "b": b, "s": s, "t": t, "u": u, "v": v}
    assert_order(find_topo_sort([v]), [a, b, s, u, t, v], names)


def test_topo_sort_of_a_node_that_is_both_inputs():
    a = ndl.Tensor([1.0])
    b = a + a
    c = b * b
    names = {"a": a, "b": b, "c": c}
    assert_order(find_topo_sort([c]), [a, b, c], names)


def test_topo_sort_of_many_inputs():
    nodes = [ndl.Tensor([float(i)]) for i in range(4)]
    a, b, c, d = nodes
    t = ndl.ops.make_tuple(c, a, d, a, b)
    names = {"a": a, "b": b, "c": c, "d": d, "t": t}
    assert_order(find_topo_sort([t]), [c, a, d, b, t], names)


def test_topo_sort_of_several_outputs():
    a, b = ndl.Tensor([1.0]), ndl.Tensor([2.0])
    x = a * b
    y = b + 1
    z = x + y
    names = {"a": a, "b": b, "x": x, "y": y, "z": z}
    for outputs, wanted in [
        ([x, y], [a, b, x, y]),
        ([y, x], [b, y, a, x]),
        ([y, z], [b, y, a, x, z]),
        ([z, y, a], [a, b, x, y, z]),
        ([x, x], [a, b, x]),
        ([], []),
    ]:
        assert_order(find_topo_sort(outputs), wanted, names)


@many
@given(graphs())
def test_topo_sort_of_random_graphs(graph):
    # leaves of equal values: only which node it is may tell two of them apart
    nodes = graph.run([ndl.Tensor([1.0]) for _ in range(graph.leaves)])
    names = dict(zip(graph.names(), nodes, strict=True))
    for outputs in ([nodes[-1]], nodes[::-1]):
        wanted = graph_checks.expected_order(outputs)
        assert_order(find_topo_sort(outputs), wanted, names)


def test_topo_sort_includes_constants():
    a, one = ndl.Tensor([1.0]), ndl.Tensor([1.0], requires_grad=False)
    b = a * one
    names = {"a": a, "one": one, "b": b}
    assert_order(find_topo_sort([b]), [a, one, b], names)


def test_topo_sort_visits_each_node_once():
    nodes = graph_checks.doubled(64)
    graph_checks.count_inputs(nodes)
    names = {f"h{i}": node for i, node in enumerate(nodes)}
    assert_order(find_topo_sort([nodes[-1]]), nodes, names)


def test_topo_sort_of_a_long_chain():
    nodes = [ndl.Tensor([0.0])]
    for _ in range(300):
        nodes.append(nodes[-1] + 1)
    names = {f"h{i}": node for i, node in enumerate(nodes)}
    assert_order(find_topo_sort([nodes[-1]]), nodes, names)


def test_topo_sort_leaves_the_graph_alone():
    a, b = ndl.Tensor([1.0]), ndl.Tensor([2.0])
    c = a + b
    outputs = [c, a]
    first, second = find_topo_sort(outputs), find_topo_sort(outputs)
    assert_order(first, [a, b, c], {"a": a, "b": b, "c": c})
    assert second == first, "the same call a second time gives another list"
    assert outputs == [c, a], "the list that was passed changed"
    assert list(c.inputs) == [a, b], "the inputs of a node changed"


# -------------------------------------- question 4: reverse-mode differentiation


@many
@given(graphs())
def test_compute_gradient_of_random_graphs(graph):
    leaves = [np.array([0.75, -0.5]) + i / 4 for i in range(graph.leaves)]
    nodes = graph.run([ndl.Tensor(leaf) for leaf in leaves])
    nodes[-1].backward()
    for number, (name, node) in enumerate(zip(graph.names(), nodes, strict=True)):
        if number in graph.used():
            assert grad_of(node) is not None, f"{name}.grad is not set"
            claim = f"{name}.grad, after {graph.names()[-1]}.backward()"
            wanted = graph.slope(leaves, number)
            assert_close(node.grad.numpy(), wanted, claim, rtol=1e-9, atol=1e-9)
        else:
            assert grad_of(node) is None, (
                f"{name} has a grad, and nothing depends on it"
            )


def test_compute_gradient_sums_over_all_uses():
    x = ndl.Tensor([3.0])
    y = x * x + x * 4 + x
    y.backward()
    claim = "x is used four times in x * x + x * 4 + x: the slope at 3 is 2 * 3 + 4 + 1"
    assert_close(x.grad.numpy(), [11.0], claim)


def test_compute_gradient_waits_for_the_longest_way():
    for short_way_first in (True, False):
        x = ndl.Tensor([3.0])
        near = x * 2
        far = near * near * 5
        (near + far if short_way_first else far + near).backward()
        claim = "near.grad is complete once what comes back through far is added"
        assert_close(near.grad.numpy(), [61.0], claim)
        assert_close(x.grad.numpy(), [122.0], "x.grad is twice that of near = x * 2")


def test_compute_gradient_starts_from_out_grad():
    x, y = ndl.Tensor([1.0, 2.0, 3.0]), ndl.Tensor([4.0, 5.0, 6.0])
    z = x * y
    out_grad = ndl.Tensor([10.0, 0.0, -1.0])
    z.backward(out_grad)
    assert_close(z.grad.numpy(), [10, 0, -1], "z.grad after z.backward(out_grad)")
    assert_close(x.grad.numpy(), [40, 0, -6], "x.grad should be out_grad * y")
    assert_close(y.grad.numpy(), [10, 0, -3], "y.grad should be out_grad * x")
    assert_close(out_grad.numpy(), [10, 0, -1], "out_grad was changed", atol=0, rtol=0)


def test_compute_gradient_replaces_older_gradients():
    x = ndl.Tensor([2.0])
    y, z = x * x, x * 10
    for output, slope in ((y, 4.0), (y, 4.0), (z, 10.0), (y, 4.0)):
        output.backward()
        claim = "x.grad should belong to the last backward(), not add up over calls"
        assert_close(x.grad.numpy(), [slope], claim)


def test_compute_gradient_of_a_leaf_and_of_what_is_not_used():
    x, unused = ndl.Tensor([1.0, 2.0]), ndl.Tensor([5.0])
    beside = x * unused
    x.backward()
    assert_close(x.grad.numpy(), [1, 1], "the gradient of a tensor in itself")
    assert grad_of(unused) is None, (
        "a tensor that the output does not depend on has a grad"
    )
    assert grad_of(beside) is None, "a node above the output has a grad"


def test_compute_gradient_passes_constants():
    x = ndl.Tensor([2.0, 3.0])
    constant = ndl.Tensor([5.0, 7.0], requires_grad=False)
    (x * constant + constant * constant).backward()
    assert_close(x.grad.numpy(), [5, 7], "x.grad, where a constant is a factor")


def test_compute_gradient_asks_each_operation_once(monkeypatch):
    counts = Counter()
    for op in (ndl.ops.EWiseAdd, ndl.ops.EWiseMul):
        counted = graph_checks.counted_gradient(op, counts)
        monkeypatch.setattr(op, "gradient", counted)
    x = ndl.Tensor([3.0])
    diamond = (x + x) * (x * x)
    diamond.backward()
    assert_close(x.grad.numpy(), [54.0], "the slope of (x + x) * (x * x) at 3")
    nodes = graph_checks.doubled(64)
    graph_checks.count_inputs(nodes)
    nodes[-1].backward()
    claim = "h0.grad, where each of h1 to h64 is the one before plus itself"
    assert_close(nodes[0].grad.numpy(), [2.0**64, 2.0**64], claim)


def test_compute_gradient_of_a_long_chain():
    x = ndl.Tensor([1.0])
    y = x
    for _ in range(300):
        y = y + x
    y.backward()
    assert_close(x.grad.numpy(), [301.0], "the slope of x + x + ... + x, 301 times x")


def layers(x, first, second):
    """Return a network with two layers, and a loss of its output, as one number."""
    hidden = ndl.log(ndl.exp(x @ first) + 1)
    return ndl.summation((hidden @ second) ** 2) / 3


def test_compute_gradient_of_a_network():
    rng = np.random.default_rng(0)
    sizes = [(3, 4), (4, 5), (5, 2)]
    gradient_check(layers, *[rng.standard_normal(s) for s in sizes], backward=True)


def test_compute_gradient_can_be_differentiated_again():
    x = ndl.Tensor([2.0, -1.0])
    (x * x * x).backward()
    first = x.grad
    assert_close(first.numpy(), [12, 3], "the slope of x ** 3 is 3 * x ** 2")
    first.backward()
    claim = "x.grad.backward() should differentiate the gradient: that of 3 x**2 is 6 x"
    assert_close(x.grad.numpy(), [12, -6], claim)
    rng = np.random.default_rng(1)
    small = [rng.standard_normal(size) for size in [(2, 2), (2, 3), (3, 1)]]
    gradient_check(layers, *small, backward=True, order=2, rtol=1e-5, atol=1e-6)
