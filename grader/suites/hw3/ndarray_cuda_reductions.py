"""Question 8: reductions in CUDA."""

from gradebox import Trial, case

from ._arrays import cuda
from ._kernels import Kernels
from ._reduce import answer_maxima, answer_sums, apart, rows
from ._reductions import (
    answer_arrays_reduced,
    answer_long_sums,
    answer_maxima_not_a_number,
    answer_maxima_of_one,
    answer_negative_maxima,
    answer_peaks,
    answer_reductions_work,
    answer_sums_not_finite,
    answer_sums_of_one_or_none,
    answer_views_reduced,
)

QUESTION = "hw3.ndarray_cuda_reductions"
EARLIER = ["hw3.ndarray_python_ops", "hw3.ndarray_cuda_compact_setitem"]

kernels = Kernels("cuda")


@case(QUESTION, points=0.75)
def cuda_sum_side_by_side(t: Trial) -> None:
    """Sums along the last axis."""
    answer_sums(t, kernels, rows(t))


@case(QUESTION, points=0.75)
def cuda_sum_apart(t: Trial) -> None:
    """Sums along an axis that others come behind: elements that lie `inner` apart."""
    answer_sums(t, kernels, apart(t))


@case(QUESTION, points=0.25)
def cuda_sum_of_one_or_none(t: Trial) -> None:
    """The sum of one element is that element, the sum of none is 0."""
    answer_sums_of_one_or_none(t, kernels)


@case(QUESTION, points=0.5)
def cuda_sum_of_many(t: Trial) -> None:
    """A hundred thousand numbers around 1: all of them count, once."""
    answer_long_sums(t, kernels)


@case(QUESTION, points=0.25)
def cuda_sum_not_finite(t: Trial) -> None:
    """Infinities and what is not a number stay in their own sums."""
    answer_sums_not_finite(t, kernels)


@case(QUESTION, points=0.5)
def cuda_max_side_by_side(t: Trial) -> None:
    """The largest along the last axis, in whichever place it is."""
    answer_maxima(t, kernels, rows(t))
    answer_peaks(t, kernels, 1)


@case(QUESTION, points=0.5)
def cuda_max_apart(t: Trial) -> None:
    """The largest of elements that lie `inner` apart, in whichever place it is."""
    answer_maxima(t, kernels, apart(t))
    answer_peaks(t, kernels, 3)


@case(QUESTION, points=0.5)
def cuda_max_of_negative(t: Trial) -> None:
    """Where all are negative the largest is so too, and so is a single one."""
    answer_negative_maxima(t, kernels)
    answer_maxima_of_one(t, kernels)


@case(QUESTION, points=0.25)
def cuda_max_not_a_number(t: Trial) -> None:
    """What is not a number is the largest, wherever it stands."""
    answer_maxima_not_a_number(t, kernels)


@case(QUESTION, points=0.5)
def cuda_reductions_by_threads(t: Trial) -> None:
    """It is threads of the device that read and write, and no memory is left behind."""
    answer_reductions_work(t, kernels)


@case(QUESTION, points=0.25, needs=EARLIER)
def cuda_arrays_reduced(t: Trial) -> None:
    """NDArrays, and views of them, reduced along each axis, several and all."""
    answer_arrays_reduced(t, cuda())
    answer_views_reduced(t, cuda())
