"""Try kernels that multiply matrices."""

from __future__ import annotations

import numpy as np
from gradebox import Check, Trial, close, exact

from ._inputs import Floats
from ._kernels import Kernels
from ._ops import nonzero

TILE = 8  # rows and columns of a tile, as the backend is handed out

SAME = exact()
Sizes = tuple[int, int, int]


def products(n: int) -> Check:
    """Leave room for float32 sums of n products in any order."""
    return close(rtol=1e-5, atol=2e-6 * n)


def matrix(t: Trial, rows: int, columns: int) -> Floats:
    """Draw a matrix of numbers of both signs, none of them near 0."""
    return np.asarray(nonzero(t, rows, columns), np.float32)


def whole_numbers(t: Trial, rows: int, columns: int) -> Floats:
    """Draw a matrix of small whole numbers, whose products float32 holds exactly.

    The first rows and columns are not 0, so that none can be left out unnoticed.
    """
    found = t.rng.randint(-4, 5, size=(rows, columns))
    found[0], found[:, 0] = 3, -2
    return found.astype(np.float32)


def in_tiles(a: Floats) -> Floats:
    """Return a matrix tile by tile."""
    rows, columns = a.shape
    shape = (rows // TILE, TILE, columns // TILE, TILE)
    return np.ascontiguousarray(a.reshape(shape).transpose(0, 2, 1, 3))


def answer_product(t: Trial, kernels: Kernels, *sizes: Sizes) -> None:
    """Hand over products of an m x n with an n x p matrix."""
    for m, n, p in sizes:
        inputs = [matrix(t, m, n), matrix(t, n, p)]
        name = f"{m} x {n} times {n} x {p}"
        check = products(n)
        kernels.answer(t, name, "matmul", inputs, m * p, m, n, p, check=check)


def answer_tiled(t: Trial, kernels: Kernels, *counts: Sizes) -> None:
    """Hand over products of matrices in tiles, so many tiles down and across."""
    for count in counts:
        m, n, p = (TILE * each for each in count)
        inputs = [in_tiles(matrix(t, m, n)), in_tiles(matrix(t, n, p))]
        rows, inner, columns = count
        name = f"{rows} x {inner} tiles times {inner} x {columns}"
        check = products(n)
        kernels.answer(t, name, "matmul_tiled", inputs, m * p, m, n, p, check=check)


def answer_again(t: Trial, kernels: Kernels, kernel: str, sizes: Sizes) -> None:
    """Hand over three products that go to the same memory, one after the other."""
    m, n, p = sizes
    out = kernels.unwritten(m * p)
    for number in ("first", "second", "third"):
        a, b = (t.input(matrix(t, *shape)) for shape in ((m, n), (n, p)))
        kernels.run(kernel, kernels.memory(a), kernels.memory(b), out, m, n, p)
        name = f"{number} product, {m} x {n} times {n} x {p}"
        t.answer(name, kernels.numbers(out), check=products(n))
