"""Sizes beside those at which the reference's kernels begin another block."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from needle import backend_ndarray as nd

# Of a product: rows, depth and columns of a block; of a reduction: chains, and a block.
PRODUCTS = [
    (m, n, p)
    for m in (1, 5, 6, 7, 13)
    for n in (1, 255, 256, 257)
    for p in (1, 31, 32, 33, 65)
]
RUNS = [1, 31, 32, 33, 63, 64, 65, 4095, 4096, 4097, 4128, 8192, 8193]


def integers(*shape):
    """Return small integers: sums of them are exact in any order."""
    return np.random.default_rng(sum(shape)).integers(-9, 10, shape).astype(np.float32)


@pytest.mark.parametrize("m, n, p", PRODUCTS)
def test_products(m, n, p, cpu):
    a, b = integers(m, n), integers(n, p)
    found = nd.array(a, device=cpu) @ nd.array(b, device=cpu)
    np.testing.assert_array_equal(found.numpy(), a @ b)


@pytest.mark.parametrize("rows, between, columns", [(1, 1, 1), (1, 3, 2), (3, 2, 5)])
def test_products_of_tiles(rows, between, columns, cpu):
    a, b = integers(8 * rows, 8 * between), integers(8 * between, 8 * columns)
    before = cpu.launches()["matmul_tiled"]
    found = nd.array(a, device=cpu) @ nd.array(b, device=cpu)
    assert cpu.launches()["matmul_tiled"] == before + 1
    np.testing.assert_array_equal(found.numpy(), a @ b)


def test_what_is_beyond_a_product_does_not_reach_it(cpu):
    """Columns beside the last are computed with whatever stood in the panel."""
    a, b = integers(7, 300), integers(300, 33)
    b[:, :32] = np.inf
    with np.errstate(invalid="ignore"):
        found = (nd.array(a, device=cpu) @ nd.array(b, device=cpu)).numpy()
    np.testing.assert_array_equal(found[:, 32], a @ b[:, 32])


@pytest.mark.parametrize("count", RUNS)
@pytest.mark.parametrize("inner", [1, 2, 17])
def test_reductions(count, inner, cpu):
    numbers = integers(3, count, inner)
    a = nd.array(numbers, device=cpu)
    np.testing.assert_array_equal(a.sum(axis=1).numpy(), numbers.sum(axis=1))
    np.testing.assert_array_equal(a.max(axis=1).numpy(), numbers.max(axis=1))


@pytest.mark.parametrize("place", [0, 1, 31, 32, 63, 64, 69])
def test_a_maximum_notices_what_is_not_a_number_anywhere(place, cpu):
    numbers = integers(2, 70)
    numbers[1, place] = np.nan
    found = nd.array(numbers, device=cpu).max(axis=1).numpy()
    np.testing.assert_array_equal(found, numbers.max(axis=1))


def test_a_sum_of_millions_keeps_its_digits(cpu):
    """One by one, a million tenths are a thousandth off, and more."""
    found = nd.full((2**22,), 0.1, device=cpu).sum().item()
    assert found == pytest.approx(2**22 * float(np.float32(0.1)), rel=1e-5)


@pytest.mark.parametrize("axes", list(permutations(range(3))))
@pytest.mark.parametrize("lengths", [(15, 16, 17), (33, 1, 34), (2, 47, 16)])
def test_copies(lengths, axes, cpu):
    numbers = integers(*lengths)
    expected = numbers.transpose(axes)
    found = nd.array(numbers, device=cpu).permute(axes).compact()
    np.testing.assert_array_equal(found.numpy(), expected)
    back = nd.full(lengths, 0, device=cpu)
    back.permute(axes)[:, :, :] = found
    np.testing.assert_array_equal(back.numpy(), numbers)
