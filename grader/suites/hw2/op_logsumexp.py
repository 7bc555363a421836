"""Question 5: the logarithm of a sum of exponentials."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from gradebox import Trial, case, exact

from ._ops import (
    NUMBERS,
    Floats,
    Shape,
    backwards,
    forwards,
    lengths,
    ndl,
    normal,
    tensor,
)


def op(axes: Any) -> Any:
    """Return the operation over some axes."""
    return partial(ndl.logsumexp, axes=axes)


def kept(shape: Shape, axes: Any) -> Shape:
    """Return the shape that is left of a shape."""
    all_axes = range(len(shape))
    gone = all_axes if axes is None else np.atleast_1d(axes) % len(shape)
    return tuple(shape[i] for i in all_axes if i not in gone)


def tuples(t: Trial) -> Iterator[tuple[Shape, Any]]:
    """Yield shapes with tuples of axes to sum over."""
    k, m, n = lengths(t, 3)
    yield (m, n), (0,)
    yield (m, n), (1,)
    yield (m, n), (0, 1)
    for axes in [(1,), (0, 2), (1, 2), (2, 0), (0, 1, 2)]:
        yield (k, m, n), axes


def corners(t: Trial) -> Iterator[tuple[Shape, Any]]:
    """Yield axes that are no tuple or negative, and shapes with lengths of 1."""
    k, m, n = lengths(t, 3)
    for axes in (0, 1, 2, -1, -3, (-1,), (-2, 0)):
        yield (k, m, n), axes
    yield (1, n), (0,)
    yield (m, 1), (1,)
    yield (n,), (0,)


def spread(t: Trial, *shape: int) -> Floats:
    """Draw numbers around several hundred or several thousand, up or down.

    Every row has a level of its own, and the levels are far apart: no single number
    that is subtracted everywhere makes all exponentials representable.
    """
    levels = t.rng.permutation(np.linspace(-5000, 5000, shape[0]))
    return normal(t, *shape) + levels.reshape(-1, *(1 for _ in shape[1:]))


@case("hw2.op_logsumexp", points=1)
def logsumexp_all(t: Trial) -> None:
    """Without axes the sum is over all elements; the result has no axes."""
    k, m, n = lengths(t, 3)
    for shape in [(m, n), (k, m, n), (n,), (1,), (1, 1), ()]:
        forwards(t, f"{shape}", ndl.logsumexp, normal(t, *shape))


@case("hw2.op_logsumexp", points=1)
def logsumexp_axes(t: Trial) -> None:
    """Over some axes, which are gone afterwards."""
    for shape, axes in tuples(t):
        forwards(t, f"{shape}, axes {axes}", op(axes), normal(t, *shape))


@case("hw2.op_logsumexp", points=0.5)
def logsumexp_other_axes(t: Trial) -> None:
    """An axis may be a number, or negative (counted from the end), or of length 1."""
    for shape, axes in corners(t):
        forwards(t, f"{shape}, axes {axes}", op(axes), normal(t, *shape))


@case("hw2.op_logsumexp", points=1)
def logsumexp_large(t: Trial) -> None:
    """Neither very large nor very small elements give infinities."""
    m, n = lengths(t, 2)
    for level in (1e4, -1e4, 90, -110, 1e30):
        for axes in (None, (0,), (1,)):
            name = f"around {level:g}, axes {axes}"
            forwards(t, name, op(axes), normal(t, m, n) + level)


@case("hw2.op_logsumexp", points=1)
def logsumexp_levels(t: Trial) -> None:
    """Large and small elements side by side: each sum has a largest of its own."""
    m, n = lengths(t, 2)
    forwards(t, "rows", op((1,)), spread(t, m, n))
    forwards(t, "columns", op((0,)), spread(t, n, m).T)
    forwards(t, "two axes", op((1, 2)), spread(t, m, n, 3))
    forwards(t, "the middle one", op((1,)), spread(t, m, n, 3))
    forwards(t, "all", op(None), spread(t, m, n))


@case("hw2.op_logsumexp", points=0.5)
def logsumexp_backward_all(t: Trial) -> None:
    """The gradient where the sum is over all elements."""
    k, m, n = lengths(t, 3)
    for shape in [(m, n), (k, m, n), (n,), (1,), ()]:
        backwards(t, f"{shape}", ndl.logsumexp, normal(t, *shape), result=())


@case("hw2.op_logsumexp", points=1)
def logsumexp_backward_axes(t: Trial) -> None:
    """The gradient where the sum is over some axes, in a square as well."""
    for shape, axes in [*tuples(t), ((4, 4), (0,)), ((4, 4), (1,))]:
        name, result = f"{shape}, axes {axes}", kept(shape, axes)
        backwards(t, name, op(axes), normal(t, *shape), result=result)


@case("hw2.op_logsumexp", points=0.5)
def logsumexp_backward_other_axes(t: Trial) -> None:
    """The gradient for an axis that is a number, or negative, or of length 1."""
    for shape, axes in corners(t):
        name, result = f"{shape}, axes {axes}", kept(shape, axes)
        backwards(t, name, op(axes), normal(t, *shape), result=result)


@case("hw2.op_logsumexp", points=0.5)
def logsumexp_backward_large(t: Trial) -> None:
    """The gradient stays finite, and right, for very large and very small elements."""
    m, n = lengths(t, 2)
    backwards(t, "rows", op((1,)), spread(t, m, n), result=(m,))
    backwards(t, "columns", op((0,)), spread(t, n, m).T, result=(n,))
    backwards(t, "all", op(None), spread(t, m, n), result=())


@case("hw2.op_logsumexp", points=0.5)
def logsumexp_in_a_graph(t: Trial) -> None:
    """In the middle of a graph; the input and its array stay as they are."""
    x = tensor(t, normal(t, 4, 5))
    total = ndl.logsumexp(ndl.multiply(x, x), axes=(1,))
    ndl.multiply(total, total).backward()
    t.answer("gradient", x.grad, check=NUMBERS["float64"])
    t.answer("the input afterwards", x, check=exact())


@case("hw2.op_logsumexp", points=0.5)
def logsumexp_second_gradient(t: Trial) -> None:
    """The gradient can be differentiated again."""
    for axes in (None, (0,), (1,)):
        x, weights = (tensor(t, normal(t, 3, 4)) for _ in range(2))
        ndl.logsumexp(x, axes=axes).sum().backward()
        first = x.grad
        t.answer(f"gradient, axes {axes}", first, check=NUMBERS["float64"])
        (first * weights).sum().backward()
        name = f"gradient of the gradient, axes {axes}"
        t.answer(name, x.grad, check=NUMBERS["float64"])
