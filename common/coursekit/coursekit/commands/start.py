"""``course start``: make a student's own copy of a homework."""

from __future__ import annotations

from pathlib import Path

import click

from coursekit.console import print_json, shown, working
from coursekit.course import Course
from coursekit.homework import Homework
from coursekit.staging import NONE, render, write_folder
from coursekit.staging.folder import refuse_occupied
from coursekit.staging.manifest import with_pristine


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
    refuse_occupied(dest)
    with working(f"Making your copy of {homework}"):
        write_folder(with_pristine(render(course, description, NONE)), dest)
    if as_json:
        print_json({"homework": homework, "folder": str(dest)})
    else:
        _say_what_next(description, dest)


def _say_what_next(homework: Homework, dest: Path) -> None:
    first = homework.questions[0].name
    click.echo(f"Your copy of {homework.name} ({homework.title}) is {shown(dest)}.")
    click.echo(
        f"  cd {shown(dest)}                  # read handout.md, or open the notebook"
    )
    click.echo(f"  python3 -m pytest -k {first}      # fails until you have written it")
    click.echo(f"  grader submit {homework.name} -k {first}")
