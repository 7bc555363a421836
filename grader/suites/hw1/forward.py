"""Question 1: the values of the operations."""

from functools import partial
from typing import Any

import numpy as np
from gradebox import Trial, case, exact

from ._inputs import between
from ._ops import (
    NUMBERS,
    SAME,
    every_op,
    forwards,
    lengths,
    ndl,
    nonzero,
    normal,
    positive,
    shapes,
    tensor,
)


@case("hw1.forward", points=1)
def power_scalar_forward(t: Trial) -> None:
    """Every element to the same power: whole, negative, broken and zero."""
    for name, shape in shapes(t):
        op = partial(ndl.power_scalar, scalar=3)
        forwards(t, f"cube, {name}", op, normal(t, *shape))
    m, n = lengths(t, 2)
    for exponent in (0, 1, 2, -1, -2.5, 0.5):
        op = partial(ndl.power_scalar, scalar=exponent)
        forwards(t, f"power {exponent}", op, positive(t, m, n))


@case("hw1.forward", points=0.5)
def power_forward(t: Trial) -> None:
    """Each element of a tensor to the power that stands in the other one."""
    for name, shape in shapes(t):
        forwards(t, name, ndl.power, positive(t, *shape), normal(t, *shape))
    m, n = lengths(t, 2)
    exponents = t.rng.randint(-3, 4, size=(m, n)).astype(float)
    exponents[0] = between(t, 0, 1) * 2 + 1  # a negative base keeps its sign
    forwards(t, "whole exponents", ndl.power, -positive(t, m, n), exponents)


@case("hw1.forward", points=0.5)
def divide_forward(t: Trial) -> None:
    """The elements of one tensor divided by those of another."""
    for name, shape in shapes(t):
        forwards(t, name, ndl.divide, normal(t, *shape), nonzero(t, *shape))
    threes = tensor(t, np.full(5, 3), "int64")
    t.answer("integers", ndl.divide(integers(t), threes), check=NUMBERS["float64"])


@case("hw1.forward", points=0.5)
def divide_scalar_forward(t: Trial) -> None:
    """Every element divided by the same number."""
    divisor = t.input(float(nonzero(t)) * 3)
    for name, shape in shapes(t):
        forwards(t, name, partial(ndl.divide_scalar, scalar=divisor), normal(t, *shape))
    whole = partial(ndl.divide_scalar, scalar=3)
    forwards(t, "by an integer", whole, normal(t, *lengths(t, 2)))
    t.answer("integers", whole(integers(t)), check=NUMBERS["float64"])


def integers(t: Trial) -> Any:
    """Draw a tensor of integers, of which no quotient by 3 is whole."""
    return tensor(t, 3 * t.rng.randint(1, 9, size=5) - 1, "int64")


@case("hw1.forward", points=0.5)
def transpose_forward(t: Trial) -> None:
    """Without axes the last two are exchanged, however many there are."""
    k, j, m, n = lengths(t, 4)
    for shape in [(m, n), (k, m, n), (j, k, m, n), (1, n)]:
        name = f"{len(shape)} axes" if min(shape) > 1 else "a row"
        forwards(t, name, ndl.transpose, normal(t, *shape), checks=SAME)


@case("hw1.forward", points=0.5)
def transpose_axes_forward(t: Trial) -> None:
    """Exactly the two axes that are named are exchanged, in either order."""
    shape = lengths(t, 4)
    for axes in [(0, 1), (1, 2), (0, 3), (3, 1), (2, 3), (2, 0)]:
        x = normal(t, *shape)
        op = partial(ndl.transpose, axes=axes)
        forwards(t, f"axes {axes}", op, x, checks=SAME)


@case("hw1.forward", points=0.5)
def reshape_forward(t: Trial) -> None:
    """The same elements in the same order, with another shape."""
    k, m, n = lengths(t, 3)
    for before, after in [
        ((m, n), (n, m)),
        ((k, m, n), (k * m, n)),
        ((k * m * n,), (n, k, m)),
        ((m, n), (m * n,)),
        ((1, m, 1), (m,)),
        ((1,), ()),
        ((), (1, 1)),
    ]:
        x = normal(t, *before)
        op = partial(ndl.reshape, shape=after)
        forwards(t, f"{before} to {after}", op, x, checks=SAME)
    by_columns = normal(t, n, m).T  # in memory; its rows are what counts
    forwards(
        t,
        "a transposed array",
        partial(ndl.reshape, shape=(n, m)),
        by_columns,
        checks=SAME,
    )


@case("hw1.forward", points=1)
def broadcast_to_forward(t: Trial) -> None:
    """Axes of length 1 are repeated, and new ones come in front."""
    k, m, n = lengths(t, 3)
    for before, after in [
        ((m, 1), (m, n)),
        ((1, n), (m, n)),
        ((n,), (m, n)),
        ((m, 1), (k, m, n)),
        ((1, m, 1), (k, m, n)),
        ((), (m, n)),
        ((m, n), (m, n)),
    ]:
        x = normal(t, *before)
        op = partial(ndl.broadcast_to, shape=after)
        forwards(t, f"{before} to {after}", op, x, checks=SAME)


@case("hw1.forward", points=0.5)
def summation_forward(t: Trial) -> None:
    """Without axes it is the sum of all elements, a tensor without axes."""
    for name, shape in shapes(t):
        forwards(t, name, ndl.summation, normal(t, *shape))


@case("hw1.forward", points=0.5)
def summation_axes_forward(t: Trial) -> None:
    """One axis or a tuple of axes is summed over, and gone afterwards."""
    shape = lengths(t, 4)
    for axes in [0, 2, 3, (1,), (0, 2), (3, 1), (0, 1, 3), (0, 1, 2, 3)]:
        op = partial(ndl.summation, axes=axes)
        forwards(t, f"axes {axes}", op, normal(t, *shape))


@case("hw1.forward", points=0.5)
def summation_negative_forward(t: Trial) -> None:
    """Negative axes are counted from the end."""
    shape = lengths(t, 4)
    for axes in [-1, -3, (-1,), (-2, -4), (0, -1)]:
        op = partial(ndl.summation, axes=axes)
        forwards(t, f"axes {axes}", op, normal(t, *shape))


@case("hw1.forward", points=0.5)
def matmul_forward(t: Trial) -> None:
    """The product of two matrices, single rows and columns among them."""
    m, k, n = lengths(t, 3)
    for rows, inner, columns in [(m, k, n), (1, k, n), (m, k, 1), (m, 1, n), (1, 1, 1)]:
        a, b = normal(t, rows, inner), normal(t, inner, columns)
        forwards(t, f"{a.shape} and {b.shape}", ndl.matmul, a, b)


@case("hw1.forward", points=0.5)
def matmul_batched_forward(t: Trial) -> None:
    """Axes before the last two are a batch of matrices; they broadcast."""
    b, m, k, n = lengths(t, 4)
    for left, right in [((b,), (b,)), ((b,), ()), ((), (b,)), ((b, 1), (3,))]:
        x, y = normal(t, *left, m, k), normal(t, *right, k, n)
        forwards(t, f"{x.shape} and {y.shape}", ndl.matmul, x, y)


@case("hw1.forward", points=0.5)
def negate_forward(t: Trial) -> None:
    """Every element with the other sign."""
    for name, shape in shapes(t):
        forwards(t, name, ndl.negate, normal(t, *shape), checks=SAME)


@case("hw1.forward", points=0.5)
def log_forward(t: Trial) -> None:
    """The natural logarithm of every element."""
    for name, shape in shapes(t):
        forwards(t, name, ndl.log, positive(t, *shape))
    forwards(t, "of negative numbers and 0", ndl.log, np.array([-1.5, 0.0, 2.0]))


@case("hw1.forward", points=0.5)
def exp_forward(t: Trial) -> None:
    """The exponential of every element."""
    for name, shape in shapes(t):
        forwards(t, name, ndl.exp, normal(t, *shape))


@case("hw1.forward", points=0.5)
def empty_forward(t: Trial) -> None:
    """A sum over no elements is 0; no elements can be moved about as well."""
    m, n = lengths(t, 2)
    none = np.zeros((m, 0))
    forwards(t, "sums of nothing", partial(ndl.summation, axes=1), none)
    forwards(t, "product over nothing", ndl.matmul, none, np.zeros((0, n)))
    for name, op in [
        ("transpose", ndl.transpose),
        ("reshape", partial(ndl.reshape, shape=(n, 0, 2))),
        ("broadcast_to", partial(ndl.broadcast_to, shape=(n, m, 0))),
    ]:
        forwards(t, name, op, none, checks=SAME)


@case("hw1.forward", points=0.5)
def forward_leaves_inputs_alone(t: Trial) -> None:
    """No operation writes into what it was given."""
    a, b = (tensor(t, positive(t, 4, 4)) for _ in range(2))
    for name, op, inputs, _ in every_op(a, b):
        t.answer(name, op(*inputs), check=NUMBERS["float64"])
        t.answer(f"the first input after {name}", a, check=exact())
        t.answer(f"the second input after {name}", b, check=exact())
