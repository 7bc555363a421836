"""``course solution``: render a homework with its solutions."""

from __future__ import annotations

from pathlib import Path

import click

from coursekit.console import print_json, shown, working
from coursekit.course import Course
from coursekit.errors import CourseError
from coursekit.staging import ALL, Manifest, Solved, render
from coursekit.staging.refresh import refresh_folder


@click.command()
@click.argument("homework", metavar="hwN")
@click.option("--upto", metavar="QUESTION", help="Solve only up to this question.")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder to write: new, empty, or written by this command and unedited.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def solution(homework: str, upto: str | None, output: Path, as_json: bool) -> None:
    """Write a homework with its reference solutions into DIR."""
    course = Course.find()
    dest = output.absolute()
    solved: Solved = ALL
    if upto is not None:
        solved = course.upto(course.homework(homework).question(upto))
    _refuse_foreign(dest)
    with working(f"Rendering the solution of {homework}"):
        done = refresh_folder(render(course, homework, solved), dest)
    if as_json:
        result = {"homework": homework, "folder": str(dest), "changed": done.changed}
        print_json(result)
    else:
        extent = f"up to {upto}" if upto else "complete"
        click.echo(f"The solution of {homework}, {extent}, is {shown(dest)}.")


def _refuse_foreign(dest: Path) -> None:
    """Refuse to write over anything but a solution that this command wrote."""
    if not dest.exists():
        return
    if not dest.is_dir():
        raise CourseError(f"{dest}: is in the way and not a folder; choose another")
    manifest = Manifest.of_folder(dest)
    if any(dest.iterdir()) and (manifest is None or not manifest.solved):
        raise CourseError(
            f"{dest}: is not empty and not a solution that this command wrote, so"
            " nothing was changed. Choose another folder."
        )
