"""What the proofs' commands share: their options, and how findings are shown."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click
from coursekit.console import can_redraw
from coursekit.course import Course
from coursekit.errors import CourseError

from grader.proof.finding import Finding

CommandT = TypeVar("CommandT", bound=Callable[..., Any])


def homeworks_argument(command: CommandT) -> CommandT:
    """Add ``[HW]...``: all homeworks by default."""
    return click.argument("homeworks", nargs=-1, metavar="[HW]...")(command)


def slice_option(command: CommandT) -> CommandT:
    """Add ``--slice K/N``."""
    text = "Only this part, e.g. 2/6; commit/6 lets the commit choose. Default: all."
    return click.option("--slice", "part", metavar="K/N", default="all", help=text)(
        command
    )


def cache_option(command: CommandT) -> CommandT:
    """Add ``--no-cache``."""
    text = "Run everything, also what was run before and has not changed."
    return click.option("--no-cache", is_flag=True, help=text)(command)


def write_option(command: CommandT) -> CommandT:
    """Add ``--write``."""
    text = "Write the table in docs/proof.md when nothing is wrong."
    return click.option("--write", is_flag=True, help=text)(command)


def jobs_option(command: CommandT) -> CommandT:
    """Add ``--jobs N``."""
    return click.option(
        "--jobs",
        type=click.IntRange(min=1),
        default=lambda: os.cpu_count() or 1,
        show_default="one a processor",
        help="How many at once.",
    )(command)


@contextmanager
def bar(name: str, total: int, *, wanted: bool) -> Iterator[Callable[[str], None]]:
    """Yield what moves a bar by one, saying by what; it is gone when all is done."""
    if not wanted or not can_redraw():
        yield lambda _: None
        return
    from rich.progress import Progress

    from grader.report.terminal import console

    with Progress(console=console(stderr=True), transient=True) as shown:
        task = shown.add_task(name, total=total)
        yield lambda done: shown.update(
            task, advance=1, description=f"{name} {done}".rstrip()
        )


def homeworks_of(course: Course, names: tuple[str, ...]) -> list[str]:
    """Return the homeworks named, all by default; refuse one that is not there."""
    return [course.homework(n).name for n in names or course.config.course.homeworks]


def findings_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings for ``--json``."""
    return [{"file": f.file, "line": f.line, "what": f.what} for f in findings]


def refuse_findings(count: int, what: str) -> None:
    """End the command with status 1 if anything was found."""
    if count:
        things = "1 thing is" if count == 1 else f"{count} things are"
        raise CourseError(f"{things} wrong with {what}; each is told above")
