"""``course stage``: render the homeworks' folders from ``common/``."""

from __future__ import annotations

from typing import Any

import click

from coursekit.console import print_json, working
from coursekit.course import Course
from coursekit.errors import CourseError
from coursekit.leaks import find_leaks, in_sources, refuse_leaks
from coursekit.staging.check import Difference, differences, report
from coursekit.staging.complete import refuse_incomplete
from coursekit.staging.refresh import refresh_folder, refuse_edited
from coursekit.staging.render import finish, render_folder
from coursekit.staging.solved import NONE


@click.command()
@click.argument("homeworks", nargs=-1, metavar="[hwN]...")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 on a difference.")
@click.option("--force", is_flag=True, help="Keep edited files aside as NAME.orig-N.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def stage(homeworks: tuple[str, ...], check: bool, force: bool, as_json: bool) -> None:
    """Render hwN/ (all of them, or those named) from common/.

    Files that somebody edited in hwN/ are never overwritten: they are listed, and
    nothing changes.
    """
    course = Course.find()
    with working("Rendering"):
        names = homeworks or tuple(course.config.course.homeworks)
        rendered = {name: _render(course, name) for name in names}
    if check:
        _check(course, rendered, as_json=as_json)
    else:
        _stage(course, rendered, force=force, as_json=as_json)


def _render(course: Course, name: str) -> dict[str, bytes]:
    folder = render_folder(course, name, NONE)
    refuse_incomplete(folder)
    files = finish(folder)
    leaks = find_leaks(course, folder.homework, files)
    refuse_leaks(in_sources(leaks, folder.origins), f"{name}/")
    return files


def _stage(
    course: Course,
    rendered: dict[str, dict[str, bytes]],
    *,
    force: bool,
    as_json: bool,
) -> None:
    if not force:  # all or none of the homeworks
        for name, files in rendered.items():
            refuse_edited(files, course.staged(name))
    results: list[dict[str, Any]] = []
    for name, files in rendered.items():
        done = refresh_folder(files, course.staged(name), force=force)
        results.append(
            {"homework": name, "changed": done.changed, "backups": done.backups}
        )
        if not as_json:
            _say(name, done.changed, done.backups)
    if as_json:
        print_json(results)


def _say(name: str, changed: bool, backups: dict[str, str]) -> None:
    click.echo(f"{name}/ rendered" if changed else f"{name}/ is up to date")
    for path, backup in backups.items():
        click.echo(f"  your {path} is kept as {backup}")


def _check(
    course: Course, rendered: dict[str, dict[str, bytes]], *, as_json: bool
) -> None:
    found = {
        name: differences(files, course.staged(name))
        for name, files in rendered.items()
    }
    if as_json:
        print_json([_as_json(name, each) for name, each in found.items()])
    else:
        for name, each in found.items():
            for line in report(name, each):
                click.echo(line)
    wrong = [name for name, each in found.items() if each]
    if wrong:
        count = sum(map(len, found.values()))
        files = "1 file" if count == 1 else f"{count} files"
        verb = "differs" if count == 1 else "differ"
        raise CourseError(
            f"{files} in {', '.join(wrong)} {verb} from what common/ says: make the"
            " change in common/, then run `course stage`"
        )
    if not as_json:
        click.echo(f"{', '.join(found)}: as common/ says")


def _as_json(name: str, found: list[Difference]) -> dict[str, Any]:
    files = [{"path": each.path, "state": each.state} for each in found]
    return {"homework": name, "ok": not found, "files": files}
