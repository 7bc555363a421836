"""Arrays to try kernels with, ways to look at them, and what a result has to be."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from kernel_loops import row_major
from needle import backend_ndarray as nd
from numeric import assert_close

# A report shows the test and your code, not what is between them.
__tracebackhide__ = True

Look = Callable[[Any], Any]

# Ways to look at an array of three axes: ours, and the same in NumPy.
VIEWS: dict[str, tuple[Look, Look]] = {
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
SOME = {name: pair for name, pair in VIEWS.items() if name != "none"}
views = pytest.mark.parametrize("ours, numpys", VIEWS.values(), ids=VIEWS)
views_of_something = pytest.mark.parametrize("ours, numpys", SOME.values(), ids=SOME)
views_without_repeats = pytest.mark.parametrize("ours, numpys", ONCE.values(), ids=ONCE)


def draw(
    shape: Sequence[int], device: Any, seed: int = 0, low: float = -3.0
) -> tuple[Any, np.ndarray]:
    """Return random numbers, on a device and in NumPy."""
    rng = np.random.default_rng([seed, *shape])
    numbers = rng.uniform(low, 3, shape).astype(np.float32)
    return nd.array(numbers, device=device), numbers


def assert_fresh(got: Any, wanted: Any, claim: str, rtol: float = 1e-6) -> None:
    """Fail unless an array is compact and has these numbers."""
    assert got.is_compact(), f"{claim}: the result is not compact"
    assert got.strides == row_major(got.shape), f"{claim}: strides {got.strides}"
    assert_close(got.numpy(), wanted, claim, rtol=rtol, atol=1e-6 if rtol else 0)
