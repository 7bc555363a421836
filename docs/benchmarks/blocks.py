"""Measure blocks of ``docs/benchmarks.md``: what the scripts of all homeworks share."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from generated import machine, write_block
from one_thread import prepare_environment
from solved import rendered

# Given the folder of the first homework, solved, and rounds: a block's text.
Measure = Callable[[Path, int], str]


def measure_blocks(
    homeworks: tuple[str, ...], blocks: Mapping[str, Measure], rounds: int = 7
) -> None:
    """Measure what the command line names, and write it into the page or show it.

    Of the homeworks, which are rendered beside each other, the first is measured.
    """
    command = f"python docs/benchmarks/{homeworks[0]}.py"
    parser = argparse.ArgumentParser(description=f"Time {homeworks[0]}.")
    parser.add_argument("blocks", nargs="*", help=f"of {', '.join(blocks)}; else all")
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--print", action="store_true", help="leave the page alone")
    options = parser.parse_args()
    if unknown := set(options.blocks) - set(blocks):
        parser.error(f"no block {', '.join(unknown)}; there are {', '.join(blocks)}")
    prepare_environment()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch:
        folder, *_ = [rendered(name, Path(scratch)) for name in homeworks]
        for name in options.blocks or blocks:
            measured = blocks[name](folder, options.rounds)
            text = f"{measured}\n\n{machine(command)}"
            if options.print:
                sys.stdout.write(text + "\n\n")
            else:
                write_block(name, text)
