"""What ``grader submit`` does, apart from the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click
from coursekit.errors import CourseError
from coursekit.student import StudentFolder
from coursekit.versions import is_older

from grader import ahead
from grader.commands.opening import chosen_sandbox, library_for
from grader.commands.options import show_json
from grader.hand_in import Order, hand_in
from grader.material import Material
from grader.person import student_name
from grader.read import read_submission
from grader.report.progress import live
from grader.result import GradeResult
from grader.select import select_questions
from grader.standing import Standing
from grader.store.apart import Apart


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    homework: str | None
    folder: Path | None
    expression: str | None
    student: str | None
    level: str | None
    as_json: bool


def run(wanted: Wanted, desk: Apart) -> None:
    """Hand in, show what came of it, and where the student stands now."""
    found = _folder(wanted)
    library = library_for(found.path)
    order = _order(wanted, found, library.material(found.homework))
    with live(wanted=not wanted.as_json) as progress:
        number, result = hand_in(order, desk, progress)
    homework, counts = order.material.homework, order.material.policy.counts
    scores = desk.scores(homework.name, order.student, counts)
    standing = Standing.of(homework, scores)
    _note_other_version(found.manifest.version, order.material.version)
    if wanted.as_json:
        show_json(_json(order, number, result, standing))
    else:
        _show(order, number, result, standing, counts)
    ahead.start(library.word, homework.name, order.questions)


def _folder(wanted: Wanted) -> StudentFolder:
    folder, homework = wanted.folder, wanted.homework
    found = StudentFolder.find(folder if folder is not None else homework)
    if folder is not None and homework not in (None, found.homework):
        raise CourseError(f"{folder} is a folder of {found.homework}, not {homework}.")
    return found


def _order(wanted: Wanted, found: StudentFolder, material: Material) -> Order:
    homework = material.homework
    return Order(
        student=student_name(wanted.student),
        material=material,
        questions=select_questions(homework, material.tests, wanted.expression),
        submission=read_submission(found.path, homework),
        sandbox=chosen_sandbox(wanted.level),
    )


def _note_other_version(mine: str, theirs: str) -> None:
    """Say that the grader's folder is of another version; grading is fair all the same.

    The student's files were laid over the folder of the grader's version.
    """
    if mine == theirs:
        return
    todo = "`course update` brings your folder up to date, and CHANGELOG.md says how."
    if is_older(theirs, mine):
        todo = "What grades here is the older one: bring the clone or the grading pack "
        todo += "up to date (`git pull`, or `grader install` of a newer pack)."
    click.echo(
        f"Note: your folder is of version {mine}; your files were graded in a folder "
        f"of version {theirs}. {todo}",
        err=True,
    )


def _json(
    order: Order, number: int, result: GradeResult, standing: Standing
) -> dict[str, object]:
    return {
        "submission": number,
        "student": order.student,
        "result": result.model_dump(mode="json"),
        "standing": standing.as_json(),
    }


def _show(
    order: Order, number: int, result: GradeResult, standing: Standing, counts: str
) -> None:
    # Only now: a program that reads the JSON need not wait for these.
    from grader.report.standing import summary
    from grader.report.terminal import console, report

    out = console()
    homework = order.material.homework
    out.print(f"{homework.name}  {homework.title}", style="bold", end="")
    out.print(f"  submission {number} by {order.student}", style="dim")
    out.print()
    out.print(report(result))
    out.print()
    for line in summary(standing, result, counts):
        out.print(line)
