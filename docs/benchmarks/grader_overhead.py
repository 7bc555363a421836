"""Measure what ``grader submit`` costs besides running the student's code.

The overhead of one command is its wall time less the processor time of the student's
cases, as ``--json`` reports it. Rounds with the reference's answers laid by, as they
are after a first submission, alternate with rounds without.

    python docs/benchmarks/grader_overhead.py
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from commands import Submitted, call, environment, lay_by, submit
from generated import machine, write_block
from rich.console import Console
from rich.progress import track

ROUNDS = 15
QUESTION = "hw0.add"
COMMAND = "python docs/benchmarks/grader_overhead.py"


def main() -> None:
    """Run the rounds and write the table into ``docs/benchmarks.md``."""
    with tempfile.TemporaryDirectory(prefix="grader-overhead-") as scratch:
        work, given = Path(scratch) / "hw0", environment(Path(scratch) / "home")
        call(["course", "solution", "hw0", "--upto", "add", "-o", str(work)], given)
        submit(work, given, "-k", "add")  # makes the gradebook and the caches
        cached, fresh = [], []
        console = Console(stderr=True)
        for _ in track(
            range(ROUNDS), "grader overhead", console=console, transient=True
        ):
            lay_by(given, "hw0", QUESTION)
            cached.append(submit(work, given, "-k", "add"))
            fresh.append(submit(work, given, "-k", "add"))
    write_block("grader-overhead", table(cached, fresh))


def table(cached: list[Submitted], fresh: list[Submitted]) -> str:
    """Return the table in Markdown, in milliseconds."""
    lines = [
        f"`grader submit hw0 -k add`, sandbox {cached[0].sandbox}, "
        f"{len(cached)} rounds:",
        "wall time of the command less the processor time of the student's cases.",
        "",
        "| reference's answers | median | min | max | student's cases |",
        "| --- | ---: | ---: | ---: | ---: |",
        row("laid by", cached),
        row("computed beside", fresh),
        "",
        machine(COMMAND),
    ]
    return "\n".join(lines)


def row(name: str, rounds: list[Submitted]) -> str:
    """Return one line of the table."""
    children = [float(each.result["cpu_seconds"]) for each in rounds]
    overheads = [r.seconds - child for r, child in zip(rounds, children, strict=True)]
    child = statistics.median(children)
    figures = (statistics.median(overheads), min(overheads), max(overheads), child)
    return f"| {name} | " + " | ".join(f"{1000 * x:.0f} ms" for x in figures) + " |"


if __name__ == "__main__":
    main()
