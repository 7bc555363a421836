"""Public tests of homework 3, questions 2 and 3: arrays that use your kernels.

Run one question with ``python3 -m pytest -k "(compact or setitem) and cpu"``; after a
change in ``src/``, first ``make``. NumPy says what should come out. Kernels by
themselves, on a few numbers, are tried in test_kernels.py.
"""

import operator

import numpy as np
import pytest
from array_checks import assert_fresh, draw, views, views_without_repeats
from devices import KERNELS
from flat import quarters
from needle import backend_ndarray as nd
from numeric import assert_close
from view_check import written

# --------------------------------------------------- question 2: compact and setitem


@pytest.mark.parametrize("device", KERNELS)
@views
def test_compact(device, ours, numpys):
    a, numbers = draw((4, 5, 6), device)
    got = ours(a).compact()
    assert_fresh(got, numpys(numbers), "a copy of a view, in row-major order", rtol=0)
    assert got._handle is not a._handle, "compact of a view is a copy, with its memory"
    assert_close(a.numpy(), numbers, "compact leaves the array alone", rtol=0, atol=0)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("order", [(1, 0, 2), (2, 1, 0), (0, 2, 1), (1, 2, 0)])
def test_compact_of_many_elements(device, order):
    a, numbers = draw((70, 65, 33), device)
    claim = f"permute({order}) of {a.shape}"
    assert_fresh(a.permute(order).compact(), numbers.transpose(order), claim, rtol=0)


@pytest.mark.parametrize("device", KERNELS)
def test_compact_of_many_axes(device):
    a, numbers = draw((2,) * 12, device)
    order = (3, 0, 7, 10, 1, 11, 5, 2, 9, 4, 8, 6)
    claim = "twelve axes of length 2, in another order"
    assert_fresh(a.permute(order).compact(), numbers.transpose(order), claim, rtol=0)


@pytest.mark.parametrize("device", KERNELS)
def test_compact_there_and_back(device):
    a, numbers = draw((3, 1, 4, 2, 5), device)
    order, back = (4, 2, 0, 1, 3), (2, 3, 1, 4, 0)
    there = a.permute(order).compact()
    assert_fresh(there, numbers.transpose(order), f"permute({order}).compact()", rtol=0)
    claim = f"permute({order}), compact(), permute({back}), compact(): as it was"
    assert_fresh(there.permute(back).compact(), numbers, claim, rtol=0)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("steps", [(), (1,), (1, 1, 1)])
def test_compact_of_a_single_element(device, steps):
    a, numbers = draw((4, 5), device)
    one = a[2, 3].as_strided((1,) * len(steps), steps)
    wanted = numbers[2:3, 3:4].reshape((1,) * len(steps))
    assert_fresh(one.compact(), wanted, f"an element as {len(steps)} axes", rtol=0)


@pytest.mark.parametrize("device", KERNELS)
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
    claim = f"a[{written(index)}] = b[{written(part)}]: these change, and no others"
    assert_close(a.numpy(), numbers, claim, rtol=0, atol=0)
    assert_close(b.numpy(), others, "b stays as it is", rtol=0, atol=0)


@pytest.mark.parametrize("device", KERNELS)
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
        claim = f"a[{written(index)}] = {value}: these change, and no others"
        assert_close(a.numpy(), numbers, claim, rtol=0, atol=0)


@pytest.mark.parametrize("device", KERNELS)
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


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("order", [(1, 0), (0, 1)])
def test_setitem_of_many_elements(device, order):
    a, numbers = draw((150, 130), device)
    b, others = draw((140, 120), device, seed=1)
    view, same = a.permute(order)[3:, 4:], numbers.transpose(order)[3:, 4:]
    part = np.s_[: min(140, same.shape[0]), : min(120, same.shape[1])]
    view[part], same[part] = b[part], others[part]
    claim = "many elements: each in its place, and the rest as it was"
    assert_close(a.numpy(), numbers, claim, rtol=0, atol=0)


@pytest.mark.parametrize("device", KERNELS)
def test_setitem_ewise_of_the_same_memory(device):
    a, numbers = draw((6, 5), device)
    a[1:, :] = a[:-1, :]
    numbers[1:] = numbers[:-1].copy()
    a[:, ::-1] = a[:, :]
    numbers[:, ::-1] = numbers.copy()
    claim = "a[1:, :] = a[:-1, :], and then each row turned round in its own place"
    assert_close(a.numpy(), numbers, claim, rtol=0, atol=0)


@pytest.mark.parametrize("device", KERNELS)
def test_setitem_ewise_repeats(device):
    a, numbers = draw((4, 5, 6), device)
    b, others = draw((5, 1), device, seed=1)
    a[1:3, :, ::2] = b
    numbers[1:3, :, ::2] = others
    claim = "a smaller array is repeated into the part that it is written to"
    assert_close(a.numpy(), numbers, claim, rtol=0, atol=0)


# ----------------------------------------------- question 3: elementwise and scalar

OPERATORS = {
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
SHAPES = [(5, 5), (4, 3, 2), (1, 17), (1,), (), (0, 3), (8, 16, 3)]
# A comparison needs numbers that are the same, and some that are none.
NEARLY = np.float32([1.5, -1.5, 0, 1.5, np.nan, 2, np.nan, np.inf, -np.inf, -0.0])
OTHERS = np.float32([1.5, 1.5, -0.0, 1.25, np.nan, np.nan, 2, np.inf, np.inf, -1])


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("name", OPERATORS)
def test_ewise_fn(device, name):
    f = OPERATORS[name]
    for shape in SHAPES:
        a, numbers = draw(shape, device, low=0.3)
        b, others = draw(shape, device, seed=1, low=0.3)
        assert_fresh(f(a, b), f(numbers, others), f"a {name} b, of shape {shape}")


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("name", COMPARISONS)
def test_ewise_fn_of_comparisons(device, name):
    f = COMPARISONS[name]
    got = f(nd.array(NEARLY, device=device), nd.array(OTHERS, device=device))
    claim = f"{f.__name__}: 1 or 0; with what is not a number, only != is true"
    assert_fresh(got, f(NEARLY, OTHERS), claim, rtol=0)


@pytest.mark.parametrize("device", KERNELS)
def test_ewise_max(device):
    for shape in SHAPES:
        a, numbers = draw(shape, device)
        b, others = draw(shape, device, seed=1)
        claim = f"the larger of two, of shape {shape}"
        assert_fresh(a.maximum(b), np.maximum(numbers, others), claim, rtol=0)
        assert_fresh(nd.maximum(-a, b), np.maximum(-numbers, others), claim, rtol=0)


@pytest.mark.parametrize("device", KERNELS)
def test_scalar_mul(device):
    for shape in SHAPES:
        a, numbers = draw(shape, device)
        assert_fresh(a * -2.5, numbers * np.float32(-2.5), "a * -2.5")
        assert_fresh(0.1 * a, np.float32(0.1) * numbers, "0.1 * a")
        assert_fresh(1 - a, 1 - numbers, "1 - a, for which a is multiplied by -1")


@pytest.mark.parametrize("device", KERNELS)
def test_scalar_div(device):
    for shape in SHAPES:
        a, numbers = draw(shape, device)
        assert_fresh(a / -2.5, numbers / np.float32(-2.5), "a / -2.5")
        assert_fresh(a / 3, numbers / np.float32(3), "a / 3")


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("power", [2, 3, 0, 1, -1, 0.5, -2.5])
def test_scalar_power(device, power):
    a, numbers = draw((4, 3, 2), device, low=0.3)
    assert_fresh(a**power, numbers**power, f"a ** {power}", rtol=1e-5)
    if power == int(power):
        claim = f"a ** {power}, where a is negative"
        assert_fresh((-a) ** power, (-numbers) ** power, claim, rtol=1e-5)


@pytest.mark.parametrize("device", KERNELS)
def test_scalar_maximum(device):
    a, numbers = draw((5, 7), device)
    for value in (0, -1.25, 10):
        claim = f"a.maximum({value})"
        assert_fresh(a.maximum(value), np.maximum(numbers, value), claim, rtol=0)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("value", [1.5, 0, 2, -1])
def test_scalar_eq(device, value):
    a = nd.array(NEARLY, device=device)
    assert_fresh(a == value, np.equal(NEARLY, value), f"a == {value}", rtol=0)
    assert_fresh(a != value, np.not_equal(NEARLY, value), f"a != {value}", rtol=0)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("value", [1.5, 0, 2, -1])
def test_scalar_ge(device, value):
    a = nd.array(NEARLY, device=device)
    assert_fresh(a >= value, np.greater_equal(NEARLY, value), f"a >= {value}", rtol=0)
    assert_fresh(a < value, np.less(NEARLY, value), f"a < {value}", rtol=0)


def check_function(device, ours, numpys, low):
    """Compare a function of each element with NumPy's in double precision."""
    for shape in SHAPES:
        a, numbers = draw(shape, device, low=low)
        wanted = numpys(numbers.astype(np.float64))
        claim = f"{numpys.__name__} of each element, of shape {shape}"
        assert_fresh(ours(a), wanted, claim, rtol=1e-5)


@pytest.mark.parametrize("device", KERNELS)
def test_ewise_log(device):
    check_function(device, nd.log, np.log, low=0.05)


@pytest.mark.parametrize("device", KERNELS)
def test_ewise_exp(device):
    check_function(device, nd.exp, np.exp, low=-3)


@pytest.mark.parametrize("device", KERNELS)
def test_ewise_tanh(device):
    check_function(device, nd.tanh, np.tanh, low=-3)
