"""Operators and functions of elements, NaN and infinity included, against NumPy."""

from __future__ import annotations

import operator
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from needle import backend_ndarray as nd
from strategies import arrays, quick, several_arrays, shape_pairs, shapes
from view_chains import chains, last_views

LARGEST = np.finfo(np.float32).max
SPECIAL = np.array(
    [np.nan, np.inf, -np.inf, 0.0, -0.0, 1, -1, 2, 0.5, -2.5, LARGEST, -LARGEST, 1e-45],
    dtype=np.float32,
)
BINARY = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "maximum": lambda x, y: (
        nd.maximum(x, y) if isinstance(x, nd.NDArray) else np.maximum(x, y)
    ),
}
REFLECTED = ["+", "-", "*", "/", "==", "!=", ">=", "<=", ">", "<"]
# NumPy says so, and computes what IEEE 754 says.
silent = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def assert_equal(a: nd.NDArray, x: np.ndarray) -> None:
    """Compare bit by bit, but for the sign of what is not a number."""
    assert a.shape == x.shape
    got, want = a.numpy(), x.astype(np.float32)
    assert got.dtype == np.float32
    np.testing.assert_array_equal(got, want)
    numbers = ~np.isnan(want)
    np.testing.assert_array_equal(np.signbit(got[numbers]), np.signbit(want[numbers]))


@silent
@pytest.mark.parametrize("name", BINARY)
@quick
@given(drawn=several_arrays(shape_pairs(max_dims=4)))
def test_arrays_broadcast(device, name, drawn):
    x, y = (each.astype(np.float32) for each in drawn)
    a, b = (nd.array(each, device=device) for each in (x, y))
    assert_equal(BINARY[name](a, b), np.asarray(BINARY[name](x, y)))


@silent
@pytest.mark.parametrize("name", BINARY)
def test_every_pair_of_special_numbers(device, name):
    x, y = np.array(list(product(SPECIAL, SPECIAL)), np.float32).T.copy()
    a, b = (nd.array(each, device=device) for each in (x, y))
    assert_equal(BINARY[name](a, b), BINARY[name](x, y))


@silent
@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("number", SPECIAL.tolist())
def test_a_number_on_the_right(device, name, number):
    a = nd.array(SPECIAL, device=device)
    assert_equal(BINARY[name](a, number), BINARY[name](SPECIAL, np.float32(number)))


@silent
@pytest.mark.parametrize("name", REFLECTED)
@pytest.mark.parametrize("number", SPECIAL.tolist())
def test_a_number_on_the_left(device, name, number):
    a = nd.array(SPECIAL, device=device)
    assert_equal(BINARY[name](number, a), BINARY[name](np.float32(number), SPECIAL))


@pytest.mark.parametrize(
    "number", [True, 3, 3.0, np.uint8(3), np.int16(3), np.float64(3), np.array([3])]
)
def test_numbers_of_any_type_are_what_they_say(device, number):
    x = np.array([1, 3, 5], np.float32)
    a = nd.array(x, device=device)
    plain = float(np.asarray(number).item())
    for name in REFLECTED:
        assert_equal(BINARY[name](a, number), BINARY[name](x, np.float32(plain)))
        assert_equal(BINARY[name](number, a), BINARY[name](np.float32(plain), x))
    assert_equal(a**number, x ** np.float32(plain))
    assert_equal(2**a, np.float32(2) ** x)
    assert_equal(nd.maximum(a, number), np.maximum(x, np.float32(plain)))


@silent
@pytest.mark.parametrize("exponent", SPECIAL.tolist())
def test_powers_of_special_numbers(device, exponent):
    # For 0.5 NumPy takes a root, which is another one of minus infinity and minus zero.
    bases = SPECIAL[~np.signbit(SPECIAL)] if exponent == 0.5 else SPECIAL
    a = nd.array(bases, device=device)
    expected = np.power(bases.astype(np.float64), np.float32(exponent))
    for power in (a**exponent, a ** nd.full(a.shape, exponent, device=device)):
        np.testing.assert_allclose(power.numpy(), np.float32(expected), rtol=1e-6)


@silent
@pytest.mark.parametrize("name", ["exp", "log", "tanh"])
def test_functions_of_special_numbers(device, name):
    a = nd.array(SPECIAL, device=device)
    expected = np.float32(getattr(np, name)(SPECIAL.astype(np.float64)))
    np.testing.assert_allclose(getattr(nd, name)(a).numpy(), expected, rtol=1e-6)
    np.testing.assert_array_equal(getattr(a, name)().numpy(), getattr(nd, name)(a))


@quick
@given(drawn=chains())
def test_of_views_as_of_copies(device, drawn):
    a, x = last_views(device, *drawn)
    assert_equal(a + 1, x + 1)
    assert_equal(a * a, x * x)
    assert_equal(-a, -x)
    assert_equal(a >= 3, x >= 3)
    np.testing.assert_allclose(a.tanh().numpy(), np.tanh(x), rtol=1e-6)
    assert (a + 1).is_compact()


@quick
@given(x=arrays(shapes(min_side=0), dtype=np.float32))
def test_operands_stay_as_they_are(device, x):
    a = nd.array(x, device=device)
    for f in (lambda: a + a, lambda: a * 2, lambda: 1 - a, a.exp, lambda: -a):
        f()
    np.testing.assert_array_equal(a.numpy(), x)


@silent
def test_results_too_large_are_infinite_and_too_small_ones_gradual(device):
    a = nd.array([LARGEST, -LARGEST, 1e-38, 1e-45], device=device)
    assert_equal(a * 2, np.float32([np.inf, -np.inf, 2 * np.float32(1e-38), 3e-45]))
    assert_equal(a / 4, np.float32([LARGEST / 4, -LARGEST / 4, 2.5e-39, 0]))


def test_numpy_on_the_left(device):
    a = nd.array([1.0, 2.0], device=device)
    assert_equal(np.float32(2) * a, np.float32([2, 4]))
    assert_equal(np.array([3.0]) - a, np.float32([2, 1]))
    for f in (operator.add, operator.mul, operator.sub, operator.truediv, operator.pow):
        with pytest.raises(TypeError, match="number or an NDArray"):
            f(np.ones(2), a)
        with pytest.raises(TypeError, match="number or an NDArray"):
            f(a, np.ones(2))
    for f in (operator.eq, operator.ge, operator.lt, operator.ne):
        with pytest.raises(TypeError, match="number or an NDArray"):
            f(np.ones(2), a)


def test_where_chooses_by_not_zero(device):
    condition = nd.array([[1], [0], [np.nan]], device=device)
    a, b = nd.array([1, 2], device=device), nd.array([[-1], [-2], [-3]], device=device)
    assert_equal(nd.where(condition, a, b), np.float32([[1, 2], [-2, -2], [1, 2]]))
    assert_equal(nd.where(condition, 5, 0), np.float32([[5], [0], [5]]))
    assert_equal(nd.where(a >= 2, a, np.inf), np.float32([np.inf, 2]))


@silent
def test_names_of_the_array_api(device):
    a = nd.array(SPECIAL, device=device)
    assert_equal(nd.abs(a), np.abs(SPECIAL))
    assert_equal(nd.negative(a), -SPECIAL)
    assert_equal(nd.add(a, 1), SPECIAL + 1)
    assert_equal(nd.subtract(a, 1), SPECIAL - 1)
    assert_equal(nd.multiply(a, 3), SPECIAL * 3)
    assert_equal(nd.divide(a, 3), SPECIAL / np.float32(3))
    assert_equal(nd.power(a, 2), SPECIAL**2)
    x = np.abs(SPECIAL)[3:]
    np.testing.assert_allclose(
        nd.sqrt(nd.array(x, device=device)).numpy(), np.sqrt(x), rtol=1e-6
    )
