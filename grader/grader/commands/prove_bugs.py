"""``grader prove bugs``: the tests find the mistakes that students make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import click
from coursekit.course import Course
from coursekit.errors import CourseError

from grader.commands.opening import chosen_sandbox
from grader.commands.options import json_option, sandbox_option, show_json
from grader.commands.proving import (
    bar,
    cache_option,
    homeworks_argument,
    homeworks_of,
    jobs_option,
    refuse_findings,
    slice_option,
    write_option,
)
from grader.proof.slices import ALL, Slice

if TYPE_CHECKING:
    from grader.proof.bugs.catalogue import Planted
    from grader.proof.bugs.hunt import Hunt
    from grader.proof.bugs.outcome import Result
    from grader.proof.bugs.trial import Bench


@click.command()
@homeworks_argument
@click.option(
    "--only",
    "names",
    metavar="NAME",
    multiple=True,
    help="Only this entry of the catalogue, or this question; may be repeated.",
)
@jobs_option
@slice_option
@cache_option
@write_option
@sandbox_option
@json_option
def bugs(
    homeworks: tuple[str, ...],
    names: tuple[str, ...],
    jobs: int,
    part: str,
    no_cache: bool,
    write: bool,
    level: str | None,
    as_json: bool,
) -> None:
    """Plant the bugs of grader/bugs, one at a time, and see which tests find them.

    The hidden suite has to find every one and the public tests nine in ten; both have
    to accept every other right solution. Each finding is one line, with its place.
    """
    from grader.proof.bugs.hunt import hunt

    wanted = Slice.parse(part)
    if write and (names or wanted != ALL):
        raise CourseError("--write takes the whole table: leave --slice, --only away")
    course = Course.find()
    listed = homeworks_of(course, homeworks)
    found = []
    for name in listed:
        bench = _bench(course, name, level, not no_cache)
        entries, whole = _entries(bench, wanted, names)
        with bar(name, len(entries), wanted=not as_json) as tell:
            done = partial(_tell, tell)
            found.append(hunt(bench, entries, whole=whole, jobs=jobs, done=done))
    if as_json:
        show_json([each.as_json() for each in found])
    else:
        for each in found:
            _show(course, each)
    count = sum(len(each.findings()) for each in found)
    refuse_findings(count, f"the planted bugs of {', '.join(listed)}")
    if write:
        _write(course, found)


def _bench(course: Course, name: str, level: str | None, use_cache: bool) -> Bench:
    from grader.material import Material
    from grader.proof.bugs.plant import Garden
    from grader.proof.bugs.trial import Bench
    from grader.sandbox import best

    material = Material.from_course(course, name)
    garden = Garden(course, material.homework)
    return Bench(garden, material, chosen_sandbox(level) or best(), use_cache)


def _entries(
    bench: Bench, wanted: Slice, names: Sequence[str]
) -> tuple[list[Planted], bool]:
    """Return the entries asked for, and whether these are all."""
    from grader.proof.bugs.catalogue import read_catalogue

    entries = read_catalogue(bench.garden.course, bench.homework)
    questions = {question.name: question.id for question in bench.homework.questions}
    named = {questions.get(name, name) for name in names}
    unknown = named - {key for each in entries for key in (each.name, each.question)}
    if unknown:
        raise CourseError(
            f"the catalogue of {bench.homework.name} has no entry and no question "
            f"{', '.join(sorted(unknown))}; grader/bugs/{bench.homework.name} lists all"
        )
    chosen = [
        each
        for each in entries
        if f"{bench.homework.name}/{each.name}" in wanted
        and (not named or named & {each.name, each.question})
    ]
    return chosen, len(chosen) == len(entries)


def _tell(tell: Callable[[str], None], result: Result) -> None:
    tell(result.entry.name)


def _show(course: Course, found: Hunt) -> None:
    from rich.table import Table

    from grader.proof.bugs.table import HEADS, rows, survivors
    from grader.report.terminal import console

    table = Table(title=found.homework, title_justify="left", box=None)
    for number, head in enumerate(HEADS):
        table.add_column(head, justify="right" if number else "left")
    for row in rows(course.homework(found.homework), found):
        table.add_row(*row.cells())
    console().print(table)
    for result, why in survivors(found):
        click.echo(f"left to the hidden suite: {result.entry.name}: {why}")
    for finding in found.findings():
        click.echo(str(finding))


def _write(course: Course, found: list[Hunt]) -> None:
    from grader.proof.bugs.table import block, sources
    from grader.proof.page import PAGE, write_block

    for each in found:
        homework = course.homework(each.homework)
        key = sources(course, homework.name)
        write_block(course, f"bugs {homework.name}", key, block(homework, each))
    click.echo(f"written to {PAGE}", err=True)
