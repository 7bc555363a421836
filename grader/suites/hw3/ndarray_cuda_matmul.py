"""Question 9: products of matrices in CUDA."""

from itertools import permutations

from gradebox import Trial, case

from ._arrays import cuda
from ._kernels import Kernels
from ._products import (
    answer_again,
    answer_arrays_multiplied,
    answer_product,
    answer_products_work,
    answer_unbounded,
    answer_views_multiplied,
    answer_whole_numbers,
)

QUESTION = "hw3.ndarray_cuda_matmul"
EARLIER = ["hw3.ndarray_python_ops", "hw3.ndarray_cuda_compact_setitem"]

kernels = Kernels("cuda")


@case(QUESTION, points=1.5)
def cuda_matmul_small(t: Trial) -> None:
    """Small matrices with three different sides, in each order."""
    answer_product(t, kernels, *permutations((2, 5, 7)))


@case(QUESTION, points=1)
def cuda_matmul_sides_of_one(t: Trial) -> None:
    """Rows, columns and single numbers."""
    thin = [(1, 5, 3), (5, 1, 3), (5, 3, 1), (1, 5, 1), (5, 1, 1), (1, 1, 3)]
    answer_product(t, kernels, *thin, (1, 1, 1), (1, 4, 4), (4, 1, 4), (4, 4, 1))


@case(QUESTION, points=1)
def cuda_matmul_primes(t: Trial) -> None:
    """Sides that nothing divides: tiles stick out on all sides."""
    answer_product(t, kernels, (7, 13, 11), (31, 37, 29), (61, 53, 59), (3, 67, 71))


@case(QUESTION, points=2)
def cuda_matmul_around_tiles(t: Trial) -> None:
    """Sides that are multiples of a tile, one more, or one less."""
    sides = [(8, 8, 8), (16, 24, 8), (7, 8, 9), (15, 17, 16), (16, 16, 16)]
    more = [(31, 33, 32), (33, 32, 31), (32, 64, 32), (64, 65, 63), (5, 64, 40)]
    answer_product(t, kernels, *sides, *more)


@case(QUESTION, points=1)
def cuda_matmul_square(t: Trial) -> None:
    """Square matrices of whole numbers: neither of them transposed, no sum rounded."""
    answer_whole_numbers(t, kernels, 3, 8, 27, 32)


@case(QUESTION, points=0.5)
def cuda_matmul_of_nothing(t: Trial) -> None:
    """Sums of no products are 0; where there are no rows or columns nothing is done."""
    answer_product(t, kernels, (5, 0, 3), (0, 5, 3), (5, 3, 0), (3, 5, 2))


@case(QUESTION, points=0.5)
def cuda_matmul_again(t: Trial) -> None:
    """What was in memory before does not count, neither in `out` nor in operands."""
    answer_again(t, kernels, "matmul", (3, 5, 9))
    answer_again(t, kernels, "matmul", (17, 16, 35))


@case(QUESTION, points=1)
def cuda_matmul_large(t: Trial) -> None:
    """Matrices of tens of thousands of elements, and very long and narrow ones."""
    answer_product(t, kernels, (130, 140, 171), (1001, 3, 2), (2, 3001, 3))


@case(QUESTION, points=0.5)
def cuda_matmul_without_bounds(t: Trial) -> None:
    """0 times infinity is not a number, and neither is a sum with it; others are."""
    for number in (float("inf"), float("-inf"), float("nan")):
        answer_unbounded(t, kernels, number)


@case(QUESTION, points=0.5)
def cuda_matmul_by_threads(t: Trial) -> None:
    """It is threads of the device that read and write, and no memory is left behind."""
    answer_products_work(t, kernels, (37, 41, 35), (64, 32, 64))


@case(QUESTION, points=0.5, needs=EARLIER)
def cuda_arrays_multiplied(t: Trial) -> None:
    """`a @ b` of NDArrays, of views of them, and of batches of matrices."""
    answer_arrays_multiplied(t, cuda())
    answer_views_multiplied(t, cuda())
