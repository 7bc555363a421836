"""Question 3: elementwise and scalar kernels in C++."""

import numpy as np
from gradebox import Trial, case

from ._arrays import answer_array, array, nd
from ._elementwise import (
    FUNCTION,
    ROUNDED,
    SAME,
    answer_binary,
    answer_in_place,
    answer_scalar,
    answer_special,
    answer_unary,
    answer_with_itself,
    any_sign,
    few,
    nonzero,
    pairs,
    positive,
    value,
)
from ._inputs import normal
from ._kernels import Kernels
from ._ops import lengths

QUESTION = "hw3.ndarray_cpu_ops"
EARLIER = ["hw3.ndarray_python_ops", "hw3.ndarray_cpu_compact_setitem"]

INF, NAN = float("inf"), float("nan")
NEARLY_ONE = (1 - 2**-24, 1, 1 + 2**-23)  # float32 has nothing in between

cpu = Kernels("cpu")


@case(QUESTION, points=0.5)
def ewise_mul(t: Trial) -> None:
    """Products of two arrays."""
    answer_binary(t, cpu, "ewise_mul", nonzero, nonzero)


@case(QUESTION, points=0.5)
def scalar_mul(t: Trial) -> None:
    """Products with a number, 0 and negative ones too."""
    answer_scalar(t, cpu, "scalar_mul", value(t), -value(t), -1, 0, draw=nonzero)


@case(QUESTION, points=0.5)
def ewise_div(t: Trial) -> None:
    """Quotients of two arrays, the first divided by the second."""
    answer_binary(t, cpu, "ewise_div", any_sign, nonzero)


@case(QUESTION, points=0.5)
def scalar_div(t: Trial) -> None:
    """The array divided by a number."""
    answer_scalar(t, cpu, "scalar_div", value(t), -value(t), 0.125, draw=nonzero)


@case(QUESTION, points=0.5)
def scalar_power(t: Trial) -> None:
    """Powers: whole, fractional and negative exponents, and those of 0 and 1."""
    for draw, exponents in [
        (positive, (0.5, 2.3, -1.5, value(t), 0)),
        (nonzero, (2, 3, -1, -2, 1, 0)),
    ]:
        for exponent in exponents:
            name = f"exponent {exponent:g}, {draw.__name__}"
            inputs = [draw(t, 67), exponent]
            cpu.answer(t, name, "scalar_power", inputs, 67, check=FUNCTION)


@case(QUESTION, points=0.5)
def ewise_maximum(t: Trial) -> None:
    """The larger of two, with either sign."""
    answer_binary(t, cpu, "ewise_maximum", check=SAME)


@case(QUESTION, points=0.5)
def scalar_maximum(t: Trial) -> None:
    """The larger of each element and a number, which may be negative."""
    values = (value(t), -value(t), 0)
    answer_scalar(t, cpu, "scalar_maximum", *values, draw=any_sign, check=SAME)


@case(QUESTION, points=0.5)
def ewise_eq(t: Trial) -> None:
    """1 where two arrays are equal, 0 where they are not."""
    answer_binary(t, cpu, "ewise_eq", few, few, check=SAME)
    answer_special(t, cpu, "ewise_eq", *pairs(0, -0.0, 1e-30, *NEARLY_ONE), check=SAME)


@case(QUESTION, points=0.5)
def scalar_eq(t: Trial) -> None:
    """1 where an element equals a number, 0 where it does not."""
    answer_scalar(t, cpu, "scalar_eq", 0.5, -1, 0, 0.25, draw=few, check=SAME)
    answer_special(t, cpu, "scalar_eq", [*NEARLY_ONE, 0], 1, check=SAME)
    answer_special(t, cpu, "scalar_eq", [1e-30, 0, -0.0], 0, check=SAME)


@case(QUESTION, points=0.5)
def ewise_ge(t: Trial) -> None:
    """1 where the first is at least as large as the second, 0 elsewhere."""
    answer_binary(t, cpu, "ewise_ge", few, few, check=SAME)


@case(QUESTION, points=0.5)
def scalar_ge(t: Trial) -> None:
    """1 where an element is at least as large as a number, 0 elsewhere."""
    answer_scalar(t, cpu, "scalar_ge", 0.5, -0.5, 0, 0.25, draw=few, check=SAME)


@case(QUESTION, points=0.5)
def ewise_log(t: Trial) -> None:
    """Natural logarithms."""
    answer_unary(t, cpu, "ewise_log", positive)


@case(QUESTION, points=0.5)
def ewise_exp(t: Trial) -> None:
    """Powers of e."""
    answer_unary(t, cpu, "ewise_exp")


@case(QUESTION, points=0.5)
def ewise_tanh(t: Trial) -> None:
    """Hyperbolic tangents."""
    answer_unary(t, cpu, "ewise_tanh")


@case(QUESTION, points=0.5)
def ops_in_place(t: Trial) -> None:
    """A result may go where an operand is."""
    answer_in_place(t, cpu)
    answer_with_itself(t, cpu)


@case(QUESTION, points=0.5)
def ops_without_bounds(t: Trial) -> None:
    """Products and quotients of infinities and zeros, and what float32 cannot hold."""
    for kernel in ("ewise_mul", "ewise_div"):
        answer_special(t, cpu, kernel, *pairs(0, 1, -2, INF, -INF))
        answer_special(t, cpu, kernel, *pairs(1e30, -1e-30, 3), check=ROUNDED)
    for number in (0, -2, INF):
        for kernel in ("scalar_mul", "scalar_div"):
            answer_special(t, cpu, kernel, [0, 1, -2, INF, -INF], number)
    answer_special(t, cpu, "scalar_power", [0, 1, 2, INF], -1)
    answer_special(t, cpu, "scalar_power", [0, 4, INF, -4], 0.5)


@case(QUESTION, points=0.5)
def functions_without_bounds(t: Trial) -> None:
    """Functions of very large and small numbers, and where there is no result."""
    large = [100, -100, 1e4, -1e4, 3e38, -3e38, INF, -INF]
    for kernel in ("ewise_exp", "ewise_tanh"):
        answer_special(t, cpu, kernel, [*large, 1e-2, -1e-3, 1e-4, 0])
    answer_special(t, cpu, "ewise_log", [0, 1, 1e-30, 3e38, INF])
    answer_special(t, cpu, "ewise_log", [-1, -INF])


@case(QUESTION, points=0.5)
def ops_not_a_number(t: Trial) -> None:
    """What is not a number makes no comparison true, and goes on through a maximum."""
    for kernel in ("ewise_maximum", "ewise_eq", "ewise_ge"):
        numbers = pairs(NAN, 1, -1, INF, -INF)
        answer_special(t, cpu, kernel, *numbers, check=SAME)
    for kernel in ("scalar_maximum", "scalar_eq", "scalar_ge"):
        for number in (1, NAN, -INF):
            numbers = [NAN, 1, -2, INF, -INF]
            answer_special(t, cpu, kernel, numbers, number, check=SAME)


@case(QUESTION, points=0.5)
def arrays_in_expressions(t: Trial) -> None:
    """The operators of NDArrays: what is made of the kernels, too."""
    m, n = (2 * length + 1 for length in lengths(t, 2))  # no rest would be easy
    drawn = normal(t, m, n)
    drawn[0, :3] = 0.25, 7, -7
    a, b = (array(t, each, nd.cpu()) for each in (drawn, normal(t, m, n)))
    for name, found in [
        ("a - b", a - b),
        ("a * b / 3", a * b / 3),
        ("1 / (1 + exp(-a))", 1 / (1 + (-a).exp())),
        ("maximum(a, b) ** 2", a.maximum(b) ** 2),
        ("a < b", a < b),
        ("a <= 0.5", a <= 0.5),
        ("a > b", a > b),
        ("a != maximum(a, b)", a != a.maximum(b)),
        ("log(a * a + 1)", (a * a + 1).log()),
        ("tanh(a) * (a >= 0)", a.tanh() * (a >= 0)),
    ]:
        answer_array(t, name, found, check=FUNCTION)


@case(QUESTION, points=0.5, needs=EARLIER)
def arrays_of_other_shapes(t: Trial) -> None:
    """Operands that are views, and operands that are repeated to a common shape."""
    m, n = (length + 1 for length in lengths(t, 2))  # of two, the last is also the next
    a = array(t, normal(t, m, n), nd.cpu())
    b = array(t, normal(t, n, m), nd.cpu()).permute((1, 0))
    row = array(t, np.abs(normal(t, 1, n)) + 1, nd.cpu())
    for name, found in [
        ("with a transposed array", a * b),
        ("with a row", a / row),
        ("a row with a column", row.maximum(b[:, 0:1])),
        ("a part to a power", row[:, 1:] ** 1.5),
        ("a part backwards", b[:, ::-1] * a),
        ("a part compared", b[:, ::-1] >= a),
    ]:
        answer_array(t, name, found, check=FUNCTION)
