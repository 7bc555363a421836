"""Question 4: reverse-mode differentiation through whole graphs.

The first cases use operations that are given, later ones those of questions 1 and 2.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from gradebox import Trial, at_most, case, exact

from ._graphs import Graph, autograd, random_graph
from ._ops import NUMBERS, Floats, lengths, ndl, normal, positive, tensor

FLOATS = NUMBERS["float64"]


def answer_gradients(t: Trial, graph: Graph, *names: str, when: str = "") -> None:
    """Hand over the gradients of some nodes, by default of all, after backward."""
    for name in names or graph.nodes:
        t.answer(f"gradient of {name}{when}", graph[name].grad, check=FLOATS)


@case("hw1.compute_gradient", points=1.5)
def gradient_of_chain(t: Trial) -> None:
    """Along a chain every node gets a gradient, not only the leaf."""
    graph = Graph(t)
    graph.leaf("x", 2, 3)
    graph.scaled("x", "2x")
    graph.shifted("2x", "2x + 1")
    graph.scaled("2x + 1", "4x + 2")
    graph["4x + 2"].backward()
    answer_gradients(t, graph)


@case("hw1.compute_gradient", points=1.5)
def gradient_of_both_inputs(t: Trial) -> None:
    """Each input of an operation gets its own gradient."""
    graph = Graph(t)
    for name in "abc":
        graph.leaf(name, 3)
    graph.multiply("a", "b")
    graph.add("(a * b)", "c", "sum")
    graph.multiply("sum", "c", "product")
    graph["product"].backward()
    answer_gradients(t, graph)


@case("hw1.compute_gradient", points=2)
def gradient_of_shared_node(t: Trial) -> None:
    """What flows back into a node from several uses is added up."""
    graph = Graph(t)
    graph.leaf("x", 2, 2)
    graph.scaled("x", "y")
    graph.shifted("y", "left")
    graph.multiply("y", "left", "product")
    graph.add("product", "y", "sum")
    graph["sum"].backward()
    answer_gradients(t, graph)


@case("hw1.compute_gradient", points=1.5)
def gradient_of_same_input_twice(t: Trial) -> None:
    """A node that is both inputs of an operation gets both contributions."""
    graph = Graph(t)
    graph.leaf("x", 3)
    graph.multiply("x", "x", "square")
    graph.add("square", "square", "double")
    graph["double"].backward()
    answer_gradients(t, graph)
    x = tensor(t, normal(t, 3, 3))
    ndl.matmul(x, x).backward()
    t.answer("gradient of x in x @ x", x.grad, check=FLOATS)


@case("hw1.compute_gradient", points=2)
def gradient_of_diamonds(t: Trial) -> None:
    """Of a node inside a diamond only the whole gradient flows on, and once."""
    graph = Graph(t)
    graph.leaf("x", 2)
    last = "x"
    for number in range(1, 5):
        graph.shifted(last, f"left {number}")
        graph.scaled(last, f"right {number}")
        graph.multiply(f"left {number}", f"right {number}", f"bottom {number}")
        last = f"bottom {number}"
    graph[last].backward()
    answer_gradients(t, graph)


@case("hw1.compute_gradient", points=2)
def gradient_of_long_and_short_way(t: Trial) -> None:
    """A node passes its gradient on after its last use, however far that is away."""
    for name, order in [("short way first", 1), ("long way first", -1)]:
        graph = Graph(t)
        graph.leaf("x", 3)
        graph.multiply("x", "x", "early")
        graph.shifted("early", "1")
        graph.scaled("1", "2")
        graph.multiply("2", "x", "3")
        graph.add(*("early", "3")[::order], "end")
        graph["end"].backward()
        answer_gradients(t, graph, when=f", {name}")


@case("hw1.compute_gradient", points=2)
def gradient_of_random_graphs(t: Trial) -> None:
    """Random graphs, in which nodes are used again and again."""
    for number in range(3):
        graph = random_graph(t, leaves=3, results=14)
        total = "leaf 0"
        for name in list(graph.nodes)[1:]:  # so that all are below the last
            graph.add(total, name, f"total {name}")
            total = f"total {name}"
        graph[total].backward()
        answer_gradients(t, graph, when=f", graph {number}")


@case("hw1.compute_gradient", points=2, seconds=5)
def gradient_of_many_ways(t: Trial) -> None:
    """Work grows with the number of nodes, not with that of ways through the graph."""

    class Sum(autograd.TensorOp):
        """A sum that counts how often it is asked for its gradient."""

        asked = 0

        def compute(self, a: Floats, b: Floats) -> Floats:
            return a + b

        def gradient(self, out_grad: Any, node: Any) -> tuple[Any, Any]:
            Sum.asked += 1
            return out_grad, out_grad

    x = tensor(t, normal(t, 3))
    h = x
    for _ in range(64):  # 2**64 ways lead to x
        h = Sum()(h, h)
    h.backward()
    t.answer("gradient of x", x.grad, check=FLOATS)
    # once a node; twice, if both inputs are asked for apart
    t.witness("gradients that were asked for", Sum.asked, check=at_most(2 * 64))


@case("hw1.compute_gradient", points=1)
def gradient_of_long_chain(t: Trial) -> None:
    """A chain of hundreds of nodes, and a node with hundreds of uses."""
    x = tensor(t, normal(t, 2))
    y = x
    for _ in range(150):
        y = ndl.mul_scalar(ndl.add_scalar(y, 1.0), 0.99)
    y.backward()
    t.answer("gradient of the chain's leaf", x.grad, check=FLOATS)
    total = x
    for number in range(150):
        total = ndl.add(total, ndl.mul_scalar(x, float(number)))
    total.backward()
    t.answer("gradient of the node with many uses", x.grad, check=FLOATS)


@case("hw1.compute_gradient", points=1)
def gradient_from_out_grad(t: Trial) -> None:
    """Gradients begin with the ``out_grad`` that is given."""
    shape = lengths(t, 2)
    graph = Graph(t)
    graph.leaf("x", *shape)
    graph.leaf("y", *shape)
    graph.multiply("x", "y", "product")
    graph.multiply("product", "x", "end")
    out_grad = tensor(t, normal(t, *shape))
    autograd.compute_gradient_of_variables(graph["end"], out_grad)
    answer_gradients(t, graph)
    again = tensor(t, normal(t, *shape))
    graph["end"].backward(again)
    answer_gradients(t, graph, when=" by backward")


@case("hw1.compute_gradient", points=0.5)
def gradient_of_zero(t: Trial) -> None:
    """A gradient of 0 is a gradient, and flows on to what is below."""
    graph = Graph(t)
    graph.leaf("x", 3)
    graph.keep("zero", tensor(t, np.zeros(3)))
    graph.shifted("x", "y")
    graph.multiply("y", "zero", "product")
    graph["product"].backward()
    answer_gradients(t, graph)


@case("hw1.compute_gradient", points=0.5)
def gradient_of_leaf(t: Trial) -> None:
    """A leaf by itself gets what it is given, ones by default."""
    x = tensor(t, normal(t, 2, 3))
    x.backward()
    t.answer("gradient of x", x.grad, check=FLOATS)
    x.backward(tensor(t, normal(t, 2, 3)))
    t.answer("gradient of x, out_grad given", x.grad, check=FLOATS)


@case("hw1.compute_gradient", points=1.5)
def gradient_is_replaced(t: Trial) -> None:
    """A second backward replaces gradients; nothing is added to those before."""
    graph = Graph(t)
    graph.leaf("x", 3)
    graph.leaf("y", 3)
    graph.multiply("x", "y", "product")
    graph.add("product", "x", "sum")
    graph.scaled("product", "double")
    for number in (1, 2, 3):
        graph["sum"].backward()
        answer_gradients(t, graph, "x", "y", "product", "sum", when=f", time {number}")
    graph["double"].backward()
    answer_gradients(t, graph, "x", "y", "product", when=" from the other end")


@case("hw1.compute_gradient", points=1)
def gradient_with_constants(t: Trial) -> None:
    """Inputs that need no gradient stand in nobody's way."""
    graph = Graph(t)
    graph.leaf("x", 3)
    for name in ("c", "d"):
        array = t.input(normal(t, 3))
        graph.keep(name, autograd.Tensor(array, requires_grad=False))
    graph.multiply("c", "d", "constant")
    graph.multiply("c", "x", "left")
    graph.multiply("left", "constant", "middle")
    graph.add("middle", "d", "end")
    graph["end"].backward()
    answer_gradients(t, graph, "x", "left", "middle", "end")


@case("hw1.compute_gradient", points=0.5)
def gradient_leaves_values_alone(t: Trial) -> None:
    """Neither values nor ``out_grad`` change, nor a gradient that is there."""
    graph = Graph(t)
    for name in "xy":
        graph.leaf(name, 3)
    graph.multiply("x", "y", "product")
    graph.scaled("product", "double")
    graph.add("double", "product", "sum")
    graph.add("sum", "x", "end")
    out_grad = tensor(t, normal(t, 3))
    before = {name: node.numpy() for name, node in graph.nodes.items()}
    graph["end"].backward(out_grad)
    kept = graph["x"].grad
    t.answer("gradient of x", kept, check=FLOATS)
    graph["end"].backward(tensor(t, normal(t, 3)))
    t.answer("the first gradient after the second", kept, check=FLOATS)
    t.answer("out_grad afterwards", out_grad, check=exact())
    same = [name for name, x in before.items() if (graph[name].numpy() == x).all()]
    t.witness("nodes with the value they had", same, check=exact())


@case("hw1.compute_gradient", points=1.5)
def gradient_through_every_op(t: Trial) -> None:
    """Sums, products, powers, quotients and changes of shape, one after the other."""
    m, n = lengths(t, 2)
    a, b = tensor(t, positive(t, m, n)), tensor(t, positive(t, n))
    row = ndl.reshape(ndl.power(b, ndl.power_scalar(b, 2)), (1, n))
    ratio = ndl.divide(a, ndl.broadcast_to(row, (m, n)))
    product = ndl.matmul(ndl.transpose(ratio), ndl.log(a))
    exponent = ndl.divide_scalar(ndl.summation(product, axes=-1), 5.0)
    ndl.summation(ndl.exp(ndl.negate(exponent))).backward()
    t.answer("gradient of a", a.grad, check=FLOATS)
    t.answer("gradient of b", b.grad, check=FLOATS)
    t.answer("gradient on the way", ratio.grad, check=FLOATS)


def answer_twice(
    t: Trial, name: str, function: Callable[..., Any], *arrays: Floats
) -> None:
    """Hand over the gradients of a function, and those of a mixture of these."""
    inputs = [tensor(t, array) for array in arrays]
    value = function(*inputs)
    value.backward(tensor(t, normal(t, *value.shape)))
    first = [x.grad for x in inputs]
    parts = [ndl.multiply(g, tensor(t, normal(t, *g.shape))) for g in first]
    total = ndl.summation(parts[0])
    for part in parts[1:]:
        total = ndl.add(total, ndl.summation(part))
    total.backward()
    for position, (x, g) in enumerate(zip(inputs, first, strict=True)):
        t.answer(f"{name}: gradient {position}", g, check=FLOATS)
        t.answer(f"{name}: gradient {position} of gradients", x.grad, check=FLOATS)


@case("hw1.compute_gradient", points=1)
def second_gradient_of_polynomials(t: Trial) -> None:
    """Gradients have graphs of their own: of a gradient the gradient can be had."""
    x, y = tensor(t, normal(t, 4)), tensor(t, normal(t, 4))
    square = ndl.multiply(x, x)
    ndl.add(ndl.multiply(square, square), ndl.multiply(square, y)).backward()
    for which in ("first", "second", "third"):
        found = x.grad
        t.answer(f"{which} derivative", found, check=FLOATS)
        found.backward()
    t.answer("fourth derivative", x.grad, check=FLOATS)


@case("hw1.compute_gradient", points=1)
def second_gradient_of_elements(t: Trial) -> None:
    """Powers, quotients, logarithms and exponentials, differentiated twice."""
    a, b = positive(t, 2, 3), positive(t, 2, 3)
    answer_twice(t, "cube", partial(ndl.power_scalar, scalar=3), a)
    answer_twice(t, "root", partial(ndl.power_scalar, scalar=0.5), a)
    answer_twice(t, "power", ndl.power, a, b)
    answer_twice(t, "quotient", ndl.divide, a, b)
    answer_twice(t, "logarithm", ndl.log, a)
    answer_twice(t, "exponential", ndl.exp, a)
    answer_twice(t, "negative", squared(ndl.negate), a)
    answer_twice(t, "share", squared(partial(ndl.divide_scalar, scalar=3)), a)


def squared(op: Callable[..., Any]) -> Callable[..., Any]:
    """Return the square of a linear operation, whose second gradient is not zero."""

    def square(x: Any) -> Any:
        y = op(x)
        return ndl.multiply(y, y)

    return square


@case("hw1.compute_gradient", points=0.5)
def second_gradient_of_matrices(t: Trial) -> None:
    """Products, sums and changes of shape, differentiated twice."""
    k, m, n = lengths(t, 3)
    answer_twice(t, "product", ndl.matmul, normal(t, m, k), normal(t, k, n))
    answer_twice(t, "batch", ndl.matmul, normal(t, n, m, k), normal(t, k, m))
    x = normal(t, m, n)
    for name, op in [
        ("sum", partial(ndl.summation, axes=0)),
        ("sum of all", ndl.summation),
        ("transpose", ndl.transpose),
        ("reshape", partial(ndl.reshape, shape=(n, m))),
        ("broadcast_to", partial(ndl.broadcast_to, shape=(k, m, n))),
    ]:
        answer_twice(t, name, squared(op), x)


@case("hw1.compute_gradient", points=0.5)
def second_gradient_of_network(t: Trial) -> None:
    """The gradient of a gradient through a network with two layers and a loss."""
    m, n, units, k = lengths(t, 4)
    inputs = tensor(t, normal(t, m, n))
    labels = tensor(t, np.eye(k)[t.rng.randint(k, size=m)])

    def loss(W1: Any, W2: Any) -> Any:
        hidden = ndl.exp(ndl.matmul(inputs, W1))
        logits = ndl.matmul(hidden, W2)
        normalizer = ndl.log(ndl.summation(ndl.exp(logits), axes=1))
        score = ndl.summation(ndl.multiply(logits, labels), axes=1)
        return ndl.summation(ndl.add(normalizer, ndl.negate(score)))

    answer_twice(t, "loss", loss, normal(t, n, units) / 5, normal(t, units, k) / 5)
