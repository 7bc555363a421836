"""``grader submit``: hand in your own work and read what broke and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from coursekit.errors import CourseError
from coursekit.student import StudentFolder

from grader.commands.opening import (
    chosen_sandbox,
    course_for,
    material_for,
    public_tests,
)
from grader.commands.options import (
    expression_option,
    json_option,
    sandbox_option,
    show_json,
    student_option,
)
from grader.hand_in import Order, hand_in
from grader.person import student_name
from grader.read import read_submission
from grader.select import select_questions

if TYPE_CHECKING:
    from grader.result import GradeResult
    from grader.standing import Standing


@click.command()
@click.argument("homework", required=False)
@expression_option
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder you work in, where it is not the usual one.",
)
@sandbox_option
@student_option
@json_option
def submit(
    *,
    homework: str | None,
    expression: str | None,
    folder: Path | None,
    level: str | None,
    student: str | None,
    as_json: bool,
) -> None:
    """Grade your work on HOMEWORK (hw0, hw1, ...) and record the result.

    Inside a homework's folder its name may be left out.
    """
    from grader.report.progress import live
    from grader.report.terminal import console

    order = _order(homework, folder, expression, student_name(student), level)
    with live(console(stderr=True)) as progress:
        number, result = hand_in(order, None if as_json else progress)
    standing, counts = _standing(order)
    if as_json:
        show_json(
            {
                "submission": number,
                "student": order.student,
                "result": result.model_dump(mode="json"),
                "standing": standing.as_json(),
            }
        )
    else:
        _show(order, number, result, standing, counts)


def _order(
    homework: str | None,
    folder: Path | None,
    expression: str | None,
    student: str,
    level: str | None,
) -> Order:
    found = StudentFolder.find(folder if folder is not None else homework)
    if folder is not None and homework not in (None, found.homework):
        raise CourseError(f"{folder} is a folder of {found.homework}, not {homework}.")
    material = material_for(found.homework, found.path)
    return Order(
        student=student,
        material=material,
        questions=select_questions(
            material.homework, public_tests(found.homework, found.path), expression
        ),
        submission=read_submission(found.path, material.homework),
        sandbox=chosen_sandbox(level),
    )


def _standing(order: Order) -> tuple[Standing, str]:
    from grader.standing import Standing
    from grader.store.database import Store
    from grader.store.gradebook import gradebook

    homework = order.material.homework
    counts = course_for().config.grading.counts
    scores = gradebook(
        Store.open(), homework.name, student=order.student, counts=counts
    )
    return Standing.of(homework, scores), counts


def _show(
    order: Order, number: int, result: GradeResult, standing: Standing, counts: str
) -> None:
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
