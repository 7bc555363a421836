"""What the emulator has found, with the lines of the .cu file.

The machine tells places as offsets into its library (src/interface.h); here they become
lines, and an argument's number becomes its name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cuda_emulator.places import Line, Parameter, Places

Index3 = tuple[int, int, int]
_HEADERS = Path(__file__).resolve().parents[2] / "include"


@dataclass(frozen=True)
class Witness:
    """A thread, or the host, and where it was: the innermost line first."""

    device: bool
    block: Index3
    thread: Index3
    lines: tuple[Line, ...]

    @property
    def line(self) -> Line | None:
        """Return the line to look at first; None if nothing is known of it."""
        return self.lines[0] if self.lines else None


@dataclass(frozen=True)
class Access:
    """What one access did: so many bytes, to write or read them."""

    size: int
    write: bool
    atomic: bool


@dataclass(frozen=True)
class Array:
    """The memory that a finding is about, and which byte of it."""

    name: str  # as the kernel calls it; empty if it has no name
    space: str  # "global", "shared", "dynamic shared", "constant" or "local"
    number: int  # of the cudaMalloc, from 1; or 0
    size: int
    offset: int
    element: int  # bytes of one; 0 if unknown
    extents: tuple[int, ...]  # of a declared array, the outermost first
    made: Line | None


@dataclass(frozen=True)
class Finding:
    """A mistake: who did what to which memory, and who was there before."""

    kind: str
    text: str
    kernel: str
    now: Witness
    before: Witness | None
    access: Access | None
    access_before: Access | None
    array: Array | None
    fatal: bool  # the launch ended there
    times: int


@dataclass(frozen=True)
class Leak:
    """Memory of the device that nobody has freed."""

    name: str
    size: int
    made: Line | None


def findings(text: str, module: Path) -> list[Finding]:
    """Return what ``TakeFindings`` gave, in the order in which it was found."""
    places = places_of(module)
    return [_finding(each, places) for each in json.loads(text)]


def leaks(text: str, module: Path) -> list[Leak]:
    """Return what ``Leaks`` gave."""
    places = places_of(module)
    return [
        Leak(each["name"], each["size"], line_of(places, each["made"]))
        for each in json.loads(text)
    ]


def line_of(places: Places, place: int | None, kernel: str = "") -> Line | None:
    """Return the line of a place in code that is neither ours nor the library's."""
    return next(iter(_lines(places, place, kernel)), None)


@lru_cache(maxsize=8)
def _places_at(module: Path, _changed: int) -> Places:
    return Places(module)


def places_of(module: Path) -> Places:
    """Return the places of a library, read once until it changes."""
    return _places_at(module, module.stat().st_mtime_ns)


def _lines(places: Places, place: int | None, kernel: str = "") -> tuple[Line, ...]:
    """Return the lines of a place, from the innermost to the kernel's."""
    found = []
    for line in places.lines(place) if place else ():
        if not _is_given(line.file):
            found.append(line)
        if kernel and line.function.split("<")[0] == _base(kernel):
            break
    return tuple(found)


def _is_given(file: Path) -> bool:
    """Return whether a file is one of ours or of the compiler's."""
    return (_HEADERS / file.name).exists() or file.is_relative_to("/usr")


def _base(kernel: str) -> str:
    """Return a kernel's name without its namespace and what it is made for."""
    return kernel.split("<", maxsplit=1)[0].rsplit("::", maxsplit=1)[-1].strip()


def _finding(given: Mapping[str, Any], places: Places) -> Finding:
    kernel = given["kernel"]
    before = given.get("before")
    return Finding(
        kind=given["kind"],
        text=given["text"],
        kernel=kernel,
        now=_witness(given["now"], places, kernel),
        before=_witness(before, places, kernel) if before else None,
        access=_access(given["access"]),
        access_before=_access(given["access_before"]),
        array=_array(given["array"], places, kernel, given["now"]["place"] or 0),
        fatal=given["fatal"],
        times=given["times"],
    )


def _witness(given: Mapping[str, Any], places: Places, kernel: str) -> Witness:
    lines = _lines(places, given["place"], kernel if given["device"] else "")
    return Witness(
        given["device"], _index(given, "block"), _index(given, "thread"), lines
    )


def _index(given: Mapping[str, Any], name: str) -> Index3:
    x, y, z = given.get(name, (0, 0, 0))
    return x, y, z


def _access(given: Mapping[str, Any] | None) -> Access | None:
    return Access(**given) if given else None


def _array(
    given: Mapping[str, Any] | None, places: Places, kernel: str, place: int
) -> Array | None:
    if not given:
        return None
    parameter = Parameter("", 0)
    if given["argument"] and kernel:
        parameters = places.parameters(_base(kernel), place)
        if given["argument"] <= len(parameters):
            parameter = parameters[given["argument"] - 1]
    return Array(
        name=given["name"] or parameter.name,
        space=given["space"],
        number=given["number"],
        size=given["size"],
        offset=given["offset"],
        element=given["element"] or parameter.element,
        extents=tuple(given["extents"]),
        made=line_of(places, given["made"]),
    )
