"""Look into the compiled kernels: how many numbers does an instruction take at once?"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from explore.building import module_path
from explore.compiler import built
from explore.patience import NotYetError, patient, say

# Names of functions that compute; `(anonymous namespace)` are the student's helpers.
KERNELS = re.compile(r"needle::cpu::(?:\(anonymous namespace\)::)?(\w+(?:<[^(]*>)?)\(")
ORDERS = re.compile(r"(row_times_matrix_\w+)")
HEAD = re.compile(r"^[0-9a-f]+ <(.*)>:$")
# Arithmetic of x86: v? + what is done + (packed or scalar) + single precision.
X86 = re.compile(
    r"\tv?(?:add|sub|mul|div|max|min|sqrt|cmp[a-z]*?|fn?m(?:add|sub)\d*)(p|s)s\s.*?%(x|y|z)mm"
)
WIDTHS = {"x": 4, "y": 8, "z": 16}
# Arithmetic of ARM: fadd v0.4s, ... takes four numbers; fadd s0, ... one.
ARM = re.compile(
    r"\tf(?:add|sub|mul|div|max|min|n?m(?:la|ls|add|sub))\s+(v\d+\.4s|s\d)"
)


class Counts(NamedTuple):
    """Instructions of a function that compute with floats, by floats at once."""

    one: int
    several: int
    widest: int


@patient
def disassemble(pattern: str = "") -> None:
    """Print, for each compiled kernel, how its arithmetic is done.

    ``pattern`` chooses those whose name has it. The functions that ``two_orders`` times
    come first, for comparison.
    """
    tool = shutil.which("objdump")
    if tool is None:
        raise NotYetError("there is no objdump here (it comes with a compiler).")
    found = {
        **count(_lines(tool, built()), ORDERS),
        **count(_lines(tool, Path(module_path())), KERNELS),
    }
    shown = {
        name: counts
        for name, counts in found.items()
        if pattern in name and (counts.one or counts.several)
    }
    if not shown:
        raise NotYetError("no kernel computes yet, or objdump says it otherwise.")
    say(f"{'function':38s}  {'one number':>10s}  {'several':>8s}  {'at once':>7s}")
    for name, counts in shown.items():
        say(
            f"{name:38.38s}  {counts.one:10d}  {counts.several:8d}"
            f"  {counts.widest or '':>7}"
        )


def _lines(tool: str, path: Path) -> list[str]:
    command = [tool, "-d", "-C", "--no-show-raw-insn", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotYetError(f"objdump cannot read {path.name}: {done.stderr.strip()}")
    return done.stdout.splitlines()


def count(lines: Iterable[str], names: re.Pattern[str]) -> dict[str, Counts]:
    """Return the counts of the functions whose heading matches.

    >>> listing = ["10 <row_times_matrix_x>:", " 1:\\tvmulps %ymm1,%ymm2,%ymm3"]
    >>> count(listing, ORDERS)
    {'row_times_matrix_x': Counts(one=0, several=1, widest=8)}
    """
    found: dict[str, Counts] = {}
    for name, width in _arithmetic(lines, names):
        one, several, widest = found.get(name, Counts(0, 0, 0))
        found[name] = Counts(
            one + (width == 1),
            several + (width > 1),
            max(widest, width if width > 1 else 0),
        )
    return dict(sorted(found.items()))


def _arithmetic(
    lines: Iterable[str], names: re.Pattern[str]
) -> Iterator[tuple[str, int]]:
    """Yield, for each instruction that computes, its function and its width."""
    name = ""
    for line in lines:
        head = HEAD.match(line)
        if head:
            wanted = names.search(head[1])
            name = wanted[1] if wanted else ""
        elif name and (found := X86.search(line)):
            yield name, WIDTHS[found[2]] if found[1] == "p" else 1
        elif name and (found := ARM.search(line)):
            yield name, 4 if found[1].startswith("v") else 1
