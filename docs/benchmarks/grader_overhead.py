"""Measure what ``grader submit`` costs besides running the student's code.

The overhead of one command is its wall time less the processor time of the student's
cases, as ``--json`` reports it. Rounds with the reference's answers laid by, as they
are after a first submission, alternate with rounds without.

    python docs/benchmarks/grader_overhead.py
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from generated import machine, write_block
from rich.console import Console
from rich.progress import track

ROUNDS = 15
QUESTION = "hw0.add"
COMMAND = "python docs/benchmarks/grader_overhead.py"
PREPARE = """
import sys
from coursekit.course import Course
from grader.engine import prepare
from grader.material import Material
prepare(Material.from_course(Course.find(), "hw0"), questions=[sys.argv[1]])
"""


@dataclass(frozen=True)
class Round:
    """One run of the command, in seconds."""

    wall: float
    child: float
    sandbox: str

    @property
    def overhead(self) -> float:
        """Return what was not the student's code."""
        return self.wall - self.child


def main() -> None:
    """Run the rounds and write the table into ``docs/benchmarks.md``."""
    with tempfile.TemporaryDirectory(prefix="grader-overhead-") as scratch:
        work = Path(scratch) / "hw0"
        # Nothing in the background while the clock runs.
        environment = {
            **os.environ,
            "GRADER_HOME": str(Path(scratch) / "home"),
            "GRADER_AHEAD": "0",
        }
        call(
            ["course", "solution", "hw0", "--upto", "add", "-o", str(work)], environment
        )
        submit(work, environment)  # makes the gradebook and the caches
        cached, fresh = [], []
        console = Console(stderr=True)
        for _ in track(
            range(ROUNDS), "grader overhead", console=console, transient=True
        ):
            call([sys.executable, "-c", PREPARE, QUESTION], environment)
            cached.append(submit(work, environment))
            fresh.append(submit(work, environment))
    write_block("grader-overhead", table(cached, fresh))


def call(command: list[str], environment: dict[str, str]) -> str:
    """Run a program of this environment and return what it printed."""
    if not Path(command[0]).is_absolute():
        command = [str(Path(sys.executable).parent / command[0]), *command[1:]]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return done.stdout


def submit(work: Path, environment: dict[str, str]) -> Round:
    """Time one submission of the first question."""
    command = ["grader", "submit", "--folder", str(work), "-k", "add", "--json"]
    start = time.perf_counter()
    shown = call(command, environment)
    wall = time.perf_counter() - start
    result = json.loads(shown)["result"]
    assert result["earned"] == result["points"] > 0
    return Round(wall, result["cpu_seconds"], result["sandbox"]["name"])


def table(cached: list[Round], fresh: list[Round]) -> str:
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


def row(name: str, rounds: list[Round]) -> str:
    """Return one line of the table."""
    overheads = [each.overhead for each in rounds]
    child = statistics.median(each.child for each in rounds)
    figures = (statistics.median(overheads), min(overheads), max(overheads), child)
    return f"| {name} | " + " | ".join(f"{1000 * x:.0f} ms" for x in figures) + " |"


if __name__ == "__main__":
    main()
