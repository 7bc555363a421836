import numeric
import numpy as np
import pytest


@pytest.mark.parametrize("shape", [(), (1,), (4,), (3, 2), (2, 1, 3)])
def test_gradient_of_a_known_function(shape):
    x = np.random.default_rng(1).standard_normal(shape)

    gradient = numeric.numerical_gradient(lambda v: float(np.sin(v).sum()), x)

    # truncation h^2/6 = 2e-11, rounding eps/h = 1e-11 a term
    np.testing.assert_allclose(gradient, np.cos(x), atol=1e-9)


def test_gradient_of_float32_point_is_taken_in_float64():
    x = np.array([0.1, 0.2], dtype=np.float32)

    gradient = numeric.numerical_gradient(lambda v: float((v**2).sum()), x)

    assert gradient.dtype == np.float64
    np.testing.assert_allclose(gradient, 2 * x.astype(np.float64), atol=1e-9)


def test_gradient_leaves_the_point_alone():
    x = np.arange(3.0)
    numeric.numerical_gradient(lambda v: float(v.sum()), x)
    np.testing.assert_array_equal(x, [0, 1, 2])


def test_close_values_pass():
    numeric.assert_close(np.float32(1.000001), 1.0, "same")
    numeric.assert_close([1, np.nan, np.inf], [1, np.nan, np.inf], "same")


def test_a_difference_names_claim_place_and_values():
    expected = np.zeros((2, 3))
    actual = expected.copy()
    actual[1, 2] = 0.5
    with pytest.raises(AssertionError) as failure:
        numeric.assert_close(actual, expected, "the claim")
    text = str(failure.value)
    assert "the claim" in text
    assert "1 of 6 values differ" in text
    assert "(1, 2) is 0.5, should be 0" in text


@pytest.mark.parametrize(
    "actual", [np.zeros(3), np.zeros((3, 1)), np.float64(0), np.full((1, 3), np.nan)]
)
def test_wrong_shapes_and_nan_fail(actual):
    with pytest.raises(AssertionError):
        numeric.assert_close(actual, np.zeros((1, 3)), "claim")
