"""Question 2: what flows back through each operation.

An operation is asked for its gradient by itself, so that nothing here needs the
questions after it.
"""

from functools import partial
from typing import Any

from gradebox import Trial, case, exact

from ._ops import (
    NUMBERS,
    backwards,
    every_op,
    lengths,
    ndl,
    nonzero,
    normal,
    positive,
    tensor,
)


@case("hw1.backward", points=1.5)
def power_scalar_backward(t: Trial) -> None:
    """The gradient of a power, for whole, negative and broken exponents."""
    m, n = lengths(t, 2)
    for exponent in (1, 2, 5, -1, -3):
        op = partial(ndl.power_scalar, scalar=exponent)
        backwards(t, f"power {exponent}", op, nonzero(t, m, n))
    for exponent in (0, 0.5, -1.5, 2.25):
        op = partial(ndl.power_scalar, scalar=exponent)
        backwards(t, f"power {exponent}", op, positive(t, m, n))
    backwards(t, "no axes", partial(ndl.power_scalar, scalar=3), nonzero(t))
    x = nonzero(t, m, n)
    x[0] = 0
    backwards(t, "some zeros", partial(ndl.power_scalar, scalar=3), x)


@case("hw1.backward", points=2)
def power_backward(t: Trial) -> None:
    """A power has a gradient for its base and one for its exponent."""
    m, n, k = lengths(t, 3)
    for shape in [(m, n), (k, 1, n), ()]:
        backwards(t, f"{shape}", ndl.power, positive(t, *shape), nonzero(t, *shape))


@case("hw1.backward", points=2)
def divide_backward(t: Trial) -> None:
    """A quotient has a gradient for each of its parts."""
    m, n, k = lengths(t, 3)
    for shape in [(m, n), (k, 1, n), ()]:
        backwards(t, f"{shape}", ndl.divide, normal(t, *shape), nonzero(t, *shape))


@case("hw1.backward", points=1)
def divide_scalar_backward(t: Trial) -> None:
    """The gradient of a division by a number."""
    op = partial(ndl.divide_scalar, scalar=t.input(float(nonzero(t)) * 3))
    backwards(t, "a matrix", op, normal(t, *lengths(t, 2)))
    backwards(t, "no axes", op, normal(t))


@case("hw1.backward", points=1)
def transpose_backward(t: Trial) -> None:
    """Gradients are transposed back: the last two axes."""
    k, m, n = lengths(t, 3)
    backwards(t, "a matrix", ndl.transpose, normal(t, m, n), result=(n, m))
    backwards(t, "three axes", ndl.transpose, normal(t, k, m, n), result=(k, n, m))


@case("hw1.backward", points=1)
def transpose_axes_backward(t: Trial) -> None:
    """Gradients are transposed back: the two axes that were named."""
    shape = lengths(t, 4)
    for axes in [(0, 1), (1, 2), (0, 3), (3, 1), (2, 0)]:
        result = list(shape)
        result[axes[0]], result[axes[1]] = shape[axes[1]], shape[axes[0]]
        op = partial(ndl.transpose, axes=axes)
        backwards(t, f"axes {axes}", op, normal(t, *shape), result=tuple(result))


@case("hw1.backward", points=1.5)
def reshape_backward(t: Trial) -> None:
    """Gradients come back in the shape that the input had."""
    k, m, n = lengths(t, 3)
    for before, after in [
        ((m, n), (n, m)),
        ((k, m, n), (k * m, n)),
        ((k * m * n,), (n, k, m)),
        ((1, m, 1), (m,)),
        ((1,), ()),
        ((), (1, 1)),
    ]:
        op = partial(ndl.reshape, shape=after)
        backwards(t, f"{before} to {after}", op, normal(t, *before), result=after)


def broadcast_backwards(t: Trial, *pairs: tuple[tuple[int, ...], ...]) -> None:
    """Hand over the gradients of broadcasting from one shape to another."""
    for before, after in pairs:
        op = partial(ndl.broadcast_to, shape=after)
        backwards(t, f"{before} to {after}", op, normal(t, *before), result=after)


@case("hw1.backward", points=1.5)
def broadcast_to_backward_new_axes(t: Trial) -> None:
    """What was repeated along new axes is summed over them."""
    j, k, m, n = lengths(t, 4)
    broadcast_backwards(
        t,
        ((n,), (m, n)),
        ((m, n), (k, m, n)),
        ((n,), (k, m, n)),
        ((m, n), (j, k, m, n)),
    )


@case("hw1.backward", points=1.5)
def broadcast_to_backward_length_one(t: Trial) -> None:
    """What was repeated along an axis of length 1 is summed, and the axis stays."""
    k, m, n = lengths(t, 3)
    broadcast_backwards(
        t,
        ((m, 1), (m, n)),
        ((1, n), (m, n)),
        ((1, m, 1), (k, m, n)),
        ((1, 1), (m, n)),
        ((m, 1), (k, m, n)),
    )


@case("hw1.backward", points=1)
def broadcast_to_backward_corners(t: Trial) -> None:
    """From a single number, to axes of length 1, to the same shape, square shapes."""
    m, n = lengths(t, 2)
    broadcast_backwards(
        t,
        ((), (m, n)),
        ((), ()),
        ((m, n), (m, n)),
        ((1, n), (1, n)),
        ((n,), (1, n)),
        ((1, n), (m, 1, n)),
        ((n,), (n, n)),
        ((n, 1), (n, n)),
    )


def sum_backwards(t: Trial, *all_axes: int | tuple[int, ...]) -> None:
    """Hand over the gradients of sums over these axes of an array with four."""
    shape = lengths(t, 4)
    for axes in all_axes:
        gone = {axis % 4 for axis in (axes if isinstance(axes, tuple) else (axes,))}
        result = tuple(n for axis, n in enumerate(shape) if axis not in gone)
        op = partial(ndl.summation, axes=axes)
        backwards(t, f"axes {axes}", op, normal(t, *shape), result=result)


@case("hw1.backward", points=1)
def summation_backward(t: Trial) -> None:
    """Every element of a sum over everything gets the whole gradient."""
    m, n = lengths(t, 2)
    for shape in [(m, n), (m,), (m, 1, n), (1,), ()]:
        backwards(t, f"{shape}", ndl.summation, normal(t, *shape), result=())


@case("hw1.backward", points=1)
def summation_axis_backward(t: Trial) -> None:
    """The gradient of a sum over one axis is repeated along it."""
    sum_backwards(t, 0, 1, 2, 3, (0,), (2,))
    n = lengths(t, 1)[0]  # where a wrong axis has the right length
    for axis in (0, 1):
        op = partial(ndl.summation, axes=axis)
        backwards(t, f"axis {axis} of a square", op, normal(t, n, n), result=(n,))


@case("hw1.backward", points=1)
def summation_axes_backward(t: Trial) -> None:
    """The gradient of a sum over several axes is repeated along all of them."""
    sum_backwards(t, (0, 1), (0, 2), (3, 1), (2, 3), (0, 1, 3), (0, 1, 2, 3))


@case("hw1.backward", points=1)
def summation_negative_backward(t: Trial) -> None:
    """Negative axes are counted from the end, in gradients as well."""
    sum_backwards(t, -1, -3, (-1,), (-2, -4), (0, -1))


@case("hw1.backward", points=1.5)
def matmul_backward(t: Trial) -> None:
    """A product of matrices has a gradient for each of them."""
    m, k, n = lengths(t, 3)
    for rows, inner, columns in [(m, k, n), (1, k, n), (m, k, 1), (m, 1, n), (n, n, n)]:
        a, b = normal(t, rows, inner), normal(t, inner, columns)
        name = f"{a.shape} and {b.shape}"
        backwards(t, name, ndl.matmul, a, b, result=(rows, columns))


def batched_backwards(t: Trial, *batches: tuple[tuple[int, ...], ...]) -> None:
    """Hand over the gradients of products of batches, given by their leading axes."""
    m, k, n = lengths(t, 3)
    for left, right, both in batches:
        a, b = normal(t, *left, m, k), normal(t, *right, k, n)
        name = f"{a.shape} and {b.shape}"
        backwards(t, name, ndl.matmul, a, b, result=(*both, m, n))


@case("hw1.backward", points=1)
def matmul_batched_backward(t: Trial) -> None:
    """Batches of the same size: each product by itself."""
    b, c = lengths(t, 2)
    batched_backwards(t, ((b,), (b,), (b,)), ((c, b), (c, b), (c, b)))


@case("hw1.backward", points=1)
def matmul_shared_backward(t: Trial) -> None:
    """One matrix for a whole batch gets the sum of what flows back from each."""
    b, c = lengths(t, 2)
    batched_backwards(
        t,
        ((b,), (), (b,)),
        ((), (b,), (b,)),
        ((c, b), (), (c, b)),
        ((b,), (c, b), (c, b)),
    )


@case("hw1.backward", points=0.5)
def matmul_length_one_backward(t: Trial) -> None:
    """A batch of one that is repeated for a larger one stays a batch of one."""
    b, c = lengths(t, 2)
    batched_backwards(
        t,
        ((1,), (b,), (b,)),
        ((b,), (1,), (b,)),
        ((b, 1), (1, c), (b, c)),
        ((1,), (), (1,)),
    )


@case("hw1.backward", points=0.5)
def negate_backward(t: Trial) -> None:
    """The gradient of a negative."""
    backwards(t, "a matrix", ndl.negate, normal(t, *lengths(t, 2)))
    backwards(t, "no axes", ndl.negate, normal(t))


@case("hw1.backward", points=0.5)
def log_backward(t: Trial) -> None:
    """The gradient of a logarithm."""
    backwards(t, "a matrix", ndl.log, positive(t, *lengths(t, 2)))
    backwards(t, "no axes", ndl.log, positive(t))


@case("hw1.backward", points=0.5)
def exp_backward(t: Trial) -> None:
    """The gradient of an exponential."""
    backwards(t, "a matrix", ndl.exp, normal(t, *lengths(t, 2)))
    backwards(t, "no axes", ndl.exp, normal(t))


@case("hw1.backward", points=0.5)
def backward_keeps_float32(t: Trial) -> None:
    """The gradient of a float32 input is float32."""
    a, b = (tensor(t, positive(t, 4, 4), "float32") for _ in range(2))
    for name, op, inputs, result in every_op(a, b):
        out_grad = tensor(t, normal(t, *result), "float32")
        node = op(*inputs)
        gradients = node.op.gradient_as_tuple(out_grad, node)
        t.answer(name, gradients, check=NUMBERS["float32"])


@case("hw1.backward", points=0.5)
def backward_leaves_arrays_alone(t: Trial) -> None:
    """Neither ``out_grad`` nor inputs nor value of the operation change."""
    a, b = (tensor(t, positive(t, 4, 4)) for _ in range(2))
    for name, op, inputs, result in every_op(a, b):
        out_grad = tensor(t, normal(t, *result))
        node = op(*inputs)
        value = node.numpy()
        gradients = node.op.gradient_as_tuple(out_grad, node)
        t.answer(f"gradients of {name}", gradients, check=NUMBERS["float64"])
        for what, array in [("out_grad", out_grad), ("a", a), ("b", b)]:
            t.answer(f"{what} after {name}", array, check=exact())
        unchanged = bool((node.numpy() == value).all())
        t.witness(f"{name} has kept its value", unchanged, check=exact())


# What the gradient of each input has to be computed from, besides out_grad.
FACTORS = {
    "power_scalar": ["a"],
    "power": ["ab", "ab"],
    "divide": ["b", "ab"],
    "matmul": ["b", "a"],
    "log": ["a"],
    "exp": ["a"],
}


@case("hw1.backward", points=0.5)
def backward_builds_a_graph(t: Trial) -> None:
    """A gradient is computed by operations, and can itself be differentiated."""
    a, b = (tensor(t, positive(t, 4, 4)) for _ in range(2))
    leaves = {"a": a, "b": b}
    for name, op, inputs, result in every_op(a, b):
        leaves["out_grad"] = tensor(t, normal(t, *result))
        node = op(*inputs)
        gradients = node.op.gradient_as_tuple(leaves["out_grad"], node)
        for position, gradient in enumerate(gradients):
            below = nodes_below(gradient)
            for leaf in ["out_grad", *FACTORS.get(name, [""])[position]]:
                what = f"gradient {position} of {name} has {leaf} below it"
                t.witness(what, id(leaves[leaf]) in below, check=exact())


def nodes_below(node: Any) -> set[int]:
    """Return the identities of a node and of all that it was computed from."""
    found: set[int] = set()
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if id(node) not in found:
            found.add(id(node))
            waiting.extend(node.inputs)
    return found
