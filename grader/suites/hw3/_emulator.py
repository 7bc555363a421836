"""Ask the emulator, on which kernels in CUDA run: what they did, in which order."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

FLOAT = 4  # bytes
ORDERS = ("forward", "shuffled", "reversed")
# Of computing, for one block: less than a case has, so that an endless kernel is told
# with its line.
_PATIENCE = 4
_TOLD = 1  # finding of a kernel: the others mostly follow from it


class Work(NamedTuple):
    """What threads of the device did to memory of the device, in numbers."""

    read: int
    written: int


class Emulator:
    """The emulator inside a module of kernels."""

    def __init__(self, module: Any) -> None:
        self._module = module
        self._runs = 0
        os.environ["CUDA_EMULATOR_SECONDS"] = str(_PATIENCE)
        module.report_with(_in_words)

    def prepare(self, *, counting: bool = False) -> None:
        """Let the next kernel run in another order than the one before it."""
        order = ORDERS[self._runs % len(ORDERS)]
        self._module.configure(order, self._runs, counting)
        self._runs += 1
        self._module.copies()  # those of before do not count

    def fetched(self) -> int:
        """Return how many numbers were copied to the host since then."""
        return int(json.loads(self._module.copies())["to_host"]) // FLOAT

    def work(self) -> Work:
        """Return what was counted since it was asked last."""
        done = dict.fromkeys(("load", "store", "atomic"), 0)
        for kernel in json.loads(self._module.counts()):
            for place in kernel["places"]:
                if not place["shared"]:
                    done[place["act"]] += place["traffic"]["bytes"] // FLOAT
        return Work(done["load"] + done["atomic"], done["store"] + done["atomic"])

    def arrays(self) -> int:
        """Return how many arrays the device has that nobody has freed."""
        return len(json.loads(self._module.leaks()))

    def raise_findings(self, kernel: str) -> None:
        """Raise what was found since a kernel has run: of its result."""
        self._module.raise_findings(kernel)


def _in_words(found: str, module: str) -> str:
    """Return what was found as a text, with lines of the .cu file."""
    first = json.loads(found)[0]
    if first["kind"] == "never written" and not first["now"]["device"]:
        return _left_out(first["array"])
    with _given_packages(Path(module).parents[3]):
        facts = import_module("cuda_emulator.findings")
        words = import_module("cuda_emulator.report")
        paragraphs = facts.findings(found, Path(module))
        return str(words.report(paragraphs, most=_TOLD))


def _left_out(array: dict[str, int]) -> str:
    """Say which element of a result nobody has written."""
    size, number = array["size"] // FLOAT, array["offset"] // FLOAT
    return (
        f"never written\n  No thread has written element {number} of the result,"
        f" which has {size} elements.\n  There may be others: do the threads of all"
        " blocks together reach every element?\n"
    )


@contextmanager
def _given_packages(folder: Path) -> Iterator[None]:
    """Let packages come from the homework's emulator and from what is installed.

    Not from what was handed in, which may have modules of the same names.
    """
    before = list(sys.path)
    others = [path for path in before if not Path(path).is_relative_to(folder)]
    sys.path[:] = [str(folder / "emulator" / "python"), *others]
    try:
        yield
    finally:
        sys.path[:] = before
