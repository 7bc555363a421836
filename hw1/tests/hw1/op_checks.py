"""Try one operation: what it computes, what it keeps, what it leaves alone."""

from collections.abc import Callable, Sequence
from typing import Any

import needle as ndl
import numpy as np
from gradient_check import call_name
from numeric import assert_close

# A report shows the test and your code, not what is between them.
__tracebackhide__ = True

# Every operation of questions 1 and 2: the function, shapes of its tensors, the rest.
EVERY: list[tuple[Callable[..., ndl.Tensor], list[tuple[int, ...]], dict[str, Any]]] = [
    (ndl.power_scalar, [(2, 3)], {"scalar": 3}),
    (ndl.power, [(2, 3), (2, 3)], {}),
    (ndl.divide, [(2, 3), (2, 3)], {}),
    (ndl.divide_scalar, [(2, 3)], {"scalar": 4}),
    (ndl.transpose, [(2, 3)], {}),
    (ndl.reshape, [(2, 3)], {"shape": (3, 2)}),
    (ndl.broadcast_to, [(3, 1)], {"shape": (2, 3, 4)}),
    (ndl.summation, [(2, 3)], {"axes": (1,)}),
    (ndl.summation, [(2, 3)], {"axes": 0}),
    (ndl.summation, [(2, 3)], {}),
    (ndl.matmul, [(2, 3), (3, 4)], {}),
    (ndl.matmul, [(2, 2, 3), (3, 4)], {}),
    (ndl.matmul, [(2, 3, 1, 3), (3, 3, 2)], {}),
    (ndl.negate, [(2, 3)], {}),
    (ndl.log, [(2, 3)], {}),
    (ndl.exp, [(2, 3)], {}),
]


def check_value(
    f: Callable[..., ndl.Tensor],
    arrays: Sequence[np.ndarray],
    expected: np.ndarray,
    **kwargs: Any,
) -> None:
    """Compare ``f(*tensors, **kwargs)`` with what loops say; see that tensors stay."""
    tensors = [ndl.Tensor(array) for array in arrays]
    call = call_name(f, kwargs)
    claim = f"{call} of shape {' and '.join(str(array.shape) for array in arrays)}"
    # the same formula in the same precision: what is left is rounding
    assert_close(f(*tensors, **kwargs).numpy(), expected, claim, rtol=1e-9, atol=1e-12)
    for tensor, array in zip(tensors, arrays, strict=True):
        claim = f"{call} should leave its arguments as they are"
        assert_close(tensor.numpy(), array, claim, rtol=0, atol=0)


def float32_tensors(shapes: Sequence[tuple[int, ...]]) -> list[ndl.Tensor]:
    """Return positive float32 tensors of these shapes."""
    rng = np.random.default_rng(0)
    return [ndl.Tensor(rng.uniform(0.5, 2, shape), dtype="float32") for shape in shapes]
