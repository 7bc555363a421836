"""Question 4: reductions in C++."""

from gradebox import Trial, case

from ._arrays import nd
from ._kernels import Kernels
from ._reduce import answer_maxima, answer_sums, apart, rows
from ._reductions import (
    answer_arrays_reduced,
    answer_long_sums,
    answer_maxima_not_a_number,
    answer_maxima_of_one,
    answer_negative_maxima,
    answer_peaks,
    answer_sums_not_finite,
    answer_sums_of_one_or_none,
    answer_views_reduced,
)

QUESTION = "hw3.ndarray_cpu_reductions"
EARLIER = ["hw3.ndarray_python_ops", "hw3.ndarray_cpu_compact_setitem"]

cpu = Kernels("cpu")


@case(QUESTION, points=1.5)
def sum_side_by_side(t: Trial) -> None:
    """Sums along the last axis."""
    answer_sums(t, cpu, rows(t))


@case(QUESTION, points=1.5)
def sum_apart(t: Trial) -> None:
    """Sums along an axis that others come behind: elements that lie `inner` apart."""
    answer_sums(t, cpu, apart(t))


@case(QUESTION, points=0.5)
def sum_of_one_or_none(t: Trial) -> None:
    """The sum of one element is that element, the sum of none is 0."""
    answer_sums_of_one_or_none(t, cpu)


@case(QUESTION, points=1)
def sum_of_many(t: Trial) -> None:
    """A hundred thousand numbers around 1: all of them count, once."""
    answer_long_sums(t, cpu)


@case(QUESTION, points=0.5)
def sum_not_finite(t: Trial) -> None:
    """Infinities and what is not a number stay in their own sums."""
    answer_sums_not_finite(t, cpu)


@case(QUESTION, points=1)
def max_side_by_side(t: Trial) -> None:
    """The largest along the last axis, in whichever place it is."""
    answer_maxima(t, cpu, rows(t))
    answer_peaks(t, cpu, 1)


@case(QUESTION, points=1)
def max_apart(t: Trial) -> None:
    """The largest of elements that lie `inner` apart, in whichever place it is."""
    answer_maxima(t, cpu, apart(t))
    answer_peaks(t, cpu, 3)


@case(QUESTION, points=0.5)
def max_of_one(t: Trial) -> None:
    """The largest of one element is that element."""
    answer_maxima_of_one(t, cpu)


@case(QUESTION, points=1)
def max_of_negative(t: Trial) -> None:
    """Where all are negative the largest is so too, however far below 0."""
    answer_negative_maxima(t, cpu)


@case(QUESTION, points=0.5)
def max_not_a_number(t: Trial) -> None:
    """What is not a number is the largest, wherever it stands."""
    answer_maxima_not_a_number(t, cpu)


@case(QUESTION, points=0.5, needs=EARLIER[:1])
def arrays_reduced(t: Trial) -> None:
    """NDArrays reduced along each axis, along several, and along all."""
    answer_arrays_reduced(t, nd.cpu())


@case(QUESTION, points=0.5, needs=EARLIER)
def views_reduced(t: Trial) -> None:
    """NDArrays that are views are reduced as what they show."""
    answer_views_reduced(t, nd.cpu())
