"""Try reductions in every way: what the tests on all devices do."""

from __future__ import annotations

from typing import Any

import numpy as np
from gradebox import Trial, close

from ._arrays import answer_array, array
from ._inputs import between
from ._kernels import Kernels
from ._ops import lengths
from ._reduce import (
    SAME,
    answer_columns,
    answer_reduction,
    answer_sums,
    below,
    numbers,
    peaks,
    summed,
)

INF, NAN = float("inf"), float("nan")


def answer_sums_of_one_or_none(t: Trial, kernels: Kernels) -> None:
    """Hand over sums of single elements, and of nothing."""
    m, n = lengths(t, 2)
    sizes = [(m, 1, 1), (m, 1, n), (1, 1, 1), (m, 0, 1), (m, 0, n)]
    answer_sums(t, kernels, iter(sizes))


def answer_long_sums(t: Trial, kernels: Kernels) -> None:
    """Hand over sums of a hundred thousand numbers around 1."""
    many = 100_000 + between(t, 1, 31)
    for sizes in [(1, many, 1), (1, many // 2, 2)]:
        a = np.asarray(t.rng.uniform(0.5, 1.5, size=sizes), np.float32)
        check = close(rtol=1e-4)
        answer_reduction(t, kernels, "reduce_sum", "around 1", a, check)


def answer_sums_not_finite(t: Trial, kernels: Kernels) -> None:
    """Hand over sums with infinities and with what is not a number."""
    columns = [[1, INF, 2], [1, 2, 3], [-INF, 0, 5], [INF, -INF, 1], [NAN, 1, 2]]
    answer_columns(t, kernels, "reduce_sum", [*columns, [4, 5, 6]])


def answer_peaks(t: Trial, kernels: Kernels, inner: int) -> None:
    """Hand over maxima that stand in each place once."""
    for length in (2, 7, 37):
        a = peaks(length, inner)
        answer_reduction(t, kernels, "reduce_max", "each place", a, SAME)


def answer_maxima_of_one(t: Trial, kernels: Kernels) -> None:
    """Hand over the largest of single elements."""
    m, n = lengths(t, 2)
    for sizes in [(m, 1, 1), (m, 1, n), (1, 1, 1)]:
        a = -abs(numbers(t, sizes))
        answer_reduction(t, kernels, "reduce_max", "one", a, SAME)


def answer_negative_maxima(t: Trial, kernels: Kernels) -> None:
    """Hand over the largest of negative numbers, however far below 0."""
    k, m, n = lengths(t, 3)
    for level in (-3, -5000, -2e38):
        for sizes in [(m, n, 1), (k, m, n), (1, 300, 1)]:
            a = below(t, sizes, level)
            answer_reduction(t, kernels, "reduce_max", f"down to {level:g}", a, SAME)
    columns = [[-INF, -INF, -INF], [-INF, -3e38, -INF], [-1, INF, -2]]
    answer_columns(t, kernels, "reduce_max", columns)


def answer_maxima_not_a_number(t: Trial, kernels: Kernels) -> None:
    """Hand over maxima of what is not a number, wherever it stands."""
    columns = [[NAN, 1, 2], [1, NAN, 2], [1, 2, NAN], [INF, NAN, 1], [-1, -2, -3]]
    answer_columns(t, kernels, "reduce_max", columns)
    a = numbers(t, (3, 133, 1))
    a[1, between(t, 1, 131)] = NAN
    answer_reduction(t, kernels, "reduce_max", "one of many", a, SAME)


def answer_reductions_work(t: Trial, kernels: Kernels) -> None:
    """Hand over reductions, and how much of them threads have made."""
    for outer, length, inner in [(37, 70, 1), (5, 61, 11), (1, 3001, 1)]:
        a = numbers(t, (outer, length, inner))
        for kernel, check in [("reduce_sum", summed(length)), ("reduce_max", SAME)]:
            kernels.answer_work(
                t, f"{kernel}, {outer} x {length} x {inner}", kernel, [a],
                outer * inner, length, inner,
                read=a.size, written=outer * inner, check=check,
            )  # fmt: skip


def answer_arrays_reduced(t: Trial, device: Any) -> None:
    """Hand over NDArrays reduced along each axis, along several, and along all."""
    drawn = numbers(t, lengths(t, 3))
    drawn[0, 0, 0] = 9  # the largest of all is not that of every part
    a = array(t, drawn, device)
    for axis in (0, 1, 2, -1, (0, 1), (0, 2), (1, 2), (0, 1, 2), None):
        for keepdims in (False, True):
            name = f"axis {axis}, keepdims {keepdims}"
            total, largest = a.sum(axis, keepdims), a.max(axis, keepdims)
            answer_array(t, f"sum, {name}", total, check=summed(a.size))
            answer_array(t, f"max, {name}", largest, check=SAME)


def answer_views_reduced(t: Trial, device: Any) -> None:
    """Hand over NDArrays that are views, reduced as what they show."""
    a = array(t, numbers(t, (7, 8, 9)), device)
    for name, view in [
        ("permuted", a.permute((2, 0, 1))),
        ("a part", a[1:-2, ::3, 2:]),
        ("repeated", a[:, 2, :].broadcast_to((7, 3, 9))),
    ]:
        for axis in (0, 1, 2, None):
            total, largest = view.sum(axis), view.max(axis)
            answer_array(t, f"sum, {name}, axis {axis}", total, check=summed(a.size))
            answer_array(t, f"max, {name}, axis {axis}", largest, check=SAME)
