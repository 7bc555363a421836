"""Measure what grading a whole homework takes: all its questions, the build included.

Cold is a machine on which the homework was never graded: both the submission's native
code and the reference's are compiled, nothing is kept. Cached is what every further
submission of the same native code meets, with the reference's answers laid by.

    python docs/benchmarks/grading.py
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from commands import Submitted, call, environment, lay_by, submit
from generated import machine, write_block
from rich.console import Console
from rich.progress import track

COMMAND = "python docs/benchmarks/grading.py"
HOMEWORK = "hw0"
NATIVE = "src/simple_ml_ext.cpp"
# In seconds: what must hold on two cores, and what we aim at.
LIMITS = {"cold": (20, 12), "cached": (6, 3)}


def main() -> None:
    """Measure, and write the table into ``docs/benchmarks.md``."""
    parser = argparse.ArgumentParser(description="Time the grading of a homework.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--print", action="store_true", help="leave the page alone")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="grading-") as scratch:
        text = table(measure(Path(scratch), options.rounds))
    if options.print:
        sys.stdout.write(text + "\n")
    else:
        write_block("grading", text)


def measure(scratch: Path, rounds: int) -> dict[str, list[Submitted]]:
    """Return the submissions of each kind, which take turns."""
    times: dict[str, list[Submitted]] = {name: [] for name in LIMITS}
    console = Console(stderr=True)
    for number in track(range(rounds), "grading", console=console, transient=True):
        work = scratch / f"work-{number}" / HOMEWORK
        given = environment(scratch / f"home-{number}")
        call(["course", "solution", HOMEWORK, "-o", str(work)], given)
        # Not the reference's file, or one build would serve both.
        with (work / NATIVE).open("a") as source:
            source.write("// A student's own file.\n")
        times["cold"].append(submit(work, given))
        lay_by(given, HOMEWORK)
        times["cached"].append(submit(work, given))
    return times


def table(times: dict[str, list[Submitted]]) -> str:
    """Return the table in Markdown."""
    first = times["cold"][0]
    questions = first.result["questions"]
    cases = sum(len(question["cases"]) for question in questions)
    graded = f"{len(questions)} questions, {cases} cases, sandbox {first.sandbox}"
    lines = [
        f"`grader submit {HOMEWORK}`: {graded}, {len(times['cold'])} rounds.",
        "Seconds from the command's start to its end:",
        "",
        "| | median | min | max | must | aim |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, rounds in times.items():
        seconds = [each.seconds for each in rounds]
        must, aim = LIMITS[name]
        figures = (statistics.median(seconds), min(seconds), max(seconds))
        shown = " | ".join(f"{figure:.1f}" for figure in figures)
        lines.append(f"| {name} | {shown} | {must} | {aim} |")
    return "\n".join([*lines, "", machine(COMMAND)])


if __name__ == "__main__":
    main()
