"""Call a kernel by itself, on flat memory of a device.

A kernel gets its result's memory full of what is not a number, so that an element that
it forgets, or adds to, is seen. So is what lies around all memory that it gets: a step
too far shows in the result, or afterwards in what was there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numeric import assert_close

# A report shows the test and your code, not what is between them.
__tracebackhide__ = True


# Where arrays begin is a multiple of so many floats; there are as many on either side.
MARGIN = 64
# What stands there: so large that no sum hides it, and another number beside a result.
BESIDE, BESIDE_RESULT = 3e33, -3e33


def flat(device: Any, numbers: Any) -> Any:
    """Return flat memory of a device that holds some numbers, in row-major order."""
    return _between_margins(device, numbers, BESIDE)[0]


def _between_margins(
    device: Any, numbers: Any, beside: float
) -> tuple[Any, Callable[[], np.ndarray | None]]:
    """Return flat memory with some numbers, and what looks from margin to margin.

    An emulated device sees itself what is read or written beside an array: there the
    memory has no margins, and None is seen.
    """
    row_major = np.asarray(numbers, dtype=np.float32).reshape(-1)
    size = row_major.size
    if device.emulated:
        handle = device.Array(size)
        device.from_numpy(row_major, handle)
        return handle, lambda: None
    whole = np.full(size + 3 * MARGIN, beside, np.float32)
    begin = -whole.ctypes.data // whole.itemsize % MARGIN
    whole = whole[begin : begin + size + 2 * MARGIN]
    middle = whole[MARGIN : MARGIN + size]
    middle[:] = row_major
    if hasattr(device.mod, "borrow"):
        return device.borrow(middle), lambda: whole
    memory = device.Array(whole.size)  # which is elsewhere
    device.from_numpy(whole, memory)
    return device.part(memory, MARGIN, size), lambda: numbers_in(device, memory)


def _assert_margins(whole: np.ndarray | None, beside: float, claim: str) -> None:
    if whole is None:
        return
    same = whole == np.float32(beside)
    assert same[:MARGIN].all(), f"{claim} wrote before the first element of an array"
    assert same[-MARGIN:].all(), f"{claim} wrote behind the last element of an array"


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
    before = np.full(out, np.nan) if isinstance(out, int) else out
    result, written = _between_margins(device, before, BESIDE_RESULT)
    memories = {
        place: _between_margins(device, each, BESIDE)
        for place, each in enumerate(inputs)
        if isinstance(each, np.ndarray)
    }
    given = [
        memories[place][0] if place in memories else each
        for place, each in enumerate(inputs)
    ]
    getattr(device, name)(*given, result, *then)
    _assert_margins(written(), BESIDE_RESULT, name)
    for place, (handle, whole) in memories.items():
        _assert_margins(whole(), BESIDE, name)
        claim = f"{name} should leave what it reads as it is"
        numbers = inputs[place].reshape(-1).astype(np.float32)
        assert_close(numbers_in(device, handle), numbers, claim, rtol=0, atol=0)
    return numbers_in(device, result)


def quarters(shape: Any, seed: Any = 0) -> np.ndarray:
    """Return random numbers from -2 to 2, all of them whole quarters.

    Sums of their products are exact in float32, in whichever order they are made.
    """
    rng = np.random.default_rng(seed)
    return np.asarray(rng.integers(-8, 9, shape) / 4, dtype=np.float32)
