"""Try each elementwise kernel in every way: what the tests on all devices do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from gradebox import Trial

from ._arrays import answer_array, array
from ._elementwise import (
    BINARY,
    FUNCTION,
    ROUNDED,
    SAME,
    SCALAR,
    UNARY,
    answer_binary,
    answer_scalar,
    answer_special,
    few,
    nonzero,
    pairs,
    positive,
    value,
)
from ._inputs import normal
from ._kernels import Kernels
from ._ops import lengths

INF, NAN = float("inf"), float("nan")
NEARLY_ONE = (1 - 2**-24, 1, 1 + 2**-23)  # float32 has nothing in between


def answer_powers(t: Trial, kernels: Kernels) -> None:
    """Hand over powers with exponents of every kind."""
    for draw, exponents in [
        (positive, (0.5, 2.3, -1.5, value(t), 0)),
        (nonzero, (2, 3, -1, -2, 1, 0)),
    ]:
        for exponent in exponents:
            name = f"exponent {exponent:g}, {draw.__name__}"
            inputs = [draw(t, 67), exponent]
            kernels.answer(t, name, "scalar_power", inputs, 67, check=FUNCTION)


def answer_ewise_eq(t: Trial, kernels: Kernels) -> None:
    """Hand over where two arrays are equal, and where they nearly are."""
    answer_binary(t, kernels, "ewise_eq", few, few, check=SAME)
    near = pairs(0, -0.0, 1e-30, *NEARLY_ONE)
    answer_special(t, kernels, "ewise_eq", *near, check=SAME)


def answer_scalar_eq(t: Trial, kernels: Kernels) -> None:
    """Hand over where an array equals a number, and where it nearly does."""
    answer_scalar(t, kernels, "scalar_eq", 0.5, -1, 0, 0.25, draw=few, check=SAME)
    answer_special(t, kernels, "scalar_eq", [*NEARLY_ONE, 0], 1, check=SAME)
    answer_special(t, kernels, "scalar_eq", [1e-30, 0, -0.0], 0, check=SAME)


def answer_ops_without_bounds(t: Trial, kernels: Kernels) -> None:
    """Hand over products, quotients and powers of infinities and zeros."""
    for kernel in ("ewise_mul", "ewise_div"):
        answer_special(t, kernels, kernel, *pairs(0, 1, -2, INF, -INF))
        answer_special(t, kernels, kernel, *pairs(1e30, -1e-30, 3), check=ROUNDED)
    for number in (0, -2, INF):
        for kernel in ("scalar_mul", "scalar_div"):
            answer_special(t, kernels, kernel, [0, 1, -2, INF, -INF], number)
    answer_special(t, kernels, "scalar_power", [0, 1, 2, INF], -1)
    answer_special(t, kernels, "scalar_power", [0, 4, INF, -4], 0.5)


def answer_functions_without_bounds(t: Trial, kernels: Kernels) -> None:
    """Hand over functions of very large and small numbers, and of none."""
    large = [100, -100, 1e4, -1e4, 3e38, -3e38, INF, -INF]
    for kernel in ("ewise_exp", "ewise_tanh"):
        answer_special(t, kernels, kernel, [*large, 1e-2, -1e-3, 1e-4, 0])
    answer_special(t, kernels, "ewise_log", [0, 1, 1e-30, 3e38, INF])
    answer_special(t, kernels, "ewise_log", [-1, -INF])


def answer_not_a_number(t: Trial, kernels: Kernels) -> None:
    """Hand over comparisons and maxima with what is not a number."""
    for kernel in ("ewise_maximum", "ewise_eq", "ewise_ge"):
        numbers = pairs(NAN, 1, -1, INF, -INF)
        answer_special(t, kernels, kernel, *numbers, check=SAME)
    for kernel in ("scalar_maximum", "scalar_eq", "scalar_ge"):
        for number in (1, NAN, -INF):
            special = [NAN, 1, -2, INF, -INF]
            answer_special(t, kernels, kernel, special, number, check=SAME)


def answer_elementwise_work(t: Trial, kernels: Kernels) -> None:
    """Hand over what kernels make, and how much of it threads have made."""
    n = 1003
    a, b, number = nonzero(t, n), nonzero(t, n), t.input(value(t))
    for names, operands in [(BINARY, [a, b]), (SCALAR, [abs(a), number])]:
        for kernel in names:
            kernels.answer_work(
                t, kernel, kernel, operands, n,
                read=n * sum(isinstance(each, np.ndarray) for each in operands),
                written=n, check=FUNCTION,
            )  # fmt: skip
    for kernel in UNARY:
        kernels.answer_work(
            t, kernel, kernel, [abs(a)], n, read=n, written=n, check=FUNCTION
        )


def answer_in_place(t: Trial, kernels: Kernels) -> None:
    """Hand over what kernels write into one of the arrays that they read."""
    for kernel, operands, position in _in_place(t):
        given = [
            kernels.memory(t.input(each)) if isinstance(each, np.ndarray) else each
            for each in operands
        ]
        out = given[position]
        name = f"{kernel} into operand {position + 1}"
        kernels.run(t, name, kernel, *given, out)
        kernels.hand_over(t, name, kernel, out, FUNCTION)


def answer_with_itself(t: Trial, kernels: Kernels) -> None:
    """Hand over what kernels of two arrays make of one array, and into it."""
    for kernel in BINARY:
        a = kernels.memory(t.input(nonzero(t, 45)))
        name = f"{kernel}, all three alike"
        kernels.run(t, name, kernel, a, a, a)
        kernels.hand_over(t, name, kernel, a, FUNCTION)


def _in_place(t: Trial) -> Iterator[tuple[str, list[Any], int]]:
    """Yield kernels with operands, and which of these they write into."""
    for kernel in BINARY:
        for position in (0, 1):
            yield kernel, [nonzero(t, 45), nonzero(t, 45)], position
    for kernel in SCALAR:
        yield kernel, [positive(t, 45), t.input(value(t))], 0
    for kernel in UNARY:
        yield kernel, [positive(t, 45)], 0


def answer_expressions(t: Trial, device: Any) -> None:
    """Hand over what operators of NDArrays make, on some device."""
    m, n = (2 * length + 1 for length in lengths(t, 2))  # no rest would be easy
    drawn = normal(t, m, n)
    drawn[0, :3] = 0.25, 7, -7
    a, b = (array(t, each, device) for each in (drawn, normal(t, m, n)))
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


def answer_other_shapes(t: Trial, device: Any) -> None:
    """Hand over what operators make of NDArrays that are views, or repeated."""
    m, n = (length + 1 for length in lengths(t, 2))  # of two, the last is also the next
    a = array(t, normal(t, m, n), device)
    b = array(t, normal(t, n, m), device).permute((1, 0))
    row = array(t, np.abs(normal(t, 1, n)) + 1, device)
    for name, found in [
        ("with a transposed array", a * b),
        ("with a row", a / row),
        ("a row with a column", row.maximum(b[:, 0:1])),
        ("a part to a power", row[:, 1:] ** 1.5),
        ("a part backwards", b[:, ::-1] * a),
        ("a part compared", b[:, ::-1] >= a),
    ]:
        answer_array(t, name, found, check=FUNCTION)
