"""Grade one submission for the command ``grader grade``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursekit.errors import CourseError

from grader.commands.opening import chosen_sandbox, library_for, names_in
from grader.commands.options import show_json
from grader.hand_in import Order, hand_in, only_grade
from grader.intake.claim import claimed_homework
from grader.person import student_name
from grader.read import read_submission
from grader.select import select_questions
from grader.store.apart import Apart
from grader.text import line

if TYPE_CHECKING:
    from grader.library import Library
    from grader.result import GradeResult


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    path: Path | None
    number: int | None
    homework: str | None
    expression: str | None
    student: str | None
    level: str | None
    seed: int | None
    no_store: bool
    as_json: bool

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Wanted:
        """Pick the parameters of the command that matter here."""
        return cls(**{name: given[name] for name in cls.__dataclass_fields__})


def run(wanted: Wanted) -> None:
    """Grade, record unless told otherwise, show."""
    from grader.report.progress import live

    order = _kept(wanted) if wanted.number is not None else _order(wanted)
    number = None
    with live(wanted=not wanted.as_json) as progress:
        if wanted.no_store:
            result = only_grade(order, progress)
        else:
            with Apart() as desk:
                number, result = hand_in(order, desk, progress)
    if wanted.as_json:
        data = result.model_dump(mode="json")
        show_json({"submission": number, "student": order.student, "result": data})
    else:
        _show(order, number, result)
    _refuse_unjudged(result)


def _refuse_unjudged(result: GradeResult) -> None:
    """Let no script take for a grade what could not be graded."""
    cases = [case for question in result.questions for case in question.cases]
    names = [case.name for case in cases if case.status == "environment"]
    if names:
        raise CourseError(
            f"{len(names)} of {len(cases)} cases could not be judged: "
            f"{', '.join(names[:5])}{' ...' if names[5:] else ''}. The notes say why; "
            "most often the case fails on the reference."
        )


def _order(wanted: Wanted) -> Order:
    assert wanted.path is not None
    library = library_for(wanted.path, foreign=True)
    material = library.material(wanted.homework or homework_of(wanted.path, library))
    homework = material.homework
    return Order(
        student=student_name(wanted.student),
        material=material,
        submission=read_submission(wanted.path, homework),
        questions=select_questions(homework, material.tests, wanted.expression),
        sandbox=chosen_sandbox(wanted.level),
        seed=wanted.seed,
    )


def _kept(wanted: Wanted) -> Order:
    """Return an order for files that the store has kept.

    One whose grading never ended is finished; one that was graded is graded anew beside
    the old result, with the time at which it was handed in.
    """
    from grader.store import history
    from grader.store.database import Store
    from grader.submission import Submission

    assert wanted.number is not None
    store = Store.open()
    entry = history.entry(store, wanted.number)
    material = library_for().material(entry.homework)
    again: datetime | None = entry.submitted_at if entry.state == "graded" else None
    return Order(
        student=entry.student,
        material=material,
        submission=Submission.from_files(history.files(store, wanted.number)),
        questions=entry.questions,
        sandbox=chosen_sandbox(wanted.level),
        seed=wanted.seed,
        number=None if again else wanted.number,
        submitted_at=again,
    )


def homework_of(path: Path, library: Library) -> str:
    """Return the homework that a folder says it is, or the only one there is."""
    homeworks = names_in(library)
    claimed = claimed_homework(path)
    if claimed in homeworks:
        return claimed
    add = f"add --hw with one of {', '.join(homeworks)}"
    if claimed:  # graded as another, it would be worth nothing
        raise CourseError(
            f"{path} says that it is {line(claimed, 40)}, which cannot be graded here. "
            f"If it is not: {add}. If it is, install its grading pack, or grade it "
            "where that homework is."
        )
    if len(homeworks) == 1:
        return homeworks[0]
    raise CourseError(f"{path} does not say which homework it is: {add}.")


def _show(order: Order, number: int | None, result: GradeResult) -> None:
    from grader.report.terminal import console, report

    out = console()
    kept = "not recorded" if number is None else f"submission {number}"
    homework = order.material.homework
    out.print(f"{homework.name}  {homework.title}", style="bold", end="")
    out.print(f"  {kept}, {order.student}", style="dim")
    out.print()
    out.print(report(result))
