"""``grader prove closure``: nothing passes too early, and nothing too late."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click
from coursekit.console import can_redraw
from coursekit.course import Course
from coursekit.errors import CourseError

from grader.commands.options import json_option, show_json
from grader.commands.proving import (
    cache_option,
    findings_json,
    homeworks_argument,
    homeworks_of,
    refuse_findings,
    slice_option,
    write_option,
)
from grader.proof.slices import ALL, Slice

if TYPE_CHECKING:
    from grader.proof.closure import Closure, Column

# How much passes, as a letter: for how much exactly there are --json and --write.
ALL_PASS, SOME_PASS, NONE_PASS = "x", "~", "."


@click.command()
@homeworks_argument
@slice_option
@cache_option
@write_option
@json_option
def closure(
    homeworks: tuple[str, ...],
    part: str,
    no_cache: bool,
    write: bool,
    as_json: bool,
) -> None:
    """Prove that every question passes with what comes before it, and not sooner.

    For each stage of a homework, from untouched to solved, the public tests and the
    hidden suite run on the folder that a student would have then, and where only one
    question and what it needs are solved. No piece of a solution may be in what
    students get. Each finding is one line, with its place.
    """
    wanted = Slice.parse(part)
    if write and wanted != ALL:
        raise CourseError("--write takes the whole table: leave --slice away")
    course = Course.find()
    names = homeworks_of(course, homeworks)
    found = [_prove(course, name, wanted, not no_cache) for name in names]
    if as_json:
        show_json([_json(each) for each in found])
    else:
        for each in found:
            _show(each)
    count = sum(len(each.findings) for each in found)
    refuse_findings(count, f"the closure of {', '.join(names)}")
    if write:
        _write(course, found)


def _prove(course: Course, name: str, wanted: Slice, use_cache: bool) -> Closure:
    from grader.proof.closure import prove_closure

    with ExitStack() as stack:
        tell = _progress(stack)
        return prove_closure(
            course, name, wanted=wanted, use_cache=use_cache, tell=tell
        )


def _progress(stack: ExitStack) -> Any:
    """Return what shows on a terminal which column is being run."""
    if not can_redraw():
        return lambda _: None
    from rich.console import Console

    status = stack.enter_context(Console(stderr=True).status("Rendering"))

    def tell(column: Column) -> None:
        status.update(f"{column.homework} {column}")

    return tell


def _show(found: Closure) -> None:
    from rich.table import Table

    from grader.proof.closure.table import counts, row_label
    from grader.report.terminal import console

    marks = f"{ALL_PASS} all tests and cases pass, {NONE_PASS} none, {SOME_PASS} some"
    table = Table(
        title=f"{found.homework.name}, by question: {marks}",
        title_justify="left",
        box=None,
        padding=(0, 1, 0, 0),  # a homework of 19 questions fits into 80 columns
    )
    table.add_column("solved", no_wrap=True, max_width=20)
    for number, _ in enumerate(found.homework.questions, start=1):
        table.add_column(str(number), justify="right", no_wrap=True)
    for ran in found.runs:
        cells = [
            mark(counts(ran, question.id, "public"), counts(ran, question.id, "hidden"))
            for question in found.homework.questions
        ]
        table.add_row(row_label(ran, found.homework), *cells)
    console().print(table)
    for finding in found.findings:
        click.echo(str(finding))


def mark(*passed_and_total: tuple[int, int]) -> str:
    """Return one letter for how much passes, of tests and of cases."""
    if all(passed == total for passed, total in passed_and_total):
        return ALL_PASS
    return SOME_PASS if any(passed for passed, _ in passed_and_total) else NONE_PASS


def _json(found: Closure) -> dict[str, Any]:
    from grader.proof.closure.table import counts

    return {
        "homework": found.homework.name,
        "columns": [
            {
                "solved": ran.column.label,
                "only": ran.column.only,
                "questions": {
                    question.id: {
                        "public": counts(ran, question.id, "public"),
                        "hidden": counts(ran, question.id, "hidden"),
                    }
                    for question in found.homework.questions
                },
            }
            for ran in found.runs
        ],
        "given": {q.id: q.given for q in found.homework.questions if q.given},
        "findings": findings_json(found.findings),
    }


def _write(course: Course, found: list[Closure]) -> None:
    from grader.proof.closure.table import block, sources
    from grader.proof.page import PAGE, write_block

    for each in found:
        name, text = each.homework.name, block(each.homework, each.runs)
        write_block(course, f"closure {name}", sources(course, name), text)
    click.echo(f"written to {PAGE}", err=True)
