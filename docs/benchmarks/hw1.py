"""Time needle's gradients: an epoch, a tiny graph and a large one.

    python docs/benchmarks/hw1.py

One thread. What is compared takes turns, and ratios are taken within a round.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import hw1_epoch
import hw1_graph
import hw1_tiny
from generated import machine, write_block
from one_thread import prepare_environment
from solved import rendered

COMMAND = "python docs/benchmarks/hw1.py"
ROUNDS = 7
Measure = Callable[[Path, int], str]
BLOCKS: dict[str, Measure] = {
    "hw1-epoch": hw1_epoch.measure,
    "hw1-graph": hw1_graph.measure,
    "hw1-tiny": hw1_tiny.measure,  # last: PyTorch's objects slow the collector down
}


def main() -> None:
    """Measure, and write the tables into ``docs/benchmarks.md``."""
    parser = argparse.ArgumentParser(description="Time hw1's gradients.")
    parser.add_argument("blocks", nargs="*", help=f"of {', '.join(BLOCKS)}; else all")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--print", action="store_true", help="leave the page alone")
    options = parser.parse_args()
    if unknown := set(options.blocks) - set(BLOCKS):
        parser.error(f"no block {', '.join(unknown)}; there are {', '.join(BLOCKS)}")
    prepare_environment()
    with tempfile.TemporaryDirectory(prefix="hw1-benchmark-") as scratch:
        folder = rendered("hw1", Path(scratch))
        rendered("hw0", Path(scratch))
        for name in options.blocks or BLOCKS:
            measured = BLOCKS[name](folder, options.rounds)
            text = f"{measured}\n\n{machine(COMMAND)}"
            if options.print:
                sys.stdout.write(text + "\n\n")
            else:
                write_block(name, text)


if __name__ == "__main__":
    main()
