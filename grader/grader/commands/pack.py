"""``grader pack``: put all that grading a homework needs into one file."""

from __future__ import annotations

from pathlib import Path

import click
from coursekit.console import shown, working
from coursekit.errors import CourseError

from grader.commands.options import json_option, show_json


@click.command()
@click.argument("homework", metavar="hwN")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The folder to write it into, or the file itself (NAME.zip). Default: here.",
)
@json_option
def pack(*, homework: str, out: Path, as_json: bool) -> None:
    """Write the grading pack of a homework: its hidden cases and its reference.

    Whoever has it can grade the homework without the repository, after `grader install
    FILE`. It holds every solution: give it to those alone who may see them.
    """
    from coursekit.course import Course

    from grader.files import write_whole_bytes
    from grader.pack.contents import sha256
    from grader.pack.make import make_pack, pack_name

    course = Course.find()
    course.homework(homework)
    place = _place(out, pack_name(homework, course.version))
    _refuse_foreign(place, homework)
    with working(f"Packing {homework}"):
        data = make_pack(course, homework)
    write_whole_bytes(place, data)
    if as_json:
        show_json(
            {
                "homework": homework,
                "version": course.version,
                "file": str(place.absolute()),
                "bytes": len(data),
                "sha256": sha256(data),
            }
        )
        return
    click.echo(f"The grading pack of {homework} is {shown(place.absolute())}")
    click.echo(f"SHA-256: {sha256(data)}")
    click.echo("It holds the solutions. Publish the digest where those who install it")
    click.echo(f"can read it: grader install {place.name} --sha256 DIGEST")


def _place(out: Path, name: str) -> Path:
    return out if out.suffix == ".zip" and not out.is_dir() else out / name


def _refuse_foreign(place: Path, homework: str) -> None:
    """Replace nothing but an earlier pack of the same homework."""
    from grader.pack.installed import read

    if not place.exists():
        return
    try:
        same = read(place).index.homework.name == homework
    except CourseError:
        same = False
    if not same:
        raise CourseError(
            f"{shown(place.absolute())} is there already and is no pack of {homework}. "
            "Move it away, or name another file with -o. Nothing was written."
        )
