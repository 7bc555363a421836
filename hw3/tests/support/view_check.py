"""See that a view shows the right elements of the same memory.

Arrays are numbered: each element is its own place in memory. So the first element of a
view is its offset, and a wrong stride shows as a wrong number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from needle import backend_ndarray as nd
from numeric import assert_close

# A report shows the test and your code, not what is between them.
__tracebackhide__ = True


def numbered(shape: Sequence[int], device: Any) -> tuple[Any, np.ndarray]:
    """Return 0, 1, 2, ... in a shape: an array on a device, and one of NumPy's."""
    numbers = np.arange(math.prod(shape), dtype=np.float32).reshape(shape)
    return nd.array(numbers, device=device), numbers


def steps(view: np.ndarray) -> tuple[int, ...]:
    """Return the strides of a NumPy array, counted in elements."""
    return tuple(step // view.itemsize for step in view.strides)


def written(index: Any) -> str:
    """Return an index, of one axis or more, as one writes it between brackets."""
    several = index if isinstance(index, tuple) else (index,)
    return ", ".join(
        _slice(each) if isinstance(each, slice) else str(each) for each in several
    )


def _slice(part: slice) -> str:
    parts = [part.start, part.stop, *([] if part.step is None else [part.step])]
    return ":".join("" if each is None else str(each) for each in parts)


def assert_view(
    got: Any,
    of: Any,
    numbers: np.ndarray,
    claim: str,
    strides: Sequence[int | None] | None = None,
) -> None:
    """Fail unless an array is a view on the memory of another, and shows these numbers.

    Args:
        got: the array to look at.
        of: the array, numbered, that it is a view on.
        numbers: the same view on a numbered NumPy array.
        claim: what was done.
        strides: those that it should have, None where any will do; by default those of
            ``numbers``.
    """
    assert got._handle is of._handle, (
        f"{claim}: a view has the memory of the array it was made of; here is a copy"
    )
    assert got.device == of.device, f"{claim}: on {got.device}, not on {of.device}"
    assert tuple(got.shape) == numbers.shape, (
        f"{claim}: the shape is {got.shape}, should be {numbers.shape}"
    )
    if numbers.size:
        _assert_strides(got, steps(numbers) if strides is None else strides, claim)
        first = int(numbers.reshape(-1)[0])
        assert got._offset == first, (
            f"{claim}: the offset is {got._offset}, should be {first}"
        )
    assert_close(got.numpy(), numbers, claim, rtol=0, atol=0)
    assert_shared(got, of, claim)


def _assert_strides(got: Any, wanted: Sequence[int | None], claim: str) -> None:
    found = tuple(got.strides)
    alike = len(found) == len(wanted) and all(
        want in (None, have) for have, want in zip(found, wanted, strict=True)
    )
    shown = ", ".join("any" if want is None else str(want) for want in wanted)
    assert alike, f"{claim}: the strides are {found}, should be ({shown})"


def assert_shared(view: Any, of: Any, claim: str) -> None:
    """Fail unless what is written into an array is seen in its view."""
    memory = np.asarray(of._handle)
    before = view.numpy()
    memory += 1000
    after = view.numpy()
    memory -= 1000
    assert_close(
        after, before + 1000, f"{claim}: sees what changes in memory", rtol=0, atol=0
    )
