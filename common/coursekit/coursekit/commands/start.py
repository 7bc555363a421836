"""``course start``: make a student's own copy of a homework."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from coursekit.console import print_json, shown, working
from coursekit.course import Course
from coursekit.errors import CourseError
from coursekit.homework import Homework
from coursekit.staging import NONE, render, write_folder
from coursekit.staging.folder import refuse_occupied
from coursekit.staging.manifest import with_pristine
from coursekit.student import StudentFolder
from coursekit.words import words_for


@click.command()
@click.argument("homework", metavar="hwN")
@click.argument(
    "folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def start(homework: str, folder: Path | None, as_json: bool) -> None:
    """Make your own copy of a homework in DIR (default: work/hwN of the clone).

    An existing folder with anything in it is never touched.
    """
    course = Course.find()
    description = course.homework(homework)
    dest = (folder or course.work(homework)).absolute()
    _refuse_started(description, dest)
    refuse_occupied(dest)
    with working(f"Making your copy of {homework}"):
        write_folder(with_pristine(render(course, description, NONE)), dest)
    if as_json:
        print_json({"homework": homework, "folder": str(dest)})
    else:
        _say_what_next(description, dest)


def _refuse_started(homework: Homework, dest: Path) -> None:
    """Point to the copy that is already there: the usual reason for a second start."""
    there = StudentFolder.at(dest)
    if there is not None and there.homework == homework.name:
        raise CourseError(
            f"{dest}: your copy of {homework.name} is there already, so nothing was"
            f" written. Go on there; `course update {homework.name}` brings it up to"
            " date. For a second copy name another folder: course start"
            f" {homework.name} DIR"
        )


def _say_what_next(homework: Homework, dest: Path) -> None:
    first = shlex.quote(words_for(homework.questions[0]))
    steps = {
        f"cd {_quoted(dest)}": "read handout.md, or open the notebook",
        f"python3 -m pytest -k {first}": "fails until you have written it",
        f"grader submit {homework.name} -k {first}": "the hidden tests",
    }
    width = max(map(len, steps))
    click.echo(f"Your copy of {homework.name} ({homework.title}) is {shown(dest)}.")
    for command, why in steps.items():
        click.echo(f"  {command:{width}}  # {why}")


def _quoted(path: Path) -> str:
    return shlex.quote(shown(path))
