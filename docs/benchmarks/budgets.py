"""Measure what each homework adds to `make test`, against its budget.

A homework's share is every test that names it: the full reference, the starter, one
column of its closure matrix, and the tests of its own files.

    python docs/benchmarks/budgets.py
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from generated import machine, write_block

COMMAND = "python docs/benchmarks/budgets.py"
ROOT = Path(__file__).parents[2]
BUDGETS = {"hw0": 30, "hw1": 45, "hw2": 90, "hw3": 120, "hw4": 150}  # seconds
PYTEST = [sys.executable, "-m", "pytest", "-n", "2", "-m", "not slow and not network"]
_PASSED = re.compile(r"(\d+) passed")


@dataclass(frozen=True)
class Share:
    """The tests of one homework."""

    homework: str
    tests: int
    seconds: float


def main() -> None:
    """Run the tests, and write the table into ``docs/benchmarks.md``."""
    from coursekit.course import Course

    parser = argparse.ArgumentParser(description="Time the tests of each homework.")
    parser.add_argument("--print", action="store_true", help="leave the page alone")
    options = parser.parse_args()
    homeworks = Course.find(ROOT).config.course.homeworks
    text = table([measure(name) for name in homeworks], measure(""))
    if options.print:
        sys.stdout.write(text + "\n")
    else:
        write_block("budgets", text)


def measure(homework: str) -> Share:
    """Run the tests that name a homework; all without a name."""
    words = ["-k", homework] if homework else []
    start = time.perf_counter()
    done = subprocess.run(
        [*PYTEST, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    found = _PASSED.search(done.stdout)
    if done.returncode != 0 or found is None:
        sys.exit(f"the tests of {homework or 'all'} fail:\n{done.stdout[-3000:]}")
    return Share(homework, int(found[1]), seconds)


def table(shares: list[Share], whole: Share) -> str:
    """Return the table in Markdown."""
    lines = [
        "What each homework adds to `make test`, two processes, wall time:",
        "",
        "| | tests | seconds | budget |",
        "| --- | ---: | ---: | ---: |",
    ]
    for share in shares:
        budget = BUDGETS[share.homework]
        lines.append(
            f"| {share.homework} | {share.tests} | {share.seconds:.0f} | {budget} |"
        )
    lines.append(f"| all of `make test` | {whole.tests} | {whole.seconds:.0f} | |")
    return "\n".join([*lines, "", machine(COMMAND)])


if __name__ == "__main__":
    main()
