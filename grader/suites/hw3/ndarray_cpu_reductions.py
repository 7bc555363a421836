"""Question 4: reductions in C++."""

import numpy as np
from gradebox import Trial, case, close

from ._arrays import answer_array, array, nd
from ._inputs import between
from ._kernels import Kernels
from ._ops import lengths
from ._reduce import (
    SAME,
    answer_columns,
    answer_maxima,
    answer_reduction,
    answer_sums,
    apart,
    below,
    numbers,
    peaks,
    rows,
    summed,
)

QUESTION = "hw3.ndarray_cpu_reductions"
EARLIER = ["hw3.ndarray_python_ops", "hw3.ndarray_cpu_compact_setitem"]

INF, NAN = float("inf"), float("nan")

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
    m, n = lengths(t, 2)
    answer_sums(t, cpu, iter([(m, 1, 1), (m, 1, n), (1, 1, 1), (m, 0, 1), (m, 0, n)]))


@case(QUESTION, points=1)
def sum_of_many(t: Trial) -> None:
    """A hundred thousand numbers around 1: all of them count, once."""
    many = 100_000 + between(t, 1, 31)
    for sizes in [(1, many, 1), (1, many // 2, 2)]:
        a = np.asarray(t.rng.uniform(0.5, 1.5, size=sizes), np.float32)
        check = close(rtol=1e-4)
        answer_reduction(t, cpu, "reduce_sum", "around 1", a, check)


@case(QUESTION, points=0.5)
def sum_not_finite(t: Trial) -> None:
    """Infinities and what is not a number stay in their own sums."""
    columns = [[1, INF, 2], [1, 2, 3], [-INF, 0, 5], [INF, -INF, 1], [NAN, 1, 2]]
    answer_columns(t, cpu, "reduce_sum", [*columns, [4, 5, 6]])


@case(QUESTION, points=1)
def max_side_by_side(t: Trial) -> None:
    """The largest along the last axis, in whichever place it is."""
    answer_maxima(t, cpu, rows(t))
    for length in (2, 7, 37):
        answer_reduction(t, cpu, "reduce_max", "each place", peaks(length), SAME)


@case(QUESTION, points=1)
def max_apart(t: Trial) -> None:
    """The largest of elements that lie `inner` apart, in whichever place it is."""
    answer_maxima(t, cpu, apart(t))
    for length in (2, 7, 37):
        answer_reduction(t, cpu, "reduce_max", "each place", peaks(length, 3), SAME)


@case(QUESTION, points=0.5)
def max_of_one(t: Trial) -> None:
    """The largest of one element is that element."""
    m, n = lengths(t, 2)
    for sizes in [(m, 1, 1), (m, 1, n), (1, 1, 1)]:
        answer_reduction(t, cpu, "reduce_max", "one", -abs(numbers(t, sizes)), SAME)


@case(QUESTION, points=1)
def max_of_negative(t: Trial) -> None:
    """Where all are negative the largest is so too, however far below 0."""
    k, m, n = lengths(t, 3)
    for level in (-3, -5000, -2e38):
        for sizes in [(m, n, 1), (k, m, n), (1, 300, 1)]:
            a = below(t, sizes, level)
            answer_reduction(t, cpu, "reduce_max", f"down to {level:g}", a, SAME)
    columns = [[-INF, -INF, -INF], [-INF, -3e38, -INF], [-1, INF, -2]]
    answer_columns(t, cpu, "reduce_max", columns)


@case(QUESTION, points=0.5)
def max_not_a_number(t: Trial) -> None:
    """What is not a number is the largest, wherever it stands."""
    columns = [[NAN, 1, 2], [1, NAN, 2], [1, 2, NAN], [INF, NAN, 1], [-1, -2, -3]]
    answer_columns(t, cpu, "reduce_max", columns)
    a = numbers(t, (3, 133, 1))
    a[1, between(t, 1, 131)] = NAN
    answer_reduction(t, cpu, "reduce_max", "one of many", a, SAME)


@case(QUESTION, points=0.5, needs=EARLIER[:1])
def arrays_reduced(t: Trial) -> None:
    """NDArrays reduced along each axis, along several, and along all."""
    drawn = numbers(t, lengths(t, 3))
    drawn[0, 0, 0] = 9  # the largest of all is not that of every part
    a = array(t, drawn, nd.cpu())
    for axis in (0, 1, 2, -1, (0, 1), (0, 2), (1, 2), (0, 1, 2), None):
        for keepdims in (False, True):
            name = f"axis {axis}, keepdims {keepdims}"
            total, largest = a.sum(axis, keepdims), a.max(axis, keepdims)
            answer_array(t, f"sum, {name}", total, check=summed(a.size))
            answer_array(t, f"max, {name}", largest, check=SAME)


@case(QUESTION, points=0.5, needs=EARLIER)
def views_reduced(t: Trial) -> None:
    """NDArrays that are views are reduced as what they show."""
    a = array(t, numbers(t, (7, 8, 9)), nd.cpu())
    for name, view in [
        ("permuted", a.permute((2, 0, 1))),
        ("a part", a[1:-2, ::3, 2:]),
        ("repeated", a[:, 2, :].broadcast_to((7, 3, 9))),
    ]:
        for axis in (0, 1, 2, None):
            total, largest = view.sum(axis), view.max(axis)
            answer_array(t, f"sum, {name}, axis {axis}", total, check=summed(a.size))
            answer_array(t, f"max, {name}, axis {axis}", largest, check=SAME)
