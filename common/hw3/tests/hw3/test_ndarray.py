"""Public tests of homework 3, questions 2 to 5: arrays that use your kernels.

Run one question with ``python3 -m pytest -k "matmul and cpu"``; after a change in
``src/``, first ``make``. NumPy says what should come out. Kernels by themselves, on a
few numbers, are tried in test_kernels.py.
"""

import operator

import numpy as np
import pytest
from devices import on_kernels
from flat import quarters
from kernel_loops import row_major
from needle import backend_ndarray as nd
from numeric import assert_close

# Ways to look at an array of three axes: ours, and the same in NumPy.
VIEWS = {
    "turned": (lambda a: a.permute((2, 0, 1)), lambda x: x.transpose(2, 0, 1)),
    "transposed": (lambda a: a.permute((0, 2, 1)), lambda x: x.transpose(0, 2, 1)),
    "part": (lambda a: a[1:3, 2:, 1:4], lambda x: x[1:3, 2:, 1:4]),
    "rows": (lambda a: a[2:, :, :], lambda x: x[2:, :, :]),
    "one column": (lambda a: a[:, :, 3], lambda x: x[:, :, 3:4]),
    "steps": (lambda a: a[::2, 1::2, ::3], lambda x: x[::2, 1::2, ::3]),
    "backwards": (lambda a: a[:, ::-1, 4:0:-2], lambda x: x[:, ::-1, 4:0:-2]),
    "repeated": (
        lambda a: a[:, :, 1].broadcast_to((2, 4, 5, 3)),
        lambda x: np.broadcast_to(x[:, :, 1:2], (2, 4, 5, 3)),
    ),
    "all at once, repeated": (
        lambda a: a[1:, ::-2, :].permute((2, 1, 0))[1:, :, 1].broadcast_to((5, 3, 2)),
        lambda x: np.broadcast_to(
            x[1:, ::-2].transpose(2, 1, 0)[1:, :, 1:2], (5, 3, 2)
        ),
    ),
    "a single one": (lambda a: a[3, 4, 5], lambda x: x[3:4, 4:5, 5:6]),
    "none": (lambda a: a[:, 2:2, :], lambda x: x[:, 2:2, :]),
}
ONCE = {name: pair for name, pair in VIEWS.items() if "repeat" not in name}
views = pytest.mark.parametrize("ours, numpys", VIEWS.values(), ids=VIEWS)
views_without_repeats = pytest.mark.parametrize("ours, numpys", ONCE.values(), ids=ONCE)


def draw(shape, device, seed=0, low=-3.0, high=3.0):
    """Return random numbers, on a device and in NumPy."""
    rng = np.random.default_rng([seed, *shape])
    numbers = rng.uniform(low, high, shape).astype(np.float32)
    return nd.array(numbers, device=device), numbers


def assert_fresh(got, wanted, claim, rtol=1e-6):
    """Fail unless an array is compact and has these numbers."""
    assert got.is_compact(), f"{claim}: the result is not compact"
    assert got.strides == row_major(got.shape), f"{claim}: strides {got.strides}"
    assert_close(got.numpy(), wanted, claim, rtol=rtol, atol=1e-6 if rtol else 0)


# --------------------------------------------------- question 2: compact and setitem


@on_kernels
@views
def test_compact(device, ours, numpys):
    a, numbers = draw((4, 5, 6), device)
    got = ours(a).compact()
    assert_fresh(got, numpys(numbers), "a copy of a view, in row-major order", rtol=0)
    assert got._handle is not a._handle, "compact of a view is a copy, with its memory"
    assert_close(a.numpy(), numbers, "compact leaves the array alone", rtol=0, atol=0)


@on_kernels
@pytest.mark.parametrize("order", [(1, 0, 2), (2, 1, 0), (0, 2, 1), (1, 2, 0)])
def test_compact_of_many_elements(device, order):
    a, numbers = draw((70, 65, 33), device)
    claim = f"permute({order}) of {a.shape}"
    assert_fresh(a.permute(order).compact(), numbers.transpose(order), claim, rtol=0)


@on_kernels
def test_compact_of_many_axes(device):
    a, numbers = draw((2,) * 12, device)
    order = (3, 0, 7, 10, 1, 11, 5, 2, 9, 4, 8, 6)
    claim = "twelve axes of length 2, in another order"
    assert_fresh(a.permute(order).compact(), numbers.transpose(order), claim, rtol=0)


@on_kernels
def test_compact_there_and_back(device):
    a, numbers = draw((3, 1, 4, 2, 5), device)
    order, back = (4, 2, 0, 1, 3), (2, 3, 1, 4, 0)
    there = a.permute(order).compact()
    assert_fresh(there, numbers.transpose(order), f"permute({order}).compact()", rtol=0)
    claim = f"permute({order}), compact(), permute({back}), compact(): as it was"
    assert_fresh(there.permute(back).compact(), numbers, claim, rtol=0)


@on_kernels
@pytest.mark.parametrize("steps", [(), (1,), (1, 1, 1)])
def test_compact_of_a_single_element(device, steps):
    a, numbers = draw((4, 5), device)
    one = a[2, 3].as_strided((1,) * len(steps), steps)
    wanted = numbers[2:3, 3:4].reshape((1,) * len(steps))
    assert_fresh(one.compact(), wanted, f"an element as {len(steps)} axes", rtol=0)


@on_kernels
@pytest.mark.parametrize(
    "shape, index, of, part",
    [
        ((4, 5, 6), np.s_[1:2, 0:5, 0:6], (7, 7, 7), np.s_[2:3, 1:6, 1:7]),
        ((4, 5, 6), np.s_[1:4:2, 0:4, 2:5], (7, 7, 7), np.s_[1:3, 3:7, 2:5]),
        ((4, 5, 6), np.s_[::-1, 1:4, ::2], (4, 3, 3), np.s_[:, :, ::-1]),
        ((3, 7), np.s_[:, 2:3], (3, 4), np.s_[:, 1:2]),
        ((9,), np.s_[1:9:3], (5,), np.s_[4:1:-1]),
        ((2, 3), np.s_[:, :], (2, 3), np.s_[:, :]),
        ((2, 3), np.s_[:, 1:1], (2, 0), np.s_[:, :]),
    ],
)
def test_setitem_ewise(device, shape, index, of, part):
    a, numbers = draw(shape, device)
    b, others = draw(of, device, seed=1)
    a[index], numbers[index] = b[part], others[part]
    claim = f"a[{index}] = b[{part}]: these elements change, and no others"
    assert_close(a.numpy(), numbers, claim, rtol=0, atol=0)
    assert_close(b.numpy(), others, "b stays as it is", rtol=0, atol=0)


@on_kernels
@pytest.mark.parametrize(
    "shape, index",
    [
        ((4, 5, 6), np.s_[1:2, 3:4, 0:1]),
        ((4, 5, 6), np.s_[1:3, ::2, 5:6]),
        ((4, 5, 6), np.s_[::-2, 4:0:-3, 1:]),
        ((4, 5, 6), np.s_[:, :, :]),
        ((4, 5, 6), np.s_[:, 3:3, :]),
        ((10,), np.s_[9:10]),
        ((), ()),
    ],
)
def test_setitem_scalar(device, shape, index):
    a, numbers = draw(shape, device)
    for value in (-2.5, 7, np.float32(0.1)):
        a[index] = value
        numbers[index] = value
        claim = f"a[{index}] = {value}: these elements change, and no others"
        assert_close(a.numpy(), numbers, claim, rtol=0, atol=0)


@on_kernels
@views_without_repeats
def test_setitem_through_a_view(device, ours, numpys):
    a, numbers = draw((4, 5, 6), device)
    view, same = ours(a), numpys(numbers)
    view[(slice(None),) * view.ndim] = nd.array(quarters(view.shape), device=device)
    same[...] = quarters(view.shape)
    claim = "what is written into a view stands in the array, in its place"
    assert_close(a.numpy(), numbers, claim, rtol=0, atol=0)
    view.fill(9)
    same[...] = 9
    claim = "a view that is filled: the rest of the array stays"
    assert_close(a.numpy(), numbers, claim, rtol=0, atol=0)


@on_kernels
@pytest.mark.parametrize("order", [(1, 0), (0, 1)])
def test_setitem_of_many_elements(device, order):
    a, numbers = draw((150, 130), device)
    b, others = draw((140, 120), device, seed=1)
    view, same = a.permute(order)[3:, 4:], numbers.transpose(order)[3:, 4:]
    part = np.s_[: min(140, same.shape[0]), : min(120, same.shape[1])]
    view[part], same[part] = b[part], others[part]
    claim = "many elements: each in its place, and the rest as it was"
    assert_close(a.numpy(), numbers, claim, rtol=0, atol=0)


@on_kernels
def test_setitem_ewise_of_the_same_memory(device):
    a, numbers = draw((6, 5), device)
    a[1:, :] = a[:-1, :]
    numbers[1:] = numbers[:-1].copy()
    a[:, ::-1] = a[:, :]
    numbers[:, ::-1] = numbers.copy()
    claim = "a[1:, :] = a[:-1, :], and then each row turned round in its own place"
    assert_close(a.numpy(), numbers, claim, rtol=0, atol=0)


@on_kernels
def test_setitem_ewise_repeats(device):
    a, numbers = draw((4, 5, 6), device)
    b, others = draw((5, 1), device, seed=1)
    a[1:3, :, ::2] = b
    numbers[1:3, :, ::2] = others
    claim = "a smaller array is repeated into the part that it is written to"
    assert_close(a.numpy(), numbers, claim, rtol=0, atol=0)


# ----------------------------------------------- question 3: elementwise and scalar

OPERATORS = {
    "plus": operator.add,
    "minus": operator.sub,
    "times": operator.mul,
    "over": operator.truediv,
}
COMPARISONS = {
    "same": operator.eq,
    "other": operator.ne,
    "less": operator.lt,
    "most": operator.le,
    "more": operator.gt,
    "least": operator.ge,
}
SHAPES = [(), (1,), (5, 5), (4, 3, 2), (1, 17), (0, 3), (8, 16, 3)]
# A comparison needs numbers that are the same, and some that are none.
NEARLY = np.float32([1.5, -1.5, 0, 1.5, np.nan, 2, np.nan, np.inf, -np.inf, -0.0])
OTHERS = np.float32([1.5, 1.5, -0.0, 1.25, np.nan, np.nan, 2, np.inf, np.inf, -1])


@on_kernels
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", OPERATORS)
def test_ewise_fn(device, name, shape):
    a, numbers = draw(shape, device, low=0.3)
    b, others = draw(shape, device, seed=1, low=0.3)
    f = OPERATORS[name]
    assert_fresh(f(a, b), f(numbers, others), f"a {name} b, of shape {shape}")


@on_kernels
@pytest.mark.parametrize("name", COMPARISONS)
def test_ewise_fn_of_comparisons(device, name):
    f = COMPARISONS[name]
    got = f(nd.array(NEARLY, device=device), nd.array(OTHERS, device=device))
    claim = f"{f.__name__}: 1 or 0; with what is not a number, only != is true"
    assert_fresh(got, f(NEARLY, OTHERS), claim, rtol=0)


@on_kernels
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_ewise_max(device, shape):
    a, numbers = draw(shape, device)
    b, others = draw(shape, device, seed=1)
    assert_fresh(a.maximum(b), np.maximum(numbers, others), "a.maximum(b)", rtol=0)
    assert_fresh(nd.maximum(-a, b), np.maximum(-numbers, others), "maximum", rtol=0)


@on_kernels
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_scalar_mul(device, shape):
    a, numbers = draw(shape, device)
    assert_fresh(a * -2.5, numbers * np.float32(-2.5), "a * -2.5")
    assert_fresh(0.1 * a, np.float32(0.1) * numbers, "0.1 * a")
    assert_fresh(1 - a, 1 - numbers, "1 - a, for which a is multiplied by -1")


@on_kernels
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_scalar_div(device, shape):
    a, numbers = draw(shape, device)
    assert_fresh(a / -2.5, numbers / np.float32(-2.5), "a / -2.5")
    assert_fresh(a / 3, numbers / np.float32(3), "a / 3")


@on_kernels
@pytest.mark.parametrize("power", [2, 3, 0, 1, -1, 0.5, -2.5])
def test_scalar_power(device, power):
    a, numbers = draw((4, 3, 2), device, low=0.3)
    assert_fresh(a**power, numbers**power, f"a ** {power}", rtol=1e-5)
    if power == int(power):
        claim = f"a ** {power}, where a is negative"
        assert_fresh((-a) ** power, (-numbers) ** power, claim, rtol=1e-5)


@on_kernels
def test_scalar_maximum(device):
    a, numbers = draw((5, 7), device)
    for value in (0, -1.25, 10):
        claim = f"a.maximum({value})"
        assert_fresh(a.maximum(value), np.maximum(numbers, value), claim, rtol=0)


@on_kernels
@pytest.mark.parametrize("value", [1.5, 0, 2, -1])
def test_scalar_eq(device, value):
    a = nd.array(NEARLY, device=device)
    assert_fresh(a == value, np.equal(NEARLY, value), f"a == {value}", rtol=0)
    assert_fresh(a != value, np.not_equal(NEARLY, value), f"a != {value}", rtol=0)


@on_kernels
@pytest.mark.parametrize("value", [1.5, 0, 2, -1])
def test_scalar_ge(device, value):
    a = nd.array(NEARLY, device=device)
    assert_fresh(a >= value, np.greater_equal(NEARLY, value), f"a >= {value}", rtol=0)
    assert_fresh(a < value, np.less(NEARLY, value), f"a < {value}", rtol=0)


@on_kernels
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_ewise_log(device, shape):
    a, numbers = draw(shape, device, low=0.05)
    wanted = np.log(numbers.astype(np.float64))
    assert_fresh(a.log(), wanted, "the natural logarithm", rtol=1e-5)


@on_kernels
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_ewise_exp(device, shape):
    a, numbers = draw(shape, device)
    assert_fresh(a.exp(), np.exp(numbers.astype(np.float64)), "e ** a", rtol=1e-5)


@on_kernels
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_ewise_tanh(device, shape):
    a, numbers = draw(shape, device)
    wanted = np.tanh(numbers.astype(np.float64))
    assert_fresh(a.tanh(), wanted, "the hyperbolic tangent", rtol=1e-5)


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


@on_kernels
@along
def test_reduce_sum(device, shape, axis):
    check_reduction(device, shape, axis, nd.NDArray.sum, np.sum)


@on_kernels
@along
def test_reduce_max(device, shape, axis):
    check_reduction(device, shape, axis, nd.NDArray.max, np.max)


@on_kernels
@views
def test_reduce_sum_of_views(device, ours, numpys):
    numbers = quarters((4, 5, 6))
    view, same = ours(nd.array(numbers, device=device)), numpys(numbers)
    for axis in (None, 0, same.ndim - 1):
        wanted = np.sum(same, axis=axis).reshape(same.sum(axis=axis).shape or (1,))
        assert_fresh(view.sum(axis=axis), wanted, f"a view, axis {axis}", rtol=0)


@on_kernels
@views
def test_reduce_max_of_views(device, ours, numpys):
    numbers = quarters((4, 5, 6)) - 3
    view, same = ours(nd.array(numbers, device=device)), numpys(numbers)
    for axis in (0, same.ndim - 1) if same.size else ():
        claim = f"the largest in a view, along axis {axis}"
        assert_fresh(view.max(axis=axis), np.max(same, axis=axis), claim, rtol=0)
    if not same.size:
        with pytest.raises(ValueError):
            view.max()


@on_kernels
def test_reduce_sum_and_then_the_other_axis(device):
    numbers = quarters((6, 35))
    a = nd.array(numbers, device=device)
    for first in (0, 1):
        claim = f"axis {first}, and then what is left: the sum of all"
        assert_fresh(a.sum(axis=first).sum(axis=0), np.sum(numbers), claim, rtol=0)
    turned = a.permute((1, 0)).sum(axis=0)
    claim = "the columns of the transposed array are the rows"
    assert_close(turned.numpy(), a.sum(axis=1).numpy(), claim, rtol=0, atol=0)


@on_kernels
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


@on_kernels
@pytest.mark.parametrize("m, n, p", SIZES)
def test_matmul(device, m, n, p):
    a, b, wanted = pair(device, m, n, p)
    claim = f"{m}x{n} by {n}x{p}: exact, for all are whole quarters"
    assert_fresh(a @ b, wanted, claim, rtol=0)


@on_kernels
@pytest.mark.parametrize("side", [6, 16, 23])
def test_matmul_with_the_identity(device, side):
    numbers = quarters((side, side))
    a, one = (nd.array(x, device=device) for x in (numbers, np.eye(side)))
    assert_fresh(a @ one, numbers, "a matrix times the identity", rtol=0)
    assert_fresh(one @ a, numbers, "the identity times a matrix", rtol=0)


@on_kernels
@pytest.mark.parametrize("m, n, p", [(5, 7, 3), (16, 24, 8)])
def test_matmul_turned_round(device, m, n, p):
    a, b, wanted = pair(device, m, n, p)
    got = b.permute((1, 0)) @ a.permute((1, 0))
    assert_fresh(got, wanted.T, "the transposed product, of views", rtol=0)


@on_kernels
@pytest.mark.parametrize("m, n, p, q", [(4, 3, 5, 2), (8, 16, 8, 24), (7, 8, 9, 8)])
def test_matmul_of_three(device, m, n, p, q):
    a, b, _ = pair(device, m, n, p)
    c = nd.array(quarters((p, q), 7), device=device)
    claim = "(a b) c is a (b c)"
    assert_close(((a @ b) @ c).numpy(), (a @ (b @ c)).numpy(), claim, rtol=0, atol=0)


@on_kernels
@pytest.mark.parametrize("step", [1, 2])
def test_matmul_of_parts(device, step):
    a, b = quarters((40, 40)), quarters((40, 40), 1)
    rows, columns = np.s_[3 : 3 + 8 * step : step, :16], np.s_[24:, 1:25]
    ours = nd.array(a, device=device)[rows] @ nd.array(b, device=device)[columns]
    assert_fresh(ours, a[rows] @ b[columns], "parts of larger matrices", rtol=0)


@on_kernels
@pytest.mark.parametrize("m, n, p", [(3, 4, 5), (8, 8, 8), (1, 5, 9)])
def test_matmul_of_batches(device, m, n, p):
    a, b = quarters((2, 3, m, n)), quarters((3, n, p), 1)
    got = nd.array(a, device=device) @ nd.array(b, device=device)
    assert_fresh(got, a @ b, "many products: each of its own two matrices", rtol=0)


@on_kernels
@pytest.mark.parametrize("m, n, p", [(3, 0, 4), (0, 3, 4), (3, 4, 0)])
def test_matmul_of_nothing(device, m, n, p):
    a, b, wanted = pair(device, m, n, p)
    claim = f"{m}x{n} by {n}x{p}: a sum of nothing is 0"
    assert_fresh(a @ b, wanted, claim, rtol=0)


@on_kernels
@pytest.mark.parametrize("m, n, p", [(20, 30, 25), (16, 32, 24), (65, 66, 67)])
def test_matmul_of_any_numbers(device, m, n, p):
    (a, x), (b, y) = draw((m, n), device), draw((n, p), device, seed=1)
    # n products of up to 9, each rounded: an error of 1e-6 n, seldom that large
    wanted = x.astype(np.float64) @ y.astype(np.float64)
    assert_close((a @ b).numpy(), wanted, f"{m}x{n} by {n}x{p}", rtol=0, atol=1e-6 * n)
