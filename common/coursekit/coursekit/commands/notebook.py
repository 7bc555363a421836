"""``course notebook``: write a homework's notebook, or run it headless."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coursekit.console import print_json
from coursekit.errors import CourseError

if TYPE_CHECKING:
    from coursekit.course import Course

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.argument("homework")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write.")
@click.option("--execute", "run", is_flag=True, help="Run it, and keep the outputs.")
@click.option("--folder", type=_FOLDER, help="With --execute: the folder to run it in.")
@click.option("--seconds", default=600, show_default=True, help="Limit of one cell.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def notebook(
    *,
    homework: str,
    output: Path | None,
    run: bool,
    folder: Path | None,
    seconds: int,
    as_json: bool,
) -> None:
    """Write HOMEWORK's notebook, as built from its handout.

    With --execute every cell is run without a browser, by default in a temporary folder
    that holds the reference solution; a cell that fails is shown with its line. The
    result is then kept only where -o says so.
    """
    from coursekit.course import Course

    course = Course.find()
    content = _build(course, homework)
    if output is None and not run:
        output = Path(f"{homework}.ipynb")
    if output is not None:
        _refuse_other(output, content)
    if run:
        with _folder(course, homework, folder) as place:
            content = _execute(content, place, seconds)
    if output is not None:
        _write(output, content)
    _report(homework, content, output, executed=run, as_json=as_json)


def _build(course: Course, homework: str) -> bytes:
    """Build the notebook from the handout in the source tree."""
    from coursekit.notebook import build

    handout = course.source(homework) / "handout.md"
    if not handout.is_file():
        raise CourseError(
            f"{handout}: there is no such file; the notebook is made of it"
        )
    text = handout.read_text(encoding="utf-8")
    return build(course, course.homework(homework), text, course.version)


@contextmanager
def _folder(course: Course, homework: str, folder: Path | None) -> Iterator[Path]:
    """Yield the folder to run in: the one given, or the reference, which goes again."""
    if folder is not None:
        yield folder.resolve()
        return
    from coursekit.staging import ALL, render, write_folder

    with tempfile.TemporaryDirectory(prefix="course-notebook-") as scratch:
        place = Path(scratch) / homework
        write_folder(render(course, course.homework(homework), ALL), place)
        yield place


def _execute(content: bytes, folder: Path, seconds: int) -> bytes:
    """Run the notebook with a progress bar on the terminal."""
    from rich.console import Console
    from rich.progress import Progress

    from coursekit.notebook import execute

    with Progress(console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task("Running cells")

        def show(done: int, total: int) -> None:
            bars.update(bar, completed=done, total=total)

        return execute(content, folder, seconds=seconds, progress=show)


def _refuse_other(path: Path, content: bytes) -> None:
    """Refuse to replace a file that may hold somebody's answers."""
    if path.exists() and (not path.is_file() or path.read_bytes() != content):
        raise CourseError(
            f"{path}: exists and is not this notebook as built, so it was left alone."
            " Name another file with -o, or move it away."
        )


def _write(path: Path, content: bytes) -> None:
    """Write the file whole, or leave what was there."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CourseError(f"{path}: cannot be written ({error.strerror})") from error


def _report(
    homework: str, content: bytes, path: Path | None, *, executed: bool, as_json: bool
) -> None:
    """Say what was done."""
    cells = len(json.loads(content)["cells"])
    if as_json:
        result = {
            "homework": homework,
            "cells": cells,
            "executed": executed,
            "path": None if path is None else str(path),
        }
        print_json(result)
        return
    ran = "; every cell ran" if executed else ""
    kept = "" if path is None else f", written to {path}"
    click.echo(f"{homework}: {cells} cells{ran}{kept}.")
