"""Values and derivatives at the edge: 0, infinity, overflow, what is no number."""

from __future__ import annotations

import warnings

import needle as ndl
import numpy as np
import pytest


def slopes(f, *values, dtype=np.float64):
    """Return the gradients of the sum of ``f`` at some points."""
    tensors = [ndl.Tensor(np.array(value, dtype=dtype)) for value in values]
    f(*tensors).backward()
    return [tensor.grad.numpy().tolist() for tensor in tensors]


def test_zero_to_a_power_with_scalars():
    assert slopes(lambda a: a**0, [0.0, -1.0]) == [[0, 0]]
    assert slopes(lambda a: a**1, [0.0, -1.0]) == [[1, 1]]
    assert slopes(lambda a: a**2, [0.0, -1.0]) == [[0, -2]]
    assert slopes(lambda a: a**0.0, [0.0]) == [[0]]
    assert (ndl.Tensor([0.0]) ** 0).numpy() == [1]


@pytest.mark.parametrize("exponent, expected", [(1, 0), (2, 2), (3, 0), (3.0, 0)])
def test_second_derivatives_of_scalar_powers_at_zero(exponent, expected):
    x = ndl.Tensor([0.0])
    (x**exponent).backward()
    x.grad.backward()
    assert x.grad.numpy() == [expected]


def test_powers_of_negative_numbers():
    assert slopes(lambda a: a**3, [-2.0]) == [[12]]
    assert slopes(lambda a: a**-1, [-2.0]) == [[-0.25]]
    with np.errstate(invalid="ignore"):
        assert np.isnan((ndl.Tensor([-8.0]) ** (1 / 3)).numpy())


def test_elementwise_powers_have_the_slope_in_the_base_wherever_it_exists():
    with np.errstate(all="ignore"):
        base, exponent = slopes(ndl.power, [2.0, -2.0, 0.0], [3.0, 3.0, 3.0])
    assert base == [12, 12, 0]
    np.testing.assert_allclose(exponent[0], 8 * np.log(2))
    # In the exponent nothing is to be had unless the base is positive; it is not a
    # number there rather than a wrong one.
    assert np.isnan(exponent[1:]).all()


def test_integers_have_integer_powers_and_slopes():
    x = ndl.Tensor([0, 1, 2])
    y = x**3
    y.backward()
    assert y.dtype == x.grad.dtype == np.int64
    assert x.grad.numpy().tolist() == [0, 3, 12]


def test_relu_at_zero_at_nan_and_at_infinity():
    x = ndl.Tensor([-1.0, -0.0, 0.0, 2.0, np.nan, np.inf, -np.inf])
    y = ndl.relu(x)
    y.backward()
    np.testing.assert_array_equal(y.numpy(), [0, 0, 0, 2, np.nan, np.inf, 0])
    np.testing.assert_array_equal(x.grad.numpy(), [0, 0, 0, 1, 0, 1, 0])


def test_relu_of_integers_stays_integer():
    x = ndl.Tensor([-1, 2])
    y = ndl.relu(x)
    y.backward()
    assert y.dtype == x.grad.dtype == np.int64


WARNED = {
    "log 0": (lambda: ndl.log(ndl.Tensor([0.0])), -np.inf, "divide by zero"),
    "log -1": (lambda: ndl.log(ndl.Tensor([-1.0])), np.nan, "invalid value"),
    "exp 1000": (lambda: ndl.exp(ndl.Tensor([1000.0])), np.inf, "overflow"),
    "1 / 0": (lambda: 1 / ndl.Tensor([0.0]), np.inf, "divide by zero"),
    "x / 0": (lambda: ndl.Tensor([-1.0]) / 0, -np.inf, "divide by zero"),
    "0 / 0": (lambda: ndl.Tensor([0.0]) / ndl.Tensor([0.0]), np.nan, "invalid value"),
    "0 ** -1": (lambda: ndl.Tensor([0.0]) ** -1, np.inf, "divide by zero"),
    "float32": (lambda: ndl.Tensor([1e30], dtype="float32") ** 2, np.inf, "overflow"),
}


@pytest.mark.parametrize("compute, value, warning", WARNED.values(), ids=WARNED)
def test_what_overflows_is_numpys_value_and_warning(compute, value, warning):
    with pytest.warns(RuntimeWarning, match=warning):
        result = compute()
    np.testing.assert_array_equal(result.numpy(), [value])


def test_ordinary_numbers_warn_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        x = ndl.Tensor([0.0, 1.0, 2.0])
        ndl.relu(x * 2 + ndl.exp(x) / 3 - x**2).backward()
        (x**0 + x**1).backward()


def test_a_quotient_of_large_numbers_has_its_gradient():
    # Squaring the denominator would overflow, and the gradient would be 0.
    a, b = slopes(ndl.divide, [1e25], [1e25], dtype=np.float32)
    np.testing.assert_allclose(a, [1e-25], rtol=1e-6)
    np.testing.assert_allclose(b, [-1e-25], rtol=1e-6)
