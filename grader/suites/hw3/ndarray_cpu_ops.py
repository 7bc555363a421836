"""Question 3: elementwise and scalar kernels in C++."""

from gradebox import Trial, case

from ._arrays import nd
from ._elementwise import (
    SAME,
    answer_binary,
    answer_scalar,
    answer_unary,
    any_sign,
    few,
    nonzero,
    positive,
    value,
)
from ._kernels import Kernels
from ._operations import (
    answer_ewise_eq,
    answer_expressions,
    answer_functions_without_bounds,
    answer_in_place,
    answer_not_a_number,
    answer_ops_without_bounds,
    answer_other_shapes,
    answer_powers,
    answer_scalar_eq,
    answer_with_itself,
)

QUESTION = "hw3.ndarray_cpu_ops"
EARLIER = ["hw3.ndarray_python_ops", "hw3.ndarray_cpu_compact_setitem"]

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
    answer_powers(t, cpu)


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
    answer_ewise_eq(t, cpu)


@case(QUESTION, points=0.5)
def scalar_eq(t: Trial) -> None:
    """1 where an element equals a number, 0 where it does not."""
    answer_scalar_eq(t, cpu)


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
    answer_ops_without_bounds(t, cpu)


@case(QUESTION, points=0.5)
def functions_without_bounds(t: Trial) -> None:
    """Functions of very large and small numbers, and where there is no result."""
    answer_functions_without_bounds(t, cpu)


@case(QUESTION, points=0.5)
def ops_not_a_number(t: Trial) -> None:
    """What is not a number makes no comparison true, and goes on through a maximum."""
    answer_not_a_number(t, cpu)


@case(QUESTION, points=0.5)
def arrays_in_expressions(t: Trial) -> None:
    """The operators of NDArrays: what is made of the kernels, too."""
    answer_expressions(t, nd.cpu())


@case(QUESTION, points=0.5, needs=EARLIER)
def arrays_of_other_shapes(t: Trial) -> None:
    """Operands that are views, and operands that are repeated to a common shape."""
    answer_other_shapes(t, nd.cpu())
