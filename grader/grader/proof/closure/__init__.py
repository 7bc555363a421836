"""The closure matrix: each question passes with what is before it, and not sooner.

For every stage of a homework, from untouched to solved, the public tests and the hidden
suite run on exactly the folder that a student at that stage would have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coursekit.course import Course
from coursekit.homework import Homework

from grader.proof.closure.columns import Column, columns
from grader.proof.closure.given_away import given_away
from grader.proof.closure.judge import Judge, Ran
from grader.proof.closure.run import Runner
from grader.proof.finding import Finding
from grader.proof.slices import ALL, Slice

__all__ = ["Closure", "Column", "columns", "prove_closure"]


@dataclass(frozen=True)
class Closure:
    """What was run of a homework's closure, and everything that is wrong."""

    homework: Homework
    runs: tuple[Ran, ...]
    findings: tuple[Finding, ...]


def prove_closure(
    course: Course,
    name: str,
    *,
    wanted: Slice | Sequence[Column] = ALL,
    use_cache: bool = True,
    tell: Callable[[Column], None] = lambda _: None,
) -> Closure:
    """Run the columns wanted of one homework; ``tell`` hears of each beforehand."""
    runner = Runner.of(course, name, use_cache=use_cache)
    if isinstance(wanted, Slice):
        chosen = [c for c in columns(course, runner.homework) if c.name in wanted]
    else:
        chosen = list(wanted)
    runs = []
    for column in chosen:
        tell(column)
        runs.append(runner.run(column))
    needs = {case.name: case.needs for case in runner.material.cases}
    judge = Judge(course, runner.homework, needs)
    findings = [*given_away(course, runner.homework), *judge.findings(runs)]
    return Closure(runner.homework, tuple(runs), tuple(sorted(findings)))
