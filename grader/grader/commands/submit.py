"""``grader submit``: hand in your own work and read what broke and why."""

from __future__ import annotations

from pathlib import Path

import click

from grader.commands.options import (
    expression_option,
    json_option,
    sandbox_option,
    student_option,
)


@click.command()
@click.argument("homework", required=False)
@expression_option
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder you work in, where it is not the usual one.",
)
@sandbox_option
@student_option
@json_option
def submit(
    *,
    homework: str | None,
    expression: str | None,
    folder: Path | None,
    level: str | None,
    student: str | None,
    as_json: bool,
) -> None:
    """Grade your work on HOMEWORK (hw0, hw1, ...) and record the result.

    Inside a homework's folder its name may be left out.
    """
    from grader.store.apart import Apart

    # First of all, so that it gets ready while this process imports the rest.
    with Apart() as desk:
        from grader.commands.submitting import Wanted, run

        wanted = Wanted(homework, folder, expression, student, level, as_json)
        run(wanted, desk)
