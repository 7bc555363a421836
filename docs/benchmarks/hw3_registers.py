"""Compile hw3's CUDA kernels for every card that nvcc knows; count their registers.

    python docs/benchmarks/hw3_registers.py
    python docs/benchmarks/hw3_registers.py --print --arch sm_80

It wants nvcc, and no card. A kernel that spills registers to memory is an error, and so
is a warning: the page stays as it is.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from generated import table, write_block

SOURCE = Path(__file__).resolve().parents[2] / "common" / "needle" / "src"
FILES = ("ndarray_backend_cuda.cu", "cuda_extra.cu")
FLAGS = ("-std=c++17", "-O3", "--extended-lambda", "-Xptxas", "-v", "-c")
# What ptxas says of a kernel, in this order, each on a line of its own.
_SAID = re.compile(
    r"Compiling entry function '(?P<name>\w+)' for '(?P<arch>\w+)'"
    r".*?(?P<stores>\d+) bytes spill stores, (?P<loads>\d+) bytes spill loads"
    r".*?Used (?P<registers>\d+) registers(?P<more>[^\n]*)",
    re.DOTALL,
)
# A name as people write it: with the first numbers and types of its template, for what
# follows is the body of a loop.
_PLAIN = re.compile(r"(?:void )?(?:\w+::)*(\w+)(<(?:[\w ]+(?:, |(?=>)))*)?")


@dataclass(frozen=True)
class Compiled:
    """A kernel as it is for the cards of one architecture."""

    name: str
    arch: str
    registers: int
    spilled: int
    shared: int


def compiled(
    files: Iterable[Path], arch: str, *flags: str
) -> tuple[list[Compiled], str]:
    """Compile; return all kernels, and what nvcc warns of.

    Raises:
        SystemExit: if nvcc refuses.
    """
    kernels, warnings = [], []
    with tempfile.TemporaryDirectory(prefix="registers-") as scratch:
        for file in files:
            command = ["nvcc", *FLAGS, *flags, f"-arch={arch}", str(file)]
            command += ["-o", str(Path(scratch) / "kernels.o")]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            said = done.stdout + done.stderr
            if done.returncode:
                raise SystemExit(said)
            kernels += [_read(found) for found in _SAID.finditer(said)]
            warnings += [
                line for line in said.splitlines() if "warning" in line.lower()
            ]
    return kernels, "\n".join(warnings)


def _read(found: re.Match[str]) -> Compiled:
    shared = re.search(r"(\d+) bytes smem", found["more"])
    return Compiled(
        found["name"],
        found["arch"],
        int(found["registers"]),
        int(found["stores"]) + int(found["loads"]),
        int(shared[1]) if shared else 0,
    )


def plain_names(mangled: Sequence[str]) -> dict[str, str]:
    """Return kernels' names without namespaces, arguments and bodies of loops."""
    if shutil.which("c++filt") is None:
        return {name: name for name in mangled}
    done = subprocess.run(
        ["c++filt", *mangled], capture_output=True, text=True, check=True
    )
    plain = {}
    for name, line in zip(mangled, done.stdout.splitlines(), strict=True):
        found = _PLAIN.match(line)
        kept = (found[2] or "").strip("<, ") if found else ""
        plain[name] = (found[1] if found else line) + (f"<{kept}>" if kept else "")
    return plain


def rows(kernels: Sequence[Compiled]) -> list[str]:
    """Return the rows of the table: the kernels of one name together."""
    names = plain_names(sorted({each.name for each in kernels}))
    groups: dict[str, list[Compiled]] = defaultdict(list)
    for each in kernels:
        groups[names[each.name]].append(each)
    return [
        f"| `{name}` | {len({each.name for each in group})}"
        f" | {_range(each.registers for each in group)}"
        f" | {_range(each.shared for each in group)} |"
        for name, group in sorted(groups.items())
    ]


def _range(numbers: Iterable[int]) -> str:
    found = list(numbers)
    least, most = min(found), max(found)
    return str(least) if least == most else f"{least} to {most}"


def version() -> str:
    """Return what nvcc calls itself."""
    done = subprocess.run(
        ["nvcc", "--version"], capture_output=True, text=True, check=True
    )
    found = re.search(r"release ([\d.]+)", done.stdout)
    return f"nvcc {found[1]}" if found else "nvcc"


def text(kernels: Sequence[Compiled]) -> str:
    """Return the block: what was compiled for what, and the table."""
    archs = sorted({each.arch for each in kernels}, key=lambda arch: int(arch[3:]))
    heads = "| kernel | variants | registers of a thread | bytes shared by a block |"
    day = f"{datetime.now(timezone.utc):%Y-%m-%d}"
    return "\n\n".join(
        [
            f"hw3's reference in CUDA, compiled for {', '.join(archs)}.\nNo kernel"
            " spills registers, and nvcc warns of nothing.",
            table(heads, rows(kernels)),
            f"{version()}; {day}; `python docs/benchmarks/hw3_registers.py`",
        ]
    )


def main() -> None:
    """Compile, and write the block or show it."""
    parser = argparse.ArgumentParser(description="Count registers of hw3's kernels.")
    parser.add_argument("--arch", default="all", help="sm_80, ...; else all")
    parser.add_argument("--most", type=int, help="registers that nvcc may use")
    parser.add_argument("--print", action="store_true", help="leave the page alone")
    options = parser.parse_args()
    if shutil.which("nvcc") is None:
        raise SystemExit("nvcc is not on the PATH")
    flags = [f"-maxrregcount={options.most}"] if options.most else []
    files = [SOURCE / name for name in FILES]
    kernels, warnings = compiled(files, options.arch, *flags)
    spilling = [each for each in kernels if each.spilled]
    if warnings or spilling:
        lines = [f"{each.name} spills on {each.arch}" for each in spilling]
        raise SystemExit("\n".join(filter(None, [warnings, *lines])))
    if options.print:
        sys.stdout.write(text(kernels) + "\n")
    else:
        write_block("hw3-registers", text(kernels))


if __name__ == "__main__":
    main()
