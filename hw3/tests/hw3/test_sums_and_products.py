"""Public tests of homework 3, questions 4 and 5: reductions, products of matrices.

Run one question with ``python3 -m pytest -k "matmul and cpu"``; after a change in
``src/``, first ``make``. Most numbers are whole quarters: sums of their products are
exact in float32, in whichever order they are made, and so NumPy's have the same digits.
"""

import numpy as np
import pytest
from array_checks import assert_fresh, draw, views, views_of_something
from devices import KERNELS
from flat import quarters
from needle import backend_ndarray as nd
from numeric import assert_close

# ---------------------------------------------------------- question 4: reductions

AXES = [
    ((1, 1, 1), None),
    ((4, 5), None),
    ((5, 3), 0),
    ((8, 3, 2), 0),
    ((8, 3, 2), 1),
    ((8, 3, 2), 2),
    ((8, 3, 2), -1),
    ((8, 3, 2), -3),
    ((2, 3, 4, 5), (1, 2)),
    ((2, 3, 4, 5), (0, 3)),
    ((2, 3, 4, 5), (-1, 0, 2)),
    ((7, 1, 3), 1),
    ((3, 129), 1),
    ((129, 3), 0),
]
along = pytest.mark.parametrize("shape, axis", AXES, ids=str)


def check_reduction(device, shape, axis, ours, numpys):
    """Compare a reduction with NumPy's, with its axes left out and left in."""
    numbers = quarters(shape) - 3  # most are negative, and no sum needs rounding
    a = nd.array(numbers, device=device)
    for keepdims in (False, True):
        wanted = numpys(numbers, axis=axis, keepdims=keepdims)
        wanted = wanted.reshape(wanted.shape or (1,))
        claim = f"of shape {shape} along axis {axis}, keepdims={keepdims}"
        assert_fresh(ours(a, axis=axis, keepdims=keepdims), wanted, claim, rtol=0)
    assert_close(a.numpy(), numbers, "the array stays as it is", rtol=0, atol=0)


@pytest.mark.parametrize("device", KERNELS)
@along
def test_reduce_sum(device, shape, axis):
    check_reduction(device, shape, axis, nd.NDArray.sum, np.sum)


@pytest.mark.parametrize("device", KERNELS)
@along
def test_reduce_max(device, shape, axis):
    check_reduction(device, shape, axis, nd.NDArray.max, np.max)


@pytest.mark.parametrize("device", KERNELS)
@views
def test_reduce_sum_of_views(device, ours, numpys):
    numbers = quarters((4, 5, 6))
    view, same = ours(nd.array(numbers, device=device)), numpys(numbers)
    for axis in (None, 0, same.ndim - 1):
        wanted = np.sum(same, axis=axis).reshape(same.sum(axis=axis).shape or (1,))
        assert_fresh(view.sum(axis=axis), wanted, f"a view, axis {axis}", rtol=0)


@pytest.mark.parametrize("device", KERNELS)
@views_of_something
def test_reduce_max_of_views(device, ours, numpys):
    numbers = quarters((4, 5, 6)) - 3
    view, same = ours(nd.array(numbers, device=device)), numpys(numbers)
    for axis in (0, same.ndim - 1):
        claim = f"the largest in a view, along axis {axis}"
        assert_fresh(view.max(axis=axis), np.max(same, axis=axis), claim, rtol=0)


@pytest.mark.parametrize("device", KERNELS)
def test_reduce_sum_and_then_the_other_axis(device):
    numbers = quarters((6, 35))
    a = nd.array(numbers, device=device)
    for first in (0, 1):
        claim = f"axis {first}, and then what is left: the sum of all"
        assert_fresh(a.sum(axis=first).sum(axis=0), np.sum(numbers), claim, rtol=0)
    turned = a.permute((1, 0)).sum(axis=0)
    claim = "the columns of the transposed array are the rows"
    assert_close(turned.numpy(), a.sum(axis=1).numpy(), claim, rtol=0, atol=0)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("shape, axis", [((0, 3), 0), ((3, 0), 1), ((0,), None)])
def test_reduce_sum_of_nothing(device, shape, axis):
    a = nd.array(np.zeros(shape), device=device)
    wanted = np.zeros(shape).sum(axis=axis, keepdims=axis is None)
    assert_fresh(a.sum(axis=axis), wanted, f"{shape} along {axis}: 0", rtol=0)


# ------------------------------------------------------ question 5: products


SIZES = [
    (1, 1, 1),
    (2, 3, 4),
    (5, 1, 7),
    (1, 9, 1),
    (1, 6, 5),
    (7, 8, 9),
    (8, 8, 8),
    (16, 16, 16),
    (24, 8, 40),
    (8, 32, 16),
    (9, 8, 8),
    (16, 17, 16),
    (33, 31, 35),
    (72, 73, 74),
    (74, 73, 72),
    (128, 128, 128),
    (65, 129, 97),
]


def pair(device, m, n, p):
    """Return matrices of quarters on a device, and their product."""
    a, b = quarters((m, n), [m, n, 0]), quarters((n, p), [n, p, 1])
    return nd.array(a, device=device), nd.array(b, device=device), a @ b


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("m, n, p", SIZES)
def test_matmul(device, m, n, p):
    a, b, wanted = pair(device, m, n, p)
    claim = f"{m}x{n} by {n}x{p}: exact, for all are whole quarters"
    assert_fresh(a @ b, wanted, claim, rtol=0)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("side", [6, 16, 23])
def test_matmul_with_the_identity(device, side):
    numbers = quarters((side, side))
    a, one = (nd.array(x, device=device) for x in (numbers, np.eye(side)))
    assert_fresh(a @ one, numbers, "a matrix times the identity", rtol=0)
    assert_fresh(one @ a, numbers, "the identity times a matrix", rtol=0)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("m, n, p", [(5, 7, 3), (16, 24, 8)])
def test_matmul_turned_round(device, m, n, p):
    a, b, wanted = pair(device, m, n, p)
    got = b.permute((1, 0)) @ a.permute((1, 0))
    assert_fresh(got, wanted.T, "the transposed product, of views", rtol=0)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("m, n, p, q", [(4, 3, 5, 2), (8, 16, 8, 24), (7, 8, 9, 8)])
def test_matmul_of_three(device, m, n, p, q):
    a, b, _ = pair(device, m, n, p)
    c = nd.array(quarters((p, q), 7), device=device)
    claim = "(a b) c is a (b c)"
    assert_close(((a @ b) @ c).numpy(), (a @ (b @ c)).numpy(), claim, rtol=0, atol=0)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("step", [1, 2])
def test_matmul_of_parts(device, step):
    a, b = quarters((40, 40)), quarters((40, 40), 1)
    rows, columns = np.s_[3 : 3 + 8 * step : step, :16], np.s_[24:, 1:25]
    ours = nd.array(a, device=device)[rows] @ nd.array(b, device=device)[columns]
    assert_fresh(ours, a[rows] @ b[columns], "parts of larger matrices", rtol=0)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("m, n, p", [(3, 4, 5), (8, 8, 8), (1, 5, 9)])
def test_matmul_of_batches(device, m, n, p):
    a, b = quarters((2, 3, m, n)), quarters((3, n, p), 1)
    got = nd.array(a, device=device) @ nd.array(b, device=device)
    assert_fresh(got, a @ b, "many products: each of its own two matrices", rtol=0)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("m, n, p", [(3, 0, 4), (0, 3, 4), (3, 4, 0)])
def test_matmul_of_nothing(device, m, n, p):
    a, b, wanted = pair(device, m, n, p)
    claim = f"{m}x{n} by {n}x{p}: a sum of nothing is 0"
    assert_fresh(a @ b, wanted, claim, rtol=0)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("m, n, p", [(20, 30, 25), (16, 32, 24), (65, 66, 67)])
def test_matmul_of_any_numbers(device, m, n, p):
    (a, x), (b, y) = draw((m, n), device), draw((n, p), device, seed=1)
    # n products of up to 9, each rounded: an error of 1e-6 n, seldom that large
    wanted = x.astype(np.float64) @ y.astype(np.float64)
    assert_close((a @ b).numpy(), wanted, f"{m}x{n} by {n}x{p}", rtol=0, atol=1e-6 * n)
