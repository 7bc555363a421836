"""``grader report``: read a report again, on the terminal or in a browser."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click
from coursekit.errors import CourseError

from grader.commands.opening import library_for
from grader.commands.options import json_option, show_json, student_option
from grader.person import student_name

if TYPE_CHECKING:
    from grader.report.html import Page
    from grader.result import GradeResult
    from grader.store.database import Store
    from grader.store.facts import Entry


@click.command()
@click.argument("which", required=False, metavar="[ID|HOMEWORK]")
@click.option(
    "--html",
    "html_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report into this file, which needs nothing else.",
)
@click.option("--open", "in_browser", is_flag=True, help="Show it in your browser.")
@student_option
@json_option
def report(
    *,
    which: str | None,
    html_file: Path | None,
    in_browser: bool,
    student: str | None,
    as_json: bool,
) -> None:
    """Show the last report, that of a homework, or that of submission ID."""
    from grader.store import history
    from grader.store.database import Store

    store = Store.open()
    entry = _entry(store, which, student_name(student))
    result = history.result(store, entry.number)
    if html_file is not None or in_browser:
        path = _write(store, entry, result, html_file)
        if in_browser:
            webbrowser.open(path.as_uri())
        click.echo(f"Written to {path}", err=as_json)
    if as_json:
        show_json(
            {"submission": entry.number, "result": result.model_dump(mode="json")}
        )
    elif html_file is None and not in_browser:
        _show(entry, result)


def _entry(store: Store, which: str | None, student: str) -> Entry:
    from grader.store import history

    if which is not None and which.isdecimal():
        return history.entry(store, int(which))
    number = history.latest_graded(store, student=student, homework=which)
    if number is None:
        what = f"of {which} " if which else ""
        raise CourseError(
            f"{student} has no graded submission {what}yet. `grader submit` makes one; "
            "--as NAME shows someone else's."
        )
    return history.entry(store, number)


def _write(
    store: Store, entry: Entry, result: GradeResult, html_file: Path | None
) -> Path:
    from grader import home
    from grader.files import write_whole
    from grader.report.html import render

    path = html_file or home.folder("reports") / f"{entry.number}.html"
    write_whole(path, render(page(store, entry), result))
    return path.absolute()


def page(store: Store, entry: Entry) -> Page:
    """Return what the page of a submission says besides its verdicts."""
    from grader.report.html import Page
    from grader.standing import Standing
    from grader.store.gradebook import gradebook

    library = library_for()
    homework = library.homework(entry.homework)
    counts = library.policy(homework.name).counts
    scores = gradebook(store, homework.name, student=entry.student, counts=counts)
    return Page(
        title=homework.title,
        student=entry.student,
        submitted_at=entry.submitted_at,
        number=entry.number,
        standing=Standing.of(homework, scores),
    )


def _show(entry: Entry, result: GradeResult) -> None:
    from grader.report import terminal
    from grader.report.text import when

    out = terminal.console()
    out.print(f"{entry.homework}  submission {entry.number} by {entry.student}", end="")
    out.print(f", {when(entry.submitted_at)}", style="dim")
    out.print()
    out.print(terminal.report(result, every=True))
