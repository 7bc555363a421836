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
# Arithmetic of x86: v? + what is done + (packed or scalar) + (single or double).
X86 = re.compile(
    r"\tv?(?:add|sub|mul|div|max|min|sqrt|u?comi|cmp[a-z]*?|fn?m(?:add|sub)\d*)(p|s)(s|d)"
    r"\s.*?%(x|y|z)mm"
)
WIDTHS = {"x": 4, "y": 8, "z": 16}
# Arithmetic of ARM: fadd v0.4s, ... takes four numbers, v0.2d two; fadd s0, ... one.
ARM = re.compile(
    r"\tf(?:add|sub|mul|div|max|min|cmp|cm(?:eq|ge|gt)|n?m(?:la|ls|add|sub))\s+"
    r"(?:v\d+\.([42])|)[sd]"
)
# What only moves numbers from place to place within registers.
SHUFFLES = re.compile(
    r"\tv?(?:unpck|shufp|perm|pshuf|insert|extract|movlh|movhl|p?align)\w+\s"
    r"|\t(?:zip[12]|uzp[12]|trn[12]|ext)\s|\tmov\s+v\d+\.s\["
)


class Counts(NamedTuple):
    """Instructions of a function that compute with floats, by floats at once."""

    one: int = 0
    several: int = 0
    widest: int = 0
    shuffles: int = 0  # that only bring floats to where they are wanted


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
    say(
        f"{'function':38s}  {'one number':>10s}  {'several':>8s}  {'at once':>7s}"
        f"  {'shuffles':>8s}"
    )
    for name, counts in shown.items():
        say(
            f"{name:38.38s}  {counts.one:10d}  {counts.several:8d}"
            f"  {counts.widest or 1:7d}  {counts.shuffles:8d}"
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
    {'row_times_matrix_x': Counts(one=0, several=1, widest=8, shuffles=0)}
    """
    found: dict[str, Counts] = {}
    for name, width in _arithmetic(lines, names):
        one, several, widest, shuffles = found.get(name, Counts())
        found[name] = Counts(
            one + (width == 1),
            several + (width > 1),
            max(widest, width if width > 1 else 0),
            shuffles + (width == 0),
        )
    return dict(sorted(found.items()))


def _arithmetic(
    lines: Iterable[str], names: re.Pattern[str]
) -> Iterator[tuple[str, int]]:
    """Yield an instruction's function and its width: 0 if it only shuffles."""
    name = ""
    for line in lines:
        head = HEAD.match(line)
        if head:
            wanted = names.search(head[1])
            name = wanted[1] if wanted else ""
        elif name and (found := X86.search(line)):
            packed, precision, register = found.groups()
            width = WIDTHS[register] // (2 if precision == "d" else 1)
            yield name, width if packed == "p" else 1
        elif name and (found := ARM.search(line)):
            yield name, int(found[1] or 1)
        elif name and SHUFFLES.search(line):
            yield name, 0
