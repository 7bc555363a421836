"""Try NDArrays: what they show, and where it lies in memory."""

from __future__ import annotations

import operator
import os
from typing import Any

import numpy.typing as npt
from gradebox import Check, Trial, exact, student

from ._views import distinct

nd = student("needle.backend_ndarray")


def cuda() -> Any:
    """Return the device for kernels in CUDA; an emulator runs threads in some order."""
    os.environ["NEEDLE_CUDA_ORDER"] = "shuffled"  # read when the package is imported
    return nd.cuda()


def array(t: Trial, numbers: npt.ArrayLike, device: Any) -> Any:
    """Return an array of some numbers, an input of the case."""
    return nd.array(t.input(numbers), device=device)


def integers(values: Any) -> tuple[int, ...]:
    """Return lengths or strides as Python's numbers, whatever integers they are."""
    return tuple(map(operator.index, values))


def answer_array(t: Trial, name: str, a: Any, check: Check) -> None:
    """Hand over the numbers of an array that is new, and how it lies."""
    t.answer(f"{name}: numbers", a.numpy(), check=check)
    t.answer(f"{name}: strides", integers(a.strides), check=exact())


def answer_view(t: Trial, name: str, view: Any, base: Any) -> None:
    """Hand over what a view shows, and again when its memory holds something else.

    Strides and offset of a view without elements are anybody's.

    Args:
        base: the array that was made, of which all memory is.
    """
    shape = integers(view.shape)
    t.answer(f"{name}: shape", shape, check=exact())
    if 0 not in shape:
        t.answer(f"{name}: strides", integers(view.strides), check=exact())
        t.answer(f"{name}: offset", operator.index(view._offset), check=exact())
    t.answer(f"{name}: numbers", view.numpy(), check=exact())
    others = t.input(-distinct(t, base.size))  # what was there is positive
    base.device.from_numpy(others, base._handle)
    t.answer(f"{name}: numbers of changed memory", view.numpy(), check=exact())
    t.answer(f"{name}: all of it", base.numpy(), check=exact())
