"""What kernels compute, as plain loops over Python numbers.

Slow and obvious: what the tests hold your kernels against. Numbers lie in lists, one
after the other, as in the flat memory that a kernel gets.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

Numbers = Sequence[float]


def places(shape: Sequence[int], strides: Sequence[int], offset: int) -> list[int]:
    """Return where the elements of a view lie in memory, in row-major order."""
    found = []
    for index in itertools.product(*(range(length) for length in shape)):
        place = offset
        for axis, i in enumerate(index):
            place += i * strides[axis]
        found.append(place)
    return found


def gathered(memory: Numbers, where: Sequence[int]) -> list[float]:
    """Return the numbers at some places."""
    return [memory[place] for place in where]


def scattered(memory: Numbers, where: Sequence[int], numbers: Numbers) -> list[float]:
    """Return memory in which the places have new numbers, and the rest is as it was."""
    changed = list(memory)
    for place, number in zip(where, numbers, strict=True):
        changed[place] = number
    return changed


def row_major(shape: Sequence[int]) -> tuple[int, ...]:
    """Return how far apart neighbours along each axis lie in a compact array."""
    return tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


def reduced(
    combine: Callable[[Numbers], float], memory: Numbers, length: int, inner: int
) -> list[float]:
    """Return ``combine`` of the numbers that a reduction brings together."""
    block = length * inner
    found = []
    for start in range(0, len(memory), block):
        for i in range(inner):
            together = [memory[start + r * inner + i] for r in range(length)]
            found.append(combine(together))
    return found


def product(a: Numbers, b: Numbers, m: int, n: int, p: int) -> list[float]:
    """Return the product of an m x n with an n x p matrix."""
    found = []
    for row, column in itertools.product(range(m), range(p)):
        across, down = a[row * n : (row + 1) * n], b[column::p]
        terms = (x * y for x, y in zip(across, down, strict=True))
        found.append(math.fsum(terms))
    return found


def in_tiles(matrix: Numbers, rows: int, columns: int, tile: int) -> list[float]:
    """Return the elements of a matrix tile by tile, and row by row in each."""
    found = []
    for top, left in itertools.product(range(0, rows, tile), range(0, columns, tile)):
        for down, right in itertools.product(range(tile), range(tile)):
            found.append(matrix[(top + down) * columns + left + right])
    return found
