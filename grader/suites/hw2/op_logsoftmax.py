"""Question 6: the logarithm of softmax."""

import numpy as np
from gradebox import Trial, case, close, exact

from ._ops import NUMBERS, backwards, forwards, lengths, ndl, normal, tensor
from .op_logsumexp import spread

# A difference of large numbers: in float32 each of them is off by some 1e-3.
LARGE = {**NUMBERS, "float32": close(rtol=1e-4, atol=0.02)}


@case("hw2.op_logsoftmax", points=1)
def logsoftmax_forward(t: Trial) -> None:
    """Each row by itself, in matrices of any shape."""
    m, n = lengths(t, 2)
    for shape in [(m, n), (n, m), (4, 4), (1, n), (m, 1), (40, 3), (3, 40)]:
        forwards(t, f"{shape}", ndl.logsoftmax, normal(t, *shape))


@case("hw2.op_logsoftmax", points=1)
def logsoftmax_large(t: Trial) -> None:
    """Neither large nor small elements give infinities, nor both in one row."""
    m, n = lengths(t, 2)
    forwards(t, "around 90", ndl.logsoftmax, normal(t, m, n) + 90, checks=LARGE)
    for level in (1e4, -1e4):
        x = normal(t, m, n) + level
        forwards(t, f"around {level:g}", ndl.logsoftmax, x, checks=LARGE)
    rows, columns = spread(t, m, n), np.array(spread(t, n, m).T)
    forwards(t, "rows on levels of their own", ndl.logsoftmax, rows, checks=LARGE)
    forwards(t, "columns on levels of their own", ndl.logsoftmax, columns, checks=LARGE)


@case("hw2.op_logsoftmax", points=1)
def logsoftmax_backward(t: Trial) -> None:
    """The gradient of each element of a row depends on all of it."""
    m, n = lengths(t, 2)
    for shape in [(m, n), (n, m), (4, 4), (1, n), (m, 1)]:
        backwards(t, f"{shape}", ndl.logsoftmax, normal(t, *shape))


@case("hw2.op_logsoftmax", points=0.5)
def logsoftmax_backward_large(t: Trial) -> None:
    """The gradient stays finite, and right, for large and small elements."""
    m, n = lengths(t, 2)
    backwards(t, "rows", ndl.logsoftmax, spread(t, m, n))
    backwards(t, "columns", ndl.logsoftmax, np.array(spread(t, n, m).T))


@case("hw2.op_logsoftmax", points=0.5)
def logsoftmax_second_gradient(t: Trial) -> None:
    """The gradient can be differentiated again; the input stays as it is."""
    x, weights, others = (tensor(t, normal(t, 3, 4)) for _ in range(3))
    (ndl.logsoftmax(x) * weights).sum().backward()
    first = x.grad
    t.answer("gradient", first, check=NUMBERS["float64"])
    (first * others).sum().backward()
    t.answer("gradient of the gradient", x.grad, check=NUMBERS["float64"])
    t.answer("the input afterwards", x, check=exact())
