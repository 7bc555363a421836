"""Call the kernels of a device, past everything that the student's Python does."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, FileFinder
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
from gradebox import Check, Trial, exact

Floats = npt.NDArray[np.floating]

# What memory holds before a kernel writes to it: so large that no sum hides it.
GARBAGE = 3e33
# Where arrays begin is a multiple of so many floats; there are as many on either side.
MARGIN = 64


@dataclass(frozen=True)
class Memory:
    """Flat memory of exactly the size that a kernel may use, in the middle of more.

    What lies around it shows in every result that is made of it, and is looked at
    afterwards, so that a step too far shows as well.
    """

    handle: Any
    whole: Floats

    def write(self, numbers: npt.ArrayLike) -> None:
        """Put other numbers there."""
        self.whole[MARGIN:-MARGIN] = np.reshape(numbers, -1)

    @property
    def around(self) -> Floats:
        """What lies on both sides."""
        return np.concatenate([self.whole[:MARGIN], self.whole[-MARGIN:]])


class Kernels:
    """The module of kernels of one device, loaded when a case uses it.

    All kernels have the same form: what they read, what they write to, and then sizes.
    """

    def __init__(self, device: str) -> None:
        self._name = f"ndarray_backend_{device}"

    @cached_property
    def _module(self) -> ModuleType:
        return _extension(self._name)

    def memory(self, numbers: npt.ArrayLike, beside: float = GARBAGE) -> Memory:
        """Return flat memory of the device that holds some numbers."""
        whole = _aligned(np.size(numbers) + 2 * MARGIN)
        whole.fill(beside)
        memory = Memory(self._module.borrow(whole[MARGIN:-MARGIN]), whole)
        memory.write(numbers)
        return memory

    def unwritten(self, size: int) -> Memory:
        """Return memory that holds nothing of use, and beside it something else."""
        return self.memory(np.full(size, GARBAGE), -GARBAGE)

    def run(self, kernel: str, *arguments: Any) -> None:
        """Call a kernel."""
        given = (
            each.handle if isinstance(each, Memory) else each for each in arguments
        )
        getattr(self._module, kernel)(*given)

    def hand_over(self, t: Trial, name: str, memory: Memory, check: Check) -> None:
        """Hand over all that is in memory, and what lies around it."""
        handle = memory.handle
        numbers = self._module.to_numpy(handle, [handle.size], [1], 0)
        t.answer(name, np.array(numbers), check=check)
        name_around = f"{name}: memory beside it, which stays as it is"
        t.answer(name_around, memory.around, check=exact())

    def answer(
        self,
        t: Trial,
        name: str,
        kernel: str,
        inputs: Sequence[Any],
        size: int,
        *sizes: Any,
        check: Check,
    ) -> None:
        """Hand over what a kernel writes, and what it has only read.

        Args:
            inputs: arrays and numbers.
            size: how many elements the kernel writes to.
            sizes: what it is told besides.
        """
        given = [self._given(t, each) for each in inputs]
        out = self.unwritten(size)
        self.run(kernel, *given, out, *sizes)
        self.hand_over(t, name, out, check)
        for position, each in enumerate(given, 1):
            if isinstance(each, Memory):
                name_after = f"{name}: operand {position} afterwards"
                self.hand_over(t, name_after, each, exact())

    def _given(self, t: Trial, each: Any) -> Any:
        """Return an operand as a kernel gets it."""
        t.input(each)
        return self.memory(each) if isinstance(each, np.ndarray) else each


def _aligned(size: int) -> Floats:
    """Return memory that begins where arrays begin."""
    whole = np.empty(size + MARGIN, np.float32)
    begin = -whole.ctypes.data // whole.itemsize % MARGIN
    return whole[begin : begin + size]


def _extension(name: str) -> ModuleType:
    """Load what was built, and nothing that has its name.

    No file of the student's runs before it or stands in for it: not their package, and
    no module that they call the same.
    """
    for folder in sys.path:
        beside = Path(folder, "needle", "backend_ndarray")
        finder = FileFinder(str(beside), (ExtensionFileLoader, EXTENSION_SUFFIXES))
        spec = finder.find_spec(name)
        if spec is not None and spec.loader is not None:
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    raise ModuleNotFoundError(f"no module {name} was built", name=name)
