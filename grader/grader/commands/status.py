"""``grader status``: what you handed in, what you have, what is left."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from grader.commands.opening import library_for
from grader.commands.options import json_option, show_json, student_option
from grader.person import student_name

if TYPE_CHECKING:
    from rich.table import Table

    from grader.library import Library
    from grader.standing import Standing
    from grader.store.database import Store
    from grader.store.facts import Entry

SHOWN = 10


@click.command()
@click.argument("homework", required=False)
@student_option
@json_option
def status(*, homework: str | None, student: str | None, as_json: bool) -> None:
    """Show your submissions and your points, for HOMEWORK or for all."""
    from grader.store import history
    from grader.store.database import Store

    name = student_name(student)
    library = library_for()
    store = Store.open()
    entries = history.entries(store, student=name, homework=homework)
    standings = [
        _standing(store, library, each, name)
        for each in ([homework] if homework else library.names())
        if homework or any(entry.homework == each for entry in entries)
    ]
    if as_json:
        show_json(_json(name, entries, standings))
    else:
        _show(name, entries, standings)


def _standing(store: Store, library: Library, name: str, student: str) -> Standing:
    from grader.standing import Standing
    from grader.store.gradebook import gradebook

    homework, counts = library.homework(name), library.policy(name).counts
    scores = gradebook(store, name, student=student, counts=counts)
    return Standing.of(homework, scores)


def _json(
    name: str, entries: list[Entry], standings: list[Standing]
) -> dict[str, object]:
    return {
        "student": name,
        "submissions": [
            {**asdict(entry), "submitted_at": entry.submitted_at.isoformat()}
            for entry in entries
        ],
        "standings": [standing.as_json() for standing in standings],
    }


def _show(name: str, entries: list[Entry], standings: list[Standing]) -> None:
    from grader.report.standing import table, upcoming
    from grader.report.terminal import console

    out = console()
    if not entries:
        out.print(f"{name} has handed in nothing yet. `grader submit hw0` does it.")
        return
    out.print(_history(entries[-SHOWN:]))
    if len(entries) > SHOWN:
        out.print(f"... and {len(entries) - SHOWN} earlier ones", style="dim")
    for entry in entries:
        if entry.state in ("interrupted", "failed"):
            again = f"`grader grade --submission {entry.number}`"
            out.print(f"{entry.number} was {entry.state}: {again} grades it.")
    for standing in standings:
        out.print()
        out.print(f"{standing.homework.name}  {standing.homework.title}", style="bold")
        out.print(table(standing))
        out.print(upcoming(standing))


def _history(entries: list[Entry]) -> Table:
    from rich.table import Table
    from rich.text import Text

    from grader.report.text import points, short, when

    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    shown.add_column("No.", justify="right")
    shown.add_column("Handed in")
    shown.add_column("Homework")
    shown.add_column("Points", justify="right")
    shown.add_column("Questions")
    for entry in entries:
        score = entry.state
        if entry.earned is not None and entry.points is not None:
            score = f"{points(entry.earned)} / {points(entry.points)}"
        asked = ", ".join(short(question) for question in entry.questions)
        shown.add_row(
            str(entry.number),
            when(entry.submitted_at),
            entry.homework,
            Text(score, style="" if entry.state == "graded" else "yellow"),
            Text(asked, overflow="ellipsis", no_wrap=True),
        )
    return shown
