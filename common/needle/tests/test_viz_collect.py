"""What a picture shows: every node once, every use an edge, gradients and names."""

from __future__ import annotations

import doctest
import gc

import needle as ndl
import numpy as np
import pytest
from needle import autograd, viz
from needle.viz.model import Edge


def tensor(*values: float) -> ndl.Tensor:
    return ndl.Tensor(np.array(values, dtype=float))


def kinds(picture: viz.Picture) -> dict[str, str]:
    return {node.name or node.op: node.kind for node in picture.nodes}


def pairs(picture: viz.Picture, *, link: bool = False) -> list[tuple[str, str]]:
    called = [node.name or node.op for node in picture.nodes]
    return [
        (called[edge.source], called[edge.target])
        for edge in picture.edges
        if edge.link is link
    ]


def snapshot(*roots: autograd.Value) -> dict[int, tuple[object, ...]]:
    """Return everything about all nodes that can be reached, by identity."""
    found: dict[int, autograd.Value] = {}
    todo = list(roots)
    while todo:
        node = todo.pop()
        if id(node) not in found:
            found[id(node)] = node
            todo += [*node.inputs, *([node.grad] if node.grad is not None else [])]
    return {
        key: (id(n.op), tuple(map(id, n.inputs)), id(n.cached_data), id(n.grad))
        for key, n in found.items()
    }


def test_the_example_of_its_documentation_is_true():
    result = doctest.testmod(viz)
    assert (result.attempted, result.failed) == (6, 0)


def test_a_shared_node_stands_once_with_an_edge_for_each_use():
    a, b = tensor(1, 2), tensor(3, 4)
    picture = viz.graph(a * b + a, a=a, b=b)
    assert [node.op for node in picture.nodes] == [
        "leaf",
        "leaf",
        "EWiseMul",
        "EWiseAdd",
    ]
    assert [(edge.source, edge.target) for edge in picture.edges] == [
        (0, 2),
        (1, 2),
        (2, 3),
        (0, 3),
    ]


def test_an_input_used_twice_by_one_operation_has_two_edges():
    h = tensor(1)
    assert viz.graph(h + h).edges == (Edge(0, 1, "(1,)"), Edge(0, 1, "(1,)"))


def test_inputs_keep_their_order():
    a, b = tensor(1, 2), tensor(3, 4)
    assert pairs(viz.graph(b / a, a=a, b=b)) == [("b", "EWiseDiv"), ("a", "EWiseDiv")]


def test_nodes_come_after_their_inputs():
    x = tensor(1, 2, 3)
    y = ndl.exp(x)
    for _ in range(5):
        y = (y * x + ndl.exp(-y)) / (x + y)
    y.backward()
    picture = viz.graph(y, gradients=True)
    assert all(edge.source < edge.target for edge in picture.edges)


def test_each_node_says_what_it_is():
    x = ndl.Tensor(np.ones((2, 3)), dtype="float32")
    c = ndl.Tensor(np.ones((2, 1)), requires_grad=False)
    y = ndl.summation(x * c, axes=(1,))
    picture = viz.graph(y, x=x, y=y)
    assert [(node.kind, node.name, node.op) for node in picture.nodes] == [
        ("leaf", "x", "leaf"),
        ("constant", "", "constant"),  # broadcast: that of a constant is a constant
        ("operation", "", "EWiseMul"),
        ("output", "y", "Summation(axes=(1,))"),
    ]
    last = picture.nodes[-1]
    assert (last.shape, last.dtype) == ("(2,)", "float64")


def test_a_tag_names_the_dtype_only_where_it_is_unusual():
    for dtype, tag in [
        ("float32", "(3,)"),
        ("float64", "(3,)"),
        ("int8", "(3,) int8"),
        ("bool", "(3,) bool"),
    ]:
        (node,) = viz.graph(ndl.Tensor([0, 1, 1], dtype=dtype)).nodes
        assert node.tag == tag


def test_few_numbers_are_written_down_and_many_are_not():
    values = [
        viz.graph(ndl.Tensor(data)).nodes[0].value
        for data in (2.5, [1, 2], [[1.0, 2.0], [3.0, 1 / 3]], [1] * 5, [])
    ]
    assert values == ["2.5", "[1, 2]", "[[1, 2], [3, 0.3333]]", "", "[]"]
    assert viz.graph(ndl.Tensor(2.5), values=False).nodes[0].value == ""


def test_notes_say_what_the_values_are_like():
    data = np.array([1.0, 2.0, 3.0, np.nan, np.inf, -np.inf])
    (node,) = viz.graph(ndl.Tensor(data)).nodes
    assert "mean 2  std 0.8165  min 1  max 3  1 nan  2 inf" in node.note
    assert "shape (6,)  float64" in node.note
    assert node.value == "1 nan  2 inf"


@pytest.mark.filterwarnings("error")
def test_notes_on_numbers_whose_squares_overflow_warn_of_nothing():
    (node,) = viz.graph(tensor(-1e300, 1e300)).nodes
    assert "mean 0  std inf  min -1e+300  max 1e+300" in node.note


def test_no_statistics_of_what_has_none():
    for data in (np.zeros((0, 3)), np.array([1 + 2j] * 9)):
        assert "mean" not in viz.graph(ndl.Tensor.make_const(data)).nodes[0].note


def test_a_tuple_is_one_node_with_several_shapes():
    pair = ndl.ops.fused_add_scalars(tensor(1, 2, 3), 1.0, 2.0)
    part = ndl.ops.tuple_get_item(pair, 1)
    picture = viz.graph(part)
    assert [(node.op, node.shape) for node in picture.nodes] == [
        ("leaf", "(3,)"),
        ("FusedAddScalars(c0=1.0, c1=2.0)", "((3,), (3,))"),
        ("TupleGetItem(index=1)", "(3,)"),
    ]


def test_several_outputs_share_one_picture():
    x = tensor(1)
    y, z = x + 1, x * 2
    assert kinds(viz.graph(y, z, x=x, y=y, z=z)) == {
        "x": "leaf",
        "y": "output",
        "z": "output",
    }


def test_gradients_are_nodes_of_their_own_kind_linked_from_theirs():
    a, b = tensor(2, 3), tensor(5, 7)
    y = a * b
    y.backward()
    picture = viz.graph(y, gradients=True, a=a, b=b, y=y)
    assert kinds(picture) == {
        "a": "leaf",
        "b": "leaf",
        "y": "output",
        "a.grad": "gradient",
        "b.grad": "gradient",
        "y.grad": "gradient",
    }
    assert sorted(pairs(picture, link=True)) == [
        ("a", "a.grad"),
        ("b", "b.grad"),
        ("y", "y.grad"),
    ]
    assert sorted(pairs(picture)) == [
        ("a", "b.grad"),
        ("a", "y"),
        ("b", "a.grad"),
        ("b", "y"),
        ("y.grad", "a.grad"),
        ("y.grad", "b.grad"),
    ]


def test_without_being_asked_for_gradients_are_not_shown():
    a = tensor(2)
    y = a * a
    y.backward()
    assert len(viz.graph(y).nodes) == 2


def test_one_gradient_of_two_nodes_has_both_names():
    a, b = tensor(2), tensor(3)
    y = a + b
    y.backward()
    picture = viz.graph(y, gradients=True, a=a, b=b)
    assert picture.nodes[-1].name == "a.grad, b.grad"
    assert len(pairs(picture, link=True)) == 3


def test_a_gradient_of_a_gradient():
    x = tensor(1, 2)
    (x**3).sum().backward()
    first = x.grad
    first.sum().backward()
    picture = viz.graph(first.sum(), gradients=True, x=x, first=first)
    assert ("x", "x.grad") in pairs(picture, link=True)
    assert kinds(picture)["first"] == "operation"


def test_a_node_may_be_its_own_gradient_or_have_an_earlier_one():
    x = tensor(2)
    y = x * 3
    y.backward(y)
    assert ("y", "y") not in pairs(viz.graph(y, gradients=True, y=y), link=True)
    y.backward(x)
    picture = viz.graph(y, gradients=True, x=x, y=y)
    assert ("y", "x") in pairs(picture, link=True)
    assert picture.svg


@pytest.mark.parametrize("wrong", [np.ones(3), 1.0, "ones"])
def test_a_gradient_that_is_no_tensor_is_left_out(wrong):
    x = tensor(1)
    x.grad = wrong
    assert len(viz.graph(x, gradients=True).nodes) == 1


def test_nothing_is_changed():
    x = ndl.Tensor(np.ones((3, 3)))
    y = ndl.exp(x @ x).sum()
    y.backward()
    gc.collect()  # what other tests left goes now, and not while we count
    before, counter = snapshot(y), autograd.TENSOR_COUNTER
    picture = viz.graph(y, gradients=True, x=x)
    assert picture.svg and picture.text and repr(picture)
    assert counter == autograd.TENSOR_COUNTER
    assert snapshot(y) == before


def test_nothing_is_computed(lazy):
    x = tensor(1, 2)
    y = ndl.log(x) * x
    picture = viz.graph(y)
    assert [node.shape for node in picture.nodes] == ["(2,)", "?", "?"]
    assert "not computed yet" in picture.nodes[1].note
    assert picture.svg
    assert y.cached_data is None


def test_names_that_python_has_no_syntax_for():
    x = tensor(1)
    assert viz.graph(x + 1, names={"∂L/∂w": x}).nodes[0].name == "∂L/∂w"


def test_two_names_of_one_tensor_are_both_shown():
    x = tensor(1)
    assert viz.graph(x + 1, x=x, also=x).nodes[0].name == "x, also"


def test_a_name_of_a_tensor_elsewhere_is_an_error():
    w = tensor(1)
    y = w * 2
    w = tensor(0)
    with pytest.raises(ValueError, match=r"w is not in this graph"):
        viz.graph(y, w=w)


def test_what_is_no_tensor_is_an_error():
    with pytest.raises(TypeError, match="output 0 is of type ndarray"):
        viz.graph(np.ones(3))
    with pytest.raises(TypeError, match="w is of type float"):
        viz.graph(tensor(1), w=1.0)
    with pytest.raises(ValueError, match="at least one tensor"):
        viz.graph()
    with pytest.raises(ValueError, match="limit is 1"):
        viz.graph(tensor(1), limit=1)
    with pytest.raises(ValueError, match='"down" or "right"'):
        viz.graph(tensor(1), direction="up")


def test_of_many_nodes_the_nearest_are_shown_and_the_rest_is_counted():
    h = tensor(1)
    for _ in range(5000):
        h = h + 1
    picture = viz.graph(h, limit=10)
    assert len(picture.nodes) == 11
    assert (picture.nodes[0].kind, picture.nodes[0].name) == (
        "more",
        "… 4,991 more nodes",
    )
    assert [(e.source, e.target) for e in picture.edges] == [
        (i, i + 1) for i in range(10)
    ]


def test_inputs_left_out_are_one_edge():
    x = tensor(1)
    many = ndl.make_tuple(*[x, *[tensor(i) for i in range(50)]])
    picture = viz.graph(many, x=x, limit=2)
    assert pairs(picture) == [
        ("… 50 more nodes", "MakeTensorTuple"),
        ("x", "MakeTensorTuple"),
    ]


def test_the_rest_of_gradients_is_counted_too():
    h = h0 = tensor(1)
    for _ in range(500):
        h = h * h0
    h.backward()
    picture = viz.graph(h, gradients=True, limit=40)
    kept = [node.kind for node in picture.nodes]
    assert len(kept) == 41
    assert kept.count("gradient") == 20
    assert picture.edges[-1].link
    everything = viz.graph(h, gradients=True, limit=10_000)
    assert f"{len(everything.nodes) - 40:,} more" in picture.nodes[0].name


class Counting(autograd.Tensor):
    """A node that counts how often somebody asks for its inputs."""

    asked = 0
    below: tuple[autograd.Value, ...] = ()

    @property
    def inputs(self):
        Counting.asked += 1
        return self.below

    @inputs.setter
    def inputs(self, value):
        self.below = tuple(value)


def test_work_grows_with_nodes_and_not_with_paths():
    Counting.asked = 0
    nodes = [Counting(1.0)]
    for _ in range(200):  # 2**200 paths
        node = Counting(1.0)
        node.op, node.inputs = ndl.ops.EWiseAdd(), (nodes[-1], nodes[-1])
        nodes.append(node)
    picture = viz.graph(nodes[-1])
    assert len(picture.nodes) == 201
    assert Counting.asked <= 8 * len(nodes)


def test_a_long_chain_is_read_without_recursion():
    h = tensor(1)
    for _ in range(20_000):
        h = h + 1
    assert "19,701 more" in viz.graph(h).nodes[0].name
