"""Flat memory of a device, of exactly the size that a kernel may use.

Where nobody else sees a step too far it lies in the middle of more: what is around it
shows in every result that is made of it, and is looked at afterwards. The emulator sees
such steps itself, and names the line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

# What memory holds before a kernel writes to it: so large that no sum hides it.
GARBAGE = 3e33
# Where arrays begin is a multiple of so many floats; there are as many on either side.
MARGIN = 64


@dataclass(frozen=True)
class Memory:
    """Memory of a device, by itself."""

    module: Any  # the kernels'
    handle: Any

    def write(self, numbers: npt.ArrayLike) -> None:
        """Put other numbers there."""
        self.module.from_numpy(_flat(numbers), self.handle)

    @property
    def numbers(self) -> Floats:
        """All that it holds."""
        return _copy(self.module, self.handle)

    @property
    def around(self) -> Floats | None:
        """What lies on both sides; None where nobody has to look."""
        return None


@dataclass(frozen=True)
class Borrowed(Memory):
    """Memory in the middle of an array of NumPy's."""

    whole: Floats

    def write(self, numbers: npt.ArrayLike) -> None:
        """Put other numbers there."""
        self.whole[MARGIN:-MARGIN] = _flat(numbers)

    @property
    def around(self) -> Floats:
        """What lies on both sides."""
        return np.concatenate([self.whole[:MARGIN], self.whole[-MARGIN:]])


@dataclass(frozen=True)
class Part(Memory):
    """Memory in the middle of a larger array of a card's."""

    whole: Any
    beside: float

    def write(self, numbers: npt.ArrayLike) -> None:
        """Put other numbers there, and what was beside them at the beginning."""
        padded = np.pad(_flat(numbers), MARGIN, constant_values=self.beside)
        self.module.from_numpy(padded, self.whole)

    @property
    def around(self) -> Floats:
        """What lies on both sides."""
        whole = _copy(self.module, self.whole)
        return np.concatenate([whole[:MARGIN], whole[-MARGIN:]])


def memory_of(module: Any, size: int, beside: float) -> Memory:
    """Return memory for so many numbers, which the kernels of a module can use."""
    if hasattr(module, "borrow"):
        whole = _aligned(size + 2 * MARGIN)
        whole.fill(beside)
        return Borrowed(module, module.borrow(whole[MARGIN:-MARGIN]), whole)
    if hasattr(module, "__emulated__"):
        return Memory(module, module.Array(size))
    around = module.Array(size + 2 * MARGIN)
    return Part(module, module.part(around, MARGIN, size), around, beside)


def _flat(numbers: npt.ArrayLike) -> Floats:
    return np.ascontiguousarray(np.reshape(numbers, -1), np.float32)


def _copy(module: Any, handle: Any) -> Floats:
    return np.array(module.to_numpy(handle, [handle.size], [1], 0))


def _aligned(size: int) -> Floats:
    """Return memory that begins where arrays begin."""
    whole = np.empty(size + MARGIN, np.float32)
    begin = -whole.ctypes.data // whole.itemsize % MARGIN
    return whole[begin : begin + size]
