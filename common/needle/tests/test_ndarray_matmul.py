"""Products of matrices and of batches of them, against NumPy in float64."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from needle import backend_ndarray as nd
from strategies import many, matmul_shapes


def matrices(*shapes):
    rng = np.random.default_rng([n for shape in shapes for n in shape])
    return [rng.standard_normal(shape).astype(np.float32) for shape in shapes]


def assert_product(c, x, y):
    expected = x.astype(np.float64) @ y.astype(np.float64)
    assert c.shape == expected.shape
    # n products are added in float32, in any order: the error grows like sqrt(n)
    np.testing.assert_allclose(
        c.numpy(), expected, rtol=1e-4, atol=1e-6 * max(1, x.shape[-1])
    )


SIDES = [1, 2, 7, 8, 9, 16, 33]


@pytest.mark.parametrize(("m", "p"), list(product(SIDES, SIDES)))
def test_any_sides(device, m, p):
    for n in [*SIDES, 40, 64]:
        x, y = matrices((m, n), (n, p))
        a, b = (nd.array(each, device=device) for each in (x, y))
        assert_product(a @ b, x, y)


@pytest.mark.parametrize(
    ("m", "n", "p"), [(64, 128, 96), (100, 200, 37), (257, 65, 31)]
)
def test_larger_ones(device, m, n, p):
    x, y = matrices((m, n), (n, p))
    assert_product(nd.array(x, device=device) @ nd.array(y, device=device), x, y)


@pytest.mark.parametrize("sides", [(0, 3, 2), (2, 3, 0), (2, 0, 3), (0, 0, 0)])
def test_empty_ones(device, sides):
    m, n, p = sides
    c = nd.empty((m, n), device=device) @ nd.empty((n, p), device=device)
    np.testing.assert_array_equal(c.numpy(), np.zeros((m, p)))


@pytest.mark.timeout(20, method="thread")  # kernels cannot be interrupted
def test_empty_ones_of_any_depth_take_no_time(device):
    c = nd.empty((0, 2**60), device=device) @ nd.empty((2**60, 0), device=device)
    assert c.shape == (0, 0)
    many = nd.empty((2**58, 0, 3), device=device)
    assert (many @ nd.empty((3, 4), device=device)).shape == (2**58, 0, 4)


@pytest.mark.parametrize("side", [8, 5])
def test_of_views(device, side):
    x, y = matrices((side, side), (side, side))
    a, b = (nd.array(each, device=device) for each in (x, y))
    assert_product(a.permute((1, 0)) @ b.permute((1, 0)), x.T, y.T)
    assert_product(a[::-1, :] @ b[:, ::2], x[::-1], y[:, ::2])
    row = nd.array(x[:1], device=device).broadcast_to((side, side))
    assert_product(row @ b, np.broadcast_to(x[0], x.shape), y)
    np.testing.assert_array_equal(a.numpy(), x)


@many
@given(shapes=matmul_shapes(max_dims=3))
def test_leading_axes_broadcast(device, shapes):
    x, y = matrices(*shapes)
    a, b = (nd.array(each, device=device) for each in (x, y))
    assert_product(a @ b, x, y)
    assert_product(nd.matmul(a, b), x, y)


def test_batches_of_views(device):
    x, y = matrices((2, 3, 4, 5), (3, 6, 5))
    a, b = nd.array(x, device=device), nd.array(y, device=device)
    assert_product(
        a[:, ::-1, :, :] @ b.permute((0, 2, 1)), x[:, ::-1], y.transpose(0, 2, 1)
    )


def test_an_empty_batch(device):
    c = nd.empty((0, 2, 3), device=device) @ nd.empty((3, 4), device=device)
    assert c.shape == (0, 2, 4)


def test_one_matrix_for_a_batch_is_not_copied(cpu):
    a, b = nd.full((50, 4, 8), 1, device=cpu), nd.full((8, 512), 1, device=cpu)
    before = cpu.memory_stats()["allocated"]
    a @ b
    assert cpu.memory_stats()["allocated"] == before + 1  # the product


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_is_no_number_is_handed_on(device):
    x, y = matrices((9, 16), (16, 17))
    x[3, 5], x[4, 6], y[7, 2] = np.nan, np.inf, -np.inf
    c = nd.array(x, device=device) @ nd.array(y, device=device)
    expected = x @ y
    np.testing.assert_array_equal(np.isnan(c.numpy()), np.isnan(expected))
    np.testing.assert_array_equal(np.isinf(c.numpy()), np.isinf(expected))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((2, 3), (2, 3)),
        ((3,), (3, 2)),
        ((2, 3), (3,)),
        ((), (2, 2)),
        ((4, 2, 3), (2, 2)),
    ],
)
def test_shapes_that_do_not_fit(device, first, second):
    a, b = nd.empty(first, device=device), nd.empty(second, device=device)
    with pytest.raises(ValueError, match="do not fit: it takes"):
        a @ b


def test_batches_that_do_not_fit(device):
    with pytest.raises(ValueError, match=r"\(2,\) and \(3,\) do not fit"):
        nd.empty((2, 4, 4), device=device) @ nd.empty((3, 4, 4), device=device)


def test_what_is_no_array(device):
    a = nd.full((2, 2), 1, device=device)
    for other in (2, np.ones((2, 2)), [[1]], None):
        with pytest.raises(TypeError):
            a @ other
        with pytest.raises(TypeError):
            other @ a
