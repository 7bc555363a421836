"""The closure matrix: each question passes with what is before it, and not sooner.

For every stage of a homework, from untouched to solved, the public tests and the hidden
suite run on exactly the folder that a student at that stage would have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from coursekit.course import Course
from coursekit.homework import Homework

from grader.proof.closure.columns import Column, columns
from grader.proof.closure.given_away import given_away
from grader.proof.closure.judge import Judge
from grader.proof.closure.outcome import Ran
from grader.proof.closure.run import Runner
from grader.proof.finding import Finding
from grader.proof.slices import ALL, Slice

__all__ = ["Closure", "Column", "columns", "given_away", "prove_closure", "run_columns"]


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
    """Run the columns wanted of one homework, and look for what is given away.

    ``tell`` hears of each column before it is run.
    """
    homework = course.homework(name)
    if isinstance(wanted, Slice):
        wanted = [c for c in columns(course, homework) if c.name in wanted]
    found = run_columns(course, name, wanted, use_cache=use_cache, tell=tell)
    leaks = given_away(course, homework)
    return replace(found, findings=tuple(sorted([*leaks, *found.findings])))


def run_columns(
    course: Course,
    name: str,
    wanted: Sequence[Column],
    *,
    use_cache: bool = True,
    tell: Callable[[Column], None] = lambda _: None,
) -> Closure:
    """Run these columns and judge what became of every test and case."""
    runner = Runner.of(course, name, use_cache=use_cache)
    runs = []
    for column in wanted:
        tell(column)
        runs.append(runner.run(column))
    needs = {case.name: case.needs for case in runner.material.cases}
    judge = Judge(course, runner.homework, needs)
    return Closure(runner.homework, tuple(runs), tuple(judge.findings(runs)))
