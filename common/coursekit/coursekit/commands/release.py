"""``course release``: write the bundle that students get."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from coursekit.console import print_json, shown, working
from coursekit.course import Course
from coursekit.errors import CourseError
from coursekit.leaks import find_leaks, refuse_leaks
from coursekit.release import build_wheels, bundle, zip_bytes
from coursekit.staging.manifest import MANIFEST, digest
from coursekit.staging.refresh import refresh_folder


@click.command()
@click.argument("homework", metavar="hwN")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="DIST",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where hwN/ and hwN.zip are written.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def release(homework: str, output: Path, as_json: bool) -> None:
    """Write a homework's bundle for students: DIST/hwN and DIST/hwN.zip.

    It holds the homework, our packages as wheels and a README, and works alone. It
    holds no solution and no hidden suite; that is checked before it is written.
    """
    course = Course.find()
    description = course.homework(homework)
    dist = output.absolute()
    archive = dist / f"{homework}.zip"
    _refuse_foreign(archive, dist / homework)
    with working("Building the wheels of our packages"):
        files = bundle(course, description, build_wheels(course))
    with working("Looking for solutions in what students get"):
        leaks = find_leaks(course, description, files)
        refuse_leaks(leaks, f"the bundle of {homework}")
    refresh_folder(files, dist / homework)
    content = zip_bytes(files, homework)
    _write(archive, content)
    if as_json:
        result = {
            "homework": homework,
            "folder": str(dist / homework),
            "zip": str(archive),
            "bytes": len(content),
            "sha256": digest(content),
        }
        print_json(result)
    else:
        size = f"{len(content) / 1e6:.1f} MB"
        click.echo(f"The bundle of {homework} is {shown(dist / homework)}/")
        click.echo(f"and, as one file, {shown(archive)} ({size}).")


def _refuse_foreign(archive: Path, folder: Path) -> None:
    """Replace an archive only beside the folder that an earlier release wrote."""
    if archive.exists() and not (folder / MANIFEST).is_file():
        raise CourseError(
            f"{shown(archive)} is there already and no earlier release wrote it: the"
            f" folder {folder.name}/ that goes with it is missing. Move it away, or"
            " name another folder with -o. Nothing was written."
        )


def _write(path: Path, content: bytes) -> None:
    """Write a file under another name first, so that a cut leaves no half of it."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary = Path(name)
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise CourseError(f"{path}: could not be written: {error.strerror}") from error
    finally:
        Path(name).unlink(missing_ok=True)
