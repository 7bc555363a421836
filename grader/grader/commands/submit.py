"""``grader submit``: hand in your own work and read what broke and why."""

from __future__ import annotations

import gc
from contextlib import suppress
from pathlib import Path
from threading import Thread

import click

from grader.commands.options import (
    expression_option,
    json_option,
    sandbox_option,
    student_option,
)


def _try_sandbox(level: str | None) -> None:
    """Find out which walls work here: it takes a process, and is remembered."""
    from grader import sandbox

    # What goes wrong is said by whoever needs the sandbox, later.
    with suppress(Exception):
        sandbox.by_name(level) if level else sandbox.best()


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

    # First of all, so that both get ready while this process imports the rest.
    trying = Thread(target=_try_sandbox, args=(level,), daemon=True)
    with Apart() as desk:
        trying.start()
        gc.disable()  # imports make much that lives and no garbage to look for
        from grader.commands.submitting import Wanted, run

        gc.enable()
        trying.join()
        wanted = Wanted(homework, folder, expression, student, level, as_json)
        run(wanted, desk)
