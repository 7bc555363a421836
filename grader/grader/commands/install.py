"""``grader install``: install grading packs, list them, take them away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from coursekit.errors import CourseError

from grader.commands.options import json_option, show_json

if TYPE_CHECKING:
    from grader.pack.contents import Pack
    from grader.pack.installed import Installed


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--sha256",
    metavar="DIGEST",
    help="Install only if the file's digest is the one that was published.",
)
@click.option("--list", "listing", is_flag=True, help="List the installed packs.")
@click.option("--remove", metavar="hwN", help="Take the pack of a homework away.")
@json_option
def install(
    *,
    file: Path | None,
    sha256: str | None,
    listing: bool,
    remove: str | None,
    as_json: bool,
) -> None:
    """Install FILE, the grading pack of a homework, so that `grader submit` works.

    Installing the same pack again changes nothing; another one takes its place.
    """
    if [file is not None, listing, remove is not None].count(True) != 1:
        raise CourseError("name one pack's FILE, or --list, or --remove hwN.")
    if sha256 is not None and file is None:
        raise CourseError("--sha256 goes together with the FILE that has the digest.")
    if listing:
        _list(as_json=as_json)
    elif remove is not None:
        _remove(remove, as_json=as_json)
    elif file is not None:
        _install(file, sha256, as_json=as_json)


def _install(file: Path, expected: str | None, *, as_json: bool) -> None:
    from grader.pack import installed

    done = installed.install(file, expected)
    if as_json:
        show_json({**_facts(done.pack), "change": done.change})
    else:
        click.echo(_said(done))
        click.echo(f"SHA-256: {done.pack.sha256}")


def _said(done: Installed) -> str:
    from coursekit.versions import is_older

    index = done.pack.index
    name, version = index.homework.name, index.version
    if done.change == "same":
        return f"This very pack of {name} (version {version}) is installed already."
    if done.change == "new":
        return (
            f"Installed the grading pack of {name}, version {version}: "
            f"{len(index.cases)} hidden cases, {index.homework.points} points."
        )
    said = f"Installed the grading pack of {name}, version {version}, in place of "
    if done.before is None:
        return f"{said}one that was damaged."
    old = done.before.index
    older = " It is older than that one." if is_older(version, old.version) else ""
    other = f" That one was of another course, {old.course}."
    return f"{said}{old.version}.{older}{other if old.course != index.course else ''}"


def _remove(homework: str, *, as_json: bool) -> None:
    from grader.pack import installed

    installed.remove(homework)
    if as_json:
        show_json({"removed": homework})
    else:
        click.echo(f"Removed the grading pack of {homework}.")


def _list(*, as_json: bool) -> None:
    from grader.pack import installed

    rows = [_row(name) for name in installed.names()]
    if as_json:
        show_json({"packs": rows})
    elif not rows:
        click.echo("No grading pack is installed.")
    for row in [] if as_json else rows:
        click.echo(_line(row))


def _row(homework: str) -> dict[str, object]:
    from grader.pack import installed

    try:
        return _facts(installed.load(homework))
    except CourseError as error:
        return {"homework": homework, "problem": str(error)}


def _line(row: dict[str, object]) -> str:
    if "problem" in row:
        return f"{row['homework']}  {row['problem']} Install it again."
    return (
        f"{row['homework']}  {row['version']:10}  {row['title']}  "
        f"({row['cases']} cases, {row['points']} points)\n"
        f"     {row['sha256']}"
    )


def _facts(pack: Pack) -> dict[str, object]:
    index = pack.index
    return {
        "homework": index.homework.name,
        "title": index.homework.title,
        "version": index.version,
        "course": index.course,
        "cases": len(index.cases),
        "points": index.homework.points,
        "made_by": index.made_by,
        "sha256": pack.sha256,
    }
