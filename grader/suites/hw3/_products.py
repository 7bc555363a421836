"""Try kernels that multiply matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
from gradebox import Check, Trial, close, exact

from ._arrays import answer_array, array
from ._inputs import Floats, between
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
    """Hand over three products in the same memory, one after the other."""
    m, n, p = sizes
    a, b, out = (kernels.unwritten(size) for size in (m * n, n * p, m * p))
    for number in ("first", "second", "third"):
        a.write(t.input(matrix(t, m, n)))
        b.write(t.input(matrix(t, n, p)))
        name = f"{number} product, {m} x {n} times {n} x {p}"
        kernels.run(t, name, kernel, a, b, out, m, n, p)
        kernels.hand_over(t, name, kernel, out, products(n))


def answer_whole_numbers(t: Trial, kernels: Kernels, *sides: int) -> None:
    """Hand over products of square matrices that no sum rounds."""
    for n in sides:
        inputs = [whole_numbers(t, n, n), whole_numbers(t, n, n)]
        kernels.answer(t, f"{n} x {n}", "matmul", inputs, n * n, n, n, n, check=SAME)


def answer_unbounded(
    t: Trial, kernels: Kernels, value: float, *, in_tiles_too: bool = False
) -> None:
    """Hand over products with one element that is not finite, on either side.

    One at least of the elements that it is multiplied with is 0.
    """
    m, n, p = 3 * TILE, 2 * TILE, TILE
    inputs = whole_numbers(t, m, n), whole_numbers(t, n, p)
    i, k, j = between(t, 1, m - 1), between(t, 1, n - 1), between(t, 1, p - 1)
    for side, (element, partner) in {"left": (value, 0), "right": (0, value)}.items():
        a, b = (each.copy() for each in inputs)
        a[i, k], b[k, j] = element, partner
        name = f"{value:g} on the {side}, 0 where it meets the other matrix"
        kernels.answer(t, name, "matmul", [a, b], m * p, m, n, p, check=SAME)
        if in_tiles_too:
            tiles = [in_tiles(a), in_tiles(b)]
            name = f"{name}, in tiles"
            kernels.answer(t, name, "matmul_tiled", tiles, m * p, m, n, p, check=SAME)


def answer_products_work(t: Trial, kernels: Kernels, *sizes: Sizes) -> None:
    """Hand over products, and how much of them threads have made."""
    for m, n, p in sizes:
        a, b = matrix(t, m, n), matrix(t, n, p)
        kernels.answer_work(
            t, f"{m} x {n} times {n} x {p}", "matmul", [a, b], m * p, m, n, p,
            read=a.size + b.size, written=m * p, check=products(n),
        )  # fmt: skip


def answer_arrays_multiplied(t: Trial, device: Any) -> None:
    """Hand over `a @ b` of NDArrays."""
    for m, n, p in [(4, 6, 3), (10, 8, 16), (1, 9, 33)]:
        a, b = array(t, matrix(t, m, n), device), array(t, matrix(t, n, p), device)
        answer_array(t, f"{m} x {n} times {n} x {p}", a @ b, check=products(n))


def answer_views_multiplied(t: Trial, device: Any) -> None:
    """Hand over `a @ b` of NDArrays that are views, and of batches of matrices."""
    a, b = (array(t, matrix(t, 24, 24), device) for _ in range(2))
    batch = array(t, np.stack([matrix(t, 5, 24) for _ in range(3)]), device)
    for name, found in [
        ("in tiles", a @ b),
        ("transposed, in tiles", a.permute((1, 0)) @ b[:, ::-1]),
        ("parts, in tiles", a[3:19, 8:] @ b[:16, ::3]),
        ("parts", a[1:, ::5] @ b[2:7, :]),
        ("a batch with one matrix", batch @ a),
        ("a batch with a batch", batch @ batch.permute((0, 2, 1))),
    ]:
        answer_array(t, name, found, check=products(24))
