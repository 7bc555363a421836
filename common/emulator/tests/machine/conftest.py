"""Run the kernels of a .cu file on the emulator, and read what it found."""

from __future__ import annotations

import ctypes
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from cuda_emulator import build
from cuda_emulator.places import Places

KERNELS = Path(__file__).resolve().parents[1] / "kernels"
_MARKS = re.compile(r"// (now|before): ([\w ]+)")


class Emulated:
    """A library of kernels with the emulator in it."""

    def __init__(self, library: Path, source: Path) -> None:
        self.library = ctypes.CDLL(str(library))
        self.source = source
        self.marks = _marks(source)
        self.result = 0  # of the last run
        self._places = Places(library)
        for name in ("findings", "counts", "copies", "leaks"):
            getattr(self.library, f"cuda_emulator_{name}").restype = ctypes.c_char_p

    def run(self, name: str, *arguments: int) -> list[dict[str, Any]]:
        """Call a function; return the findings, with lines instead of places."""
        self.library.settle()  # of what ran before, nothing is left
        self._take("findings")
        self.result = getattr(self.library, name)(*arguments)
        return [self._with_lines(finding) for finding in self._take("findings")]

    def order(self, order: str, seed: int = 0, counting: bool = False) -> None:
        """Choose the order in which threads and blocks run."""
        assert self.library.cuda_emulator_configure(
            order.encode(), ctypes.c_uint64(seed), int(counting)
        )

    def counts(self) -> list[dict[str, Any]]:
        """Return what was counted, with lines instead of places."""
        counted = self._take("counts")
        for kernel in counted:
            for place in kernel["places"]:
                place["line"] = self.line(place["place"])
        return counted

    def copies(self) -> dict[str, int]:
        """Return how many bytes were copied since the last call, by where they went."""
        copied: dict[str, int] = json.loads(self.library.cuda_emulator_copies())
        return copied

    def leaks(self) -> list[dict[str, Any]]:
        """Return the live allocations, with lines instead of places."""
        return [
            each | {"line": self.line(each["made"])} for each in self._take("leaks")
        ]

    def line(self, place: int | None) -> int | None:
        """Return the line of the .cu file where a place is."""
        lines = self._places.lines(place) if place else ()
        return next((each.number for each in lines if each.file.suffix == ".cu"), None)

    def _take(self, what: str) -> list[dict[str, Any]]:
        text = getattr(self.library, f"cuda_emulator_{what}")()
        taken: list[dict[str, Any]] = json.loads(text)
        return taken

    def _with_lines(self, finding: dict[str, Any]) -> dict[str, Any]:
        for which in ("now", "before"):
            if which in finding:
                finding[which]["line"] = self.line(finding[which]["place"])
        return finding


def _marks(source: Path) -> dict[tuple[str, str], set[int]]:
    marks = defaultdict(set)
    for number, line in enumerate(source.read_text("utf-8").splitlines(), 1):
        for which, names in _MARKS.findall(line):
            for name in names.split():
                marks[which, name].add(number)
    return marks


@pytest.fixture(scope="session")
def emulate(cxx: str, objects: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a function that compiles a file of the folder kernels, once."""
    known: dict[str, Emulated] = {}

    def compiled(name: str) -> Emulated:
        if name not in known:
            source = KERNELS / f"{name}.cu"
            target = tmp_path_factory.mktemp(name) / f"{name}.so"
            known[name] = Emulated(build([source], target, objects=objects), source)
        known[name].order("forward")
        return known[name]

    return compiled
