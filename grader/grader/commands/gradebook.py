"""``grader gradebook``: everyone's points."""

from __future__ import annotations

from pathlib import Path

import click

from grader.commands.opening import library_for, names_in
from grader.commands.options import json_option, show_json


@click.command()
@click.argument("homework", required=False)
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write a CSV file for a spreadsheet.",
)
@json_option
def gradebook(*, homework: str | None, csv_file: Path | None, as_json: bool) -> None:
    """Show everyone's points, for HOMEWORK by question or for the whole course."""
    from grader.files import write_whole
    from grader.report import gradebook as book
    from grader.report.terminal import console
    from grader.store.database import Store
    from grader.store.gradebook import gradebook as query

    library = library_for()
    names = [homework] if homework else names_in(library)
    homeworks = [library.homework(name) for name in names]
    store = Store.open()
    scores = [
        score
        for name in names
        for score in query(store, name, counts=library.policy(name).counts)
    ]
    found = book.rows(scores)
    if csv_file is not None:
        write_whole(csv_file, book.as_csv(homeworks, found))
    if as_json:
        show_json(book.as_json(homeworks, found))
        return
    out = console()
    if not found:
        out.print(f"The gradebook {store.path} has no graded submission yet.")
        return
    out.print(book.table(homeworks, found))
    if len(homeworks) == 1:
        out.print(book.legend(homeworks[0]))
    if csv_file is not None:
        out.print(f"Written to {csv_file}")
