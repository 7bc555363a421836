"""Try kernels that reduce the middle axis of (outer, length, inner)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from gradebox import Check, Trial, close, exact

from ._inputs import Floats
from ._kernels import Kernels
from ._ops import lengths, nonzero

SAME = exact()
Sizes = tuple[int, int, int]


def summed(length: int) -> Check:
    """Leave room for float32 sums in any order; a missing element is far off."""
    return close(rtol=1e-5, atol=1e-6 * length)


def rows(t: Trial) -> Iterator[Sizes]:
    """Yield sizes with what comes together side by side."""
    m, n = lengths(t, 2)
    yield m, n, 1
    yield n, m, 1
    yield 1, 61, 1
    yield 67, n, 1
    yield 3, 130, 1
    yield 2, 1003, 1
    yield 1100, n, 1  # more sums than a block of CUDA's has threads


def apart(t: Trial) -> Iterator[Sizes]:
    """Yield sizes with what comes together some elements apart."""
    k, m, n = lengths(t, 3)
    yield k, m, n
    yield n, k, m
    yield 1, m, n
    yield 1, 29, 97
    yield m, 70, 3
    yield 37, n, k
    yield 3, m, 401


def numbers(t: Trial, sizes: Sizes) -> Floats:
    """Draw numbers of both signs, none of them near 0."""
    return np.asarray(nonzero(t, *sizes), np.float32)


def levels(t: Trial, sizes: Sizes) -> Floats:
    """Draw numbers of which those that come together are on a level of their own.

    The first level is in the middle, and the others are below and above in turn: an
    element of another level shows, and so does a maximum that is not begun afresh.
    """
    outer, _, inner = sizes
    i = np.arange(outer * inner).reshape(outer, 1, inner)
    turns = np.where(i % 2, -1, 1) * ((i + 1) // 2)
    return np.asarray(numbers(t, sizes) + 16 * turns, np.float32)


def below(t: Trial, sizes: Sizes, level: float) -> Floats:
    """Draw negative numbers down to a level, lower ones in each group that follows."""
    outer, length, inner = sizes
    groups = np.arange(outer * inner).reshape(outer, 1, inner)
    depth = groups + t.rng.uniform(0.1, 1, size=(outer, length, inner))
    return np.asarray(level * depth / (outer * inner), np.float32)


def peaks(length: int, inner: int = 1) -> Floats:
    """Return negative numbers with one that is larger, in each place once.

    Shape: (length, length, inner).
    """
    found = np.full((length, length, inner), -9, np.float32)
    for i in range(length):
        found[i, i] = -1 - np.arange(inner) / 8
    return found


def answer_reduction(
    t: Trial, kernels: Kernels, kernel: str, name: str, a: Floats, check: Check
) -> None:
    """Hand over what a kernel makes of an array of shape (outer, length, inner)."""
    outer, length, inner = a.shape
    named = f"{name}, {outer} x {length} x {inner}"
    sizes = (length, inner)
    kernels.answer(t, named, kernel, [a], outer * inner, *sizes, check=check)


def answer_sums(t: Trial, kernels: Kernels, sizes: Iterator[Sizes]) -> None:
    """Hand over sums."""
    for each in sizes:
        a, check = numbers(t, each), summed(each[1])
        answer_reduction(t, kernels, "reduce_sum", "sums", a, check)


def answer_maxima(t: Trial, kernels: Kernels, sizes: Iterator[Sizes]) -> None:
    """Hand over maxima."""
    for each in sizes:
        a = levels(t, each)
        answer_reduction(t, kernels, "reduce_max", "maxima", a, SAME)


def answer_columns(
    t: Trial, kernels: Kernels, kernel: str, columns: Sequence[Sequence[float]]
) -> None:
    """Hand over what a kernel makes of given numbers, side by side and apart."""
    a = np.asarray(columns, np.float32)
    answer_reduction(t, kernels, kernel, "side by side", a[:, :, None], SAME)
    turned = np.ascontiguousarray(a.T)[None]
    answer_reduction(t, kernels, kernel, "apart", turned, SAME)
