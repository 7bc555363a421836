"""Question 5: products of matrices in C++."""

from itertools import permutations

from gradebox import Trial, case

from ._arrays import nd
from ._kernels import Kernels
from ._products import (
    SAME,
    TILE,
    answer_again,
    answer_arrays_multiplied,
    answer_product,
    answer_tiled,
    answer_unbounded,
    answer_views_multiplied,
    answer_whole_numbers,
    in_tiles,
    whole_numbers,
)

QUESTION = "hw3.ndarray_cpu_matmul"
EARLIER = ["hw3.ndarray_python_ops", "hw3.ndarray_cpu_compact_setitem"]

cpu = Kernels("cpu")


@case(QUESTION, points=1.5)
def matmul_small(t: Trial) -> None:
    """Small matrices with three different sides, in each order."""
    answer_product(t, cpu, *permutations((2, 5, 7)))


@case(QUESTION, points=1)
def matmul_sides_of_one(t: Trial) -> None:
    """Rows, columns and single numbers."""
    thin = [(1, 5, 3), (5, 1, 3), (5, 3, 1), (1, 5, 1), (5, 1, 1), (1, 1, 3)]
    answer_product(t, cpu, *thin, (1, 1, 1), (1, 4, 4), (4, 1, 4), (4, 4, 1))


@case(QUESTION, points=1)
def matmul_primes(t: Trial) -> None:
    """Sides that nothing divides."""
    answer_product(t, cpu, (7, 13, 11), (31, 37, 29), (61, 53, 59), (3, 67, 71))


@case(QUESTION, points=1)
def matmul_around_tiles(t: Trial) -> None:
    """Sides that are multiples of a tile, one more, or one less."""
    sides = [(8, 8, 8), (16, 24, 8), (7, 8, 9), (9, 7, 8), (15, 17, 16)]
    more = [(31, 33, 32), (33, 32, 31), (32, 31, 33), (64, 65, 63), (5, 64, 40)]
    answer_product(t, cpu, *sides, *more)


@case(QUESTION, points=1)
def matmul_square(t: Trial) -> None:
    """Square matrices of whole numbers: neither of them transposed, no sum rounded."""
    answer_whole_numbers(t, cpu, 3, 8, 27, 32)


@case(QUESTION, points=0.5)
def matmul_of_nothing(t: Trial) -> None:
    """Sums of no products are 0; where there are no rows or columns nothing is done."""
    answer_product(t, cpu, (5, 0, 3), (0, 5, 3), (5, 3, 0), (3, 5, 2))


@case(QUESTION, points=1)
def matmul_again(t: Trial) -> None:
    """What was in memory before does not count, neither in `out` nor in operands."""
    answer_again(t, cpu, "matmul", (3, 5, 9))
    answer_again(t, cpu, "matmul", (17, 16, 35))


@case(QUESTION, points=1)
def matmul_large(t: Trial) -> None:
    """Matrices of tens of thousands of elements, and very long and narrow ones."""
    answer_product(t, cpu, (130, 211, 171), (1001, 3, 2), (2, 3001, 3))


@case(QUESTION, points=1)
def tiled_single(t: Trial) -> None:
    """One tile times one tile: rows times columns."""
    answer_tiled(t, cpu, (1, 1, 1))
    a, b = (in_tiles(whole_numbers(t, TILE, TILE)) for _ in range(2))
    sizes = (TILE,) * 3
    cpu.answer(t, "whole numbers", "matmul_tiled", [a, b], a.size, *sizes, check=SAME)


@case(QUESTION, points=1)
def tiled_sum(t: Trial) -> None:
    """A tile of the product is the sum of all products of tiles that belong to it."""
    answer_tiled(t, cpu, (1, 2, 1), (1, 5, 1), (1, 17, 1))


@case(QUESTION, points=1.5)
def tiled_grid(t: Trial) -> None:
    """Different numbers of tiles down, across and between."""
    answer_tiled(t, cpu, (3, 1, 1), (1, 1, 4), *permutations((2, 3, 5)))
    answer_tiled(t, cpu, (3, 3, 3), (9, 6, 7))


@case(QUESTION, points=1)
def tiled_again(t: Trial) -> None:
    """What was in memory before does not count, neither in `out` nor in operands."""
    answer_again(t, cpu, "matmul_tiled", (TILE, TILE, TILE))
    answer_again(t, cpu, "matmul_tiled", (2 * TILE, 3 * TILE, TILE))


@case(QUESTION, points=0.5)
def products_without_bounds(t: Trial) -> None:
    """0 times infinity is not a number, and neither is a sum with it; others are."""
    for value in (float("inf"), float("-inf"), float("nan")):
        answer_unbounded(t, cpu, value, in_tiles_too=True)


@case(QUESTION, points=1)
def arrays_multiplied(t: Trial) -> None:
    """`a @ b` of NDArrays."""
    answer_arrays_multiplied(t, nd.cpu())


@case(QUESTION, points=1, needs=EARLIER)
def views_multiplied(t: Trial) -> None:
    """`a @ b` of NDArrays that are views, of tiles too, and of batches of matrices."""
    answer_views_multiplied(t, nd.cpu())
