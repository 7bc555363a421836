"""Call the kernels of a device, past everything that the student's Python does."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
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


class Kernels:
    """The module of kernels of one device, loaded when a case uses it.

    All kernels have the same form: what they read, what they write to, and then sizes.
    They are given memory of exactly the size that they may use.
    """

    def __init__(self, device: str) -> None:
        self._name = f"ndarray_backend_{device}"

    @cached_property
    def _module(self) -> ModuleType:
        return _extension(self._name)

    def memory(self, numbers: npt.ArrayLike) -> Any:
        """Return flat memory of the device that holds some numbers."""
        flat = np.ascontiguousarray(numbers, np.float32).reshape(-1)
        memory = self._module.Array(flat.size)
        self._module.from_numpy(flat, memory)
        return memory

    def unwritten(self, size: int) -> Any:
        """Return memory that holds nothing of use."""
        return self.memory(np.full(size, GARBAGE))

    def numbers(self, memory: Any) -> Floats:
        """Return all that is in memory."""
        return np.array(self._module.to_numpy(memory, [memory.size], [1], 0))

    def run(self, kernel: str, *arguments: Any) -> None:
        """Call a kernel."""
        getattr(self._module, kernel)(*arguments)

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
        t.answer(name, self.numbers(out), check=check)
        for position, each in enumerate(given, 1):
            if not isinstance(each, int | float):
                left = self.numbers(each)
                t.answer(f"{name}: operand {position} afterwards", left, check=exact())

    def _given(self, t: Trial, each: Any) -> Any:
        """Return an operand as a kernel gets it."""
        t.input(each)
        return self.memory(each) if isinstance(each, np.ndarray) else each


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
