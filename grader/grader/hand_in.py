"""Grade a submission and record it, so that nothing graded is ever lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from coursekit.errors import CourseError

from grader.engine import grade
from grader.progress import Event, Progress
from grader.result import GradeResult
from grader.store.desk import Again, Desk
from grader.store.facts import Arrival

if TYPE_CHECKING:
    from grader.material import Material
    from grader.sandbox import Sandbox
    from grader.submission import Submission


@dataclass(frozen=True)
class Order:
    """What to grade, for whom, and how."""

    student: str
    material: Material
    submission: Submission
    questions: Sequence[str]
    sandbox: Sandbox | None = None
    seed: int | None = None
    number: int | None = None  # of a submission in the store that is to be graded again
    submitted_at: datetime | None = None  # None: now


def hand_in(
    order: Order, desk: Desk, progress: Progress | None = None
) -> tuple[int, GradeResult]:
    """Record, grade, record the verdicts; return the submission's number and them."""
    desk.arrive(_arrival(order))

    def report(event: Event) -> None:
        # A gradebook that cannot be written stops the grading, not only its end.
        if desk.arrived():
            desk.number()
        if progress is not None:
            progress(event)

    try:
        result = only_grade(order, report)
        number = desk.number()
    except BaseException as error:
        _failed(desk, error)
        raise
    desk.finish(result)
    return number, result


def only_grade(order: Order, progress: Progress | None = None) -> GradeResult:
    """Grade without a trace in the gradebook."""
    return grade(
        order.material,
        order.submission,
        questions=order.questions,
        seed=order.seed,
        sandbox=order.sandbox,
        progress=progress,
    )


def _arrival(order: Order) -> Arrival | Again:
    if order.number is not None:
        return Again(order.number)
    return Arrival(
        student=order.student,
        homework=order.material.homework.name,
        version=order.material.version,
        suite=order.material.suite,
        source=order.submission.digest,
        files=dict(order.submission.files),
        questions=list(order.questions),
        submitted_at=order.submitted_at,
        notes=order.submission.notes,
    )


def _failed(desk: Desk, error: BaseException) -> None:
    """Leave the reason with the submission, unless recording itself was it."""
    said = str(error) if isinstance(error, CourseError) else type(error).__name__
    if isinstance(error, KeyboardInterrupt):
        said = "stopped from the keyboard"
    try:
        desk.fail(said)
    except CourseError:
        return  # the error on its way up says more
