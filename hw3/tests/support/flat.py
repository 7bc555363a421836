"""Call a kernel by itself, on flat memory of a device.

A kernel gets its result's memory full of what is not a number, so that an element that
it forgets, or adds to, is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numeric import assert_close

# A report shows the test and your code, not what is between them.
__tracebackhide__ = True


def flat(device: Any, numbers: Any) -> Any:
    """Return flat memory of a device that holds some numbers, in row-major order."""
    whole = np.ascontiguousarray(numbers, dtype=np.float32)
    handle = device.Array(whole.size)
    device.from_numpy(whole, handle)
    return handle


def numbers_in(device: Any, handle: Any) -> np.ndarray:
    """Return a copy of all the numbers in flat memory."""
    return np.array(device.to_numpy(handle, (handle.size,), (1,), 0))


def run_kernel(
    device: Any,
    name: str,
    *inputs: Any,
    out: int | np.ndarray,
    then: Sequence[Any] = (),
) -> np.ndarray:
    """Return what ``device.name(*inputs, out, *then)`` leaves in ``out``.

    Args:
        device: where to call it.
        name: of the kernel.
        inputs: arrays, of which it gets copies in flat memory, and numbers.
        out: what is there before; of a number of elements, none is a number.
        then: what comes after ``out``.
    """
    given = [
        flat(device, each) if isinstance(each, np.ndarray) else each for each in inputs
    ]
    result = flat(device, np.full(out, np.nan) if isinstance(out, int) else out)
    getattr(device, name)(*given, result, *then)
    for handle, each in zip(given, inputs, strict=True):
        if isinstance(each, np.ndarray):
            claim = f"{name} should leave what it reads as it is"
            numbers = each.reshape(-1).astype(np.float32)
            assert_close(numbers_in(device, handle), numbers, claim, rtol=0, atol=0)
    return numbers_in(device, result)


def quarters(shape: Any, seed: Any = 0) -> np.ndarray:
    """Return random numbers from -2 to 2, all of them whole quarters.

    Sums of their products are exact in float32, in whichever order they are made.
    """
    rng = np.random.default_rng(seed)
    return np.asarray(rng.integers(-8, 9, shape) / 4, dtype=np.float32)
