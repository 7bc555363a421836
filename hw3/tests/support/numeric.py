"""Compare numbers, and differentiate without calculus, for the homeworks' tests."""

from collections.abc import Callable

import numpy as np

# A report shows the test and your code, not what is between them.
__tracebackhide__ = True


def numerical_gradient(
    function: Callable[[np.ndarray], float], at: np.ndarray, step: float = 1e-5
) -> np.ndarray:
    """Return the gradient of a scalar function by central differences, in float64.

    Entry ``i`` is ``(f(at + step e_i) - f(at - step e_i)) / (2 step)``. The error falls
    with ``step**2`` until rounding takes over: about 1e-10 for a smooth function whose
    values and derivatives are of order 1.

    >>> numerical_gradient(lambda x: float(x[0] ** 3), np.array([2.0])).round(6)
    array([12.])
    """
    point = np.array(at, dtype=np.float64)  # a copy: the caller's array stays as it is
    gradient = np.empty_like(point)
    for index in np.ndindex(point.shape):
        kept = point[index]
        point[index] = kept + step
        above = function(point)
        point[index] = kept - step
        below = function(point)
        point[index] = kept
        gradient[index] = (above - below) / (2 * step)
    return gradient


def assert_close(
    actual: object,
    expected: object,
    claim: str,
    rtol: float = 1e-4,
    atol: float = 1e-5,
) -> None:
    """Fail with ``claim``, the property that broke, where the two arrays differ.

    The default tolerances leave room for float32 sums in any order (relative error
    about 1e-7 an operation) and none for a wrong formula.
    """
    got, want = np.asarray(actual), np.asarray(expected)
    if got.shape != want.shape:
        raise AssertionError(f"{claim}\n  shape {got.shape}, should be {want.shape}")
    wrong = ~np.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True)
    if wrong.any():
        index = tuple(int(i) for i in np.argwhere(wrong)[0])
        where = f" at {index}" if index else ""
        raise AssertionError(
            f"{claim}\n  {wrong.sum()} of {wrong.size} values differ; the first{where}"
            f" is {got[index]!s}, should be {want[index]:.7g}"
        )
