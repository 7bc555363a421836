"""Call the kernels of a device, past everything that the student's Python does."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
from gradebox import Check, Trial, at_least, at_most, exact

from ._emulator import Emulator
from ._extension import extension
from ._memory import GARBAGE, Floats, Memory, memory_of

# CUDA's kernels run on the emulator, or on a card where they were built for one.
_MODULES = {
    "cpu": ("ndarray_backend_cpu",),
    "cuda": ("ndarray_backend_cuda_emulated", "ndarray_backend_cuda"),
}
# Of so many numbers a device's work can be told from the host's.
_MANY = 64
# A part of its operands that a kernel may copy to the host, to finish something there.
_SHARE = 4


class Kernels:
    """The module of kernels of one device, loaded when a case uses it.

    All kernels have the same form: what they read, what they write to, and then sizes.
    """

    def __init__(self, device: str) -> None:
        self._names = _MODULES[device]

    @cached_property
    def _module(self) -> ModuleType:
        return extension(*self._names)

    @cached_property
    def _emulator(self) -> Emulator | None:
        emulated = hasattr(self._module, "__emulated__")
        return Emulator(self._module) if emulated else None

    def memory(self, numbers: npt.ArrayLike, beside: float = GARBAGE) -> Memory:
        """Return flat memory of the device that holds some numbers."""
        memory = memory_of(self._module, np.size(numbers), beside)
        memory.write(numbers)
        return memory

    def unwritten(self, size: int) -> Memory:
        """Return memory that holds nothing of use, and beside it something else."""
        if self._emulator is not None:  # it tells who reads what nobody has written
            return memory_of(self._module, size, GARBAGE)
        return self.memory(np.full(size, GARBAGE), -GARBAGE)

    def run(self, t: Trial, name: str, kernel: str, *arguments: Any) -> None:
        """Call a kernel, and see to it that it is the device that works.

        Args:
            name: what the kernel makes, as the case's answers call it.
            arguments: what it reads, what it writes to, and sizes.
        """
        if self._emulator is None:
            self._call(kernel, *arguments)
            return
        self._emulator.prepare()
        self._call(kernel, *arguments)
        sizes = [each.handle.size for each in arguments if isinstance(each, Memory)]
        read = sum(sizes[:-1])
        if read >= _MANY:
            fetched, most = self._emulator.fetched(), read // _SHARE
            name = f"{name}: numbers copied to the host, where kernels are to work"
            t.witness(name, fetched, check=at_most(most))

    def _call(self, kernel: str, *arguments: Any) -> None:
        given = (
            each.handle if isinstance(each, Memory) else each for each in arguments
        )
        getattr(self._module, kernel)(*given)
        if self._emulator is not None:
            self._emulator.raise_findings(kernel)

    def hand_over(
        self, t: Trial, name: str, kernel: str, memory: Memory, check: Check
    ) -> None:
        """Hand over all that a kernel has left in memory, and what lies around it."""
        numbers, around = memory.numbers, memory.around
        if self._emulator is not None:
            self._emulator.raise_findings(kernel)
        t.answer(name, numbers, check=check)
        if around is not None:
            name_around = f"{name}: memory beside it, which stays as it is"
            t.answer(name_around, around, check=exact())

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
        self.run(t, name, kernel, *given, out, *sizes)
        self.hand_over(t, name, kernel, out, check)
        for position, each in enumerate(given, 1):
            if isinstance(each, Memory):
                name_after = f"{name}: operand {position} afterwards"
                self.hand_over(t, name_after, kernel, each, exact())

    def answer_work(
        self,
        t: Trial,
        name: str,
        kernel: str,
        inputs: Sequence[Any],
        out: int | Floats,
        *sizes: Any,
        read: int,
        written: int,
        check: Check,
    ) -> None:
        """Hand over what a kernel makes, and what of that the device's threads do.

        Args:
            inputs: arrays and numbers.
            out: what is there before; of a number of elements, nothing.
            sizes: what it is told besides.
            read: how many numbers threads have to read at least.
            written: how many they have to write.
        """
        given = [self._given(t, each) for each in inputs]
        result = self.unwritten(out) if isinstance(out, int) else self.memory(out)
        arguments = (*given, result, *sizes)
        self._call(kernel, *arguments)  # what it makes once, it may keep
        emulator = self._emulator
        if emulator is not None:
            before = emulator.arrays()
            emulator.prepare(counting=True)
            self._call(kernel, *arguments)
            work, left = emulator.work(), emulator.arrays() - before
            emulator.prepare()
            t.witness(f"{name}: numbers that threads read", work.read, at_least(read))
            t.witness(
                f"{name}: numbers that threads wrote", work.written, at_least(written)
            )
            t.witness(f"{name}: arrays that were not freed", left, at_most(0))
        self.hand_over(t, name, kernel, result, check)

    def _given(self, t: Trial, each: Any) -> Any:
        """Return an operand as a kernel gets it."""
        t.input(each)
        return self.memory(each) if isinstance(each, np.ndarray) else each
