"""``grader grade``: grade somebody's work, or a whole folder of it."""

from __future__ import annotations

import os
from pathlib import Path

import click
from coursekit.errors import CourseError

from grader.commands import grade_many, grade_one
from grader.commands.options import (
    expression_option,
    json_option,
    sandbox_option,
    student_option,
)
from grader.commands.seed import Seed


def _folder(**other: bool) -> click.Path:
    return click.Path(path_type=Path, **other)


@click.command()
@click.argument("path", required=False, type=_folder(exists=True))
@click.option(
    "--all",
    "every",
    type=_folder(exists=True, file_okay=False),
    help="Grade each folder and each .zip file in this one.",
)
@click.option("--hw", "homework", help="The homework, where the folder does not tell.")
@expression_option
@student_option
@sandbox_option
@click.option("--seed", type=Seed(), help="Draw the inputs of an earlier run again.")
@click.option("--no-store", is_flag=True, help="Leave no trace in the gradebook.")
@click.option(
    "--submission",
    "number",
    type=int,
    metavar="ID",
    help="Grade the kept files of an earlier submission.",
)
@click.option(
    "-o", "--out", type=_folder(file_okay=False), help="With --all: where to write."
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=lambda: os.cpu_count() or 1,
    show_default="one a processor",
    help="With --all: how many at once.",
)
@click.option("--again", is_flag=True, help="With --all: also what is graded already.")
@json_option
@click.pass_context
def grade(context: click.Context, /, **_: object) -> None:
    """Grade PATH, a folder or a zip archive, or with --all every one in a folder."""
    given = context.params
    chosen = [name for name in ("path", "every", "number") if given[name] is not None]
    if len(chosen) != 1:
        raise CourseError(
            "say what to grade: one FOLDER or ZIP, or --all FOLDER for the submissions "
            "in it, or --submission ID for one that is kept."
        )
    if chosen == ["every"]:
        grade_many.run(grade_many.Wanted.of(given))
    else:
        grade_one.run(grade_one.Wanted.of(given))
