"""Question 7: elementwise and scalar kernels in CUDA."""

from gradebox import Trial, case

from ._arrays import cuda
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
    answer_elementwise_work,
    answer_ewise_eq,
    answer_expressions,
    answer_functions_without_bounds,
    answer_in_place,
    answer_not_a_number,
    answer_ops_without_bounds,
    answer_powers,
    answer_scalar_eq,
    answer_with_itself,
)

QUESTION = "hw3.ndarray_cuda_ops"

kernels = Kernels("cuda")


@case(QUESTION, points=0.5)
def cuda_products(t: Trial) -> None:
    """Products of two arrays, and with a number."""
    answer_binary(t, kernels, "ewise_mul", nonzero, nonzero)
    values = (value(t), -value(t), 0)
    answer_scalar(t, kernels, "scalar_mul", *values, draw=nonzero)


@case(QUESTION, points=0.5)
def cuda_quotients(t: Trial) -> None:
    """Quotients: what comes first is divided by what comes second."""
    answer_binary(t, kernels, "ewise_div", any_sign, nonzero)
    values = (value(t), -value(t))
    answer_scalar(t, kernels, "scalar_div", *values, draw=nonzero)


@case(QUESTION, points=0.5)
def cuda_powers(t: Trial) -> None:
    """Powers: whole, fractional and negative exponents, and those of 0 and 1."""
    answer_powers(t, kernels)


@case(QUESTION, points=0.5)
def cuda_maxima(t: Trial) -> None:
    """The larger of two, or of an element and a number, with either sign."""
    answer_binary(t, kernels, "ewise_maximum", check=SAME)
    values = (value(t), -value(t))
    answer_scalar(t, kernels, "scalar_maximum", *values, check=SAME)


@case(QUESTION, points=0.5)
def cuda_comparisons(t: Trial) -> None:
    """1 where two are equal, or the first is at least as large; 0 elsewhere."""
    answer_ewise_eq(t, kernels)
    answer_scalar_eq(t, kernels)
    answer_binary(t, kernels, "ewise_ge", few, few, check=SAME)
    answer_scalar(t, kernels, "scalar_ge", 0.5, -0.5, draw=few, check=SAME)


@case(QUESTION, points=0.5)
def cuda_functions(t: Trial) -> None:
    """Logarithms, powers of e, hyperbolic tangents."""
    answer_unary(t, kernels, "ewise_log", positive)
    answer_unary(t, kernels, "ewise_exp")
    answer_unary(t, kernels, "ewise_tanh")


@case(QUESTION, points=0.25)
def cuda_ops_in_place(t: Trial) -> None:
    """A result may go where an operand is."""
    answer_in_place(t, kernels)
    answer_with_itself(t, kernels)


@case(QUESTION, points=0.5)
def cuda_ops_without_bounds(t: Trial) -> None:
    """Infinities and zeros, very large numbers and small ones."""
    answer_ops_without_bounds(t, kernels)
    answer_functions_without_bounds(t, kernels)


@case(QUESTION, points=0.25)
def cuda_ops_not_a_number(t: Trial) -> None:
    """What is not a number makes no comparison true, and goes on through a maximum."""
    answer_not_a_number(t, kernels)


@case(QUESTION, points=0.5)
def cuda_ops_by_threads(t: Trial) -> None:
    """It is threads of the device that read and write, and no memory is left behind."""
    answer_elementwise_work(t, kernels)


@case(QUESTION, points=0.5)
def cuda_arrays_in_expressions(t: Trial) -> None:
    """The operators of NDArrays: what is made of the kernels, too."""
    answer_expressions(t, cuda())
