"""What kernels ask of the memory, as the machine has counted it; a table of that.

Global memory moves in sectors of 32 bytes: the efficiency is what was asked for,
divided by what was moved. Shared memory has 32 banks, each of which gives one word at a
time: a warp whose threads want different words of one bank takes several passes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cuda_emulator.findings import line_of, places_of
from cuda_emulator.places import Line
from cuda_emulator.report import shown

SECTOR = 32  # bytes
BANKS = 32
WORD = 4  # bytes


@dataclass(frozen=True)
class Traffic:
    """Accesses of threads, requests of warps, and what the memory did for them."""

    accesses: int
    requests: int
    bytes: int
    sectors: int
    passes: int
    passes_at_best: int

    @property
    def efficiency(self) -> float:
        """Return the part of the bytes moved that was asked for, of global memory."""
        return self.bytes / (self.sectors * SECTOR) if self.sectors else 1.0

    @property
    def conflicts(self) -> float:
        """Return how many passes there were for each that is needed; 1 at best."""
        return self.passes / self.passes_at_best if self.passes_at_best else 1.0


@dataclass(frozen=True)
class Sample:
    """One request of a warp: which bytes of an array its threads accessed."""

    array: str
    array_size: int
    size: int  # of each access
    block: tuple[int, int, int]
    warp: int
    lanes: tuple[int, ...]
    offsets: tuple[int, ...]  # of each lane


@dataclass(frozen=True)
class Counted:
    """An instruction that loads, stores or updates memory."""

    line: Line | None
    shared: bool
    act: str  # "load", "store" or "atomic"
    traffic: Traffic
    sample: Sample


@dataclass(frozen=True)
class Kernel:
    """A kernel, with all its launches."""

    name: str
    launches: int
    blocks: int
    threads: int
    barriers: int
    places: tuple[Counted, ...]


def counts(text: str, module: Path) -> list[Kernel]:
    """Return what ``Counts`` gave, by the names of the kernels."""
    return [_kernel(each, module) for each in json.loads(text)]


def table(kernels: Sequence[Kernel]) -> str:
    """Return a table in Markdown: a row for each line that accesses memory."""
    head = ("kernel", "line", "access", "requests", "bytes", "efficiency or conflicts")
    rows = [
        (
            kernel.name.replace("|", "\\|"),
            shown(each.line) if each.line else "",
            f"{'shared' if each.shared else 'global'} {each.act}",
            f"{each.traffic.requests}",
            f"{each.traffic.bytes}",
            _quality(each),
        )
        for kernel in kernels
        for each in kernel.places
    ]
    if not rows:
        return "No kernel has accessed any memory.\n"
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    rule = tuple("-" * width for width in widths)
    lines = [
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in (head, rule, *rows)
    ]
    return "".join(f"| {line} |\n" for line in lines)


def _quality(counted: Counted) -> str:
    traffic = counted.traffic
    if not counted.shared:
        return f"{100 * traffic.efficiency:.0f}% ({traffic.sectors} sectors)"
    if traffic.passes == traffic.passes_at_best:
        return "no conflicts"
    return f"{traffic.conflicts:.1f} passes instead of 1"


def _kernel(given: Mapping[str, Any], module: Path) -> Kernel:
    name = given["kernel"]
    return Kernel(
        name=name,
        launches=given["launches"],
        blocks=given["blocks"],
        threads=given["threads"],
        barriers=given["barriers"],
        places=tuple(_counted(each, name, module) for each in given["places"]),
    )


def _counted(given: Mapping[str, Any], kernel: str, module: Path) -> Counted:
    sample = dict(given["sample"])
    for key in ("block", "lanes", "offsets"):
        sample[key] = tuple(sample[key])
    return Counted(
        line=line_of(places_of(module), given["place"], kernel),
        shared=given["shared"],
        act=given["act"],
        traffic=Traffic(**given["traffic"]),
        sample=Sample(**sample),
    )
