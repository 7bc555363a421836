"""Grade a submission and record it, so that nothing graded is ever lost."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from coursekit.errors import CourseError

from grader.engine import Event, Progress, grade
from grader.result import GradeResult

if TYPE_CHECKING:
    from grader.material import Material
    from grader.sandbox import Sandbox
    from grader.store.database import Store
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


def hand_in(order: Order, progress: Progress | None = None) -> tuple[int, GradeResult]:
    """Record, grade, record the verdicts; return the submission's number and them.

    The arrival is written while the box starts: importing the database's library takes
    as long as that.
    """
    with ThreadPoolExecutor(1) as pool:
        arrival = pool.submit(_arrive, order)
        try:
            result = _grade(order, progress, arrival)
        except BaseException as error:
            _failed(arrival, error)
            raise
        store, number = arrival.result()
        pool.submit(_finish, store, number, result).result()
    return number, result


def only_grade(order: Order, progress: Progress | None = None) -> GradeResult:
    """Grade without a trace in the gradebook."""
    return _grade(order, progress, None)


def _grade(
    order: Order, progress: Progress | None, arrival: Future[tuple[Store, int]] | None
) -> GradeResult:
    def report(event: Event) -> None:
        # A gradebook that cannot be written stops the grading, not only its end.
        if arrival is not None and arrival.done():
            arrival.result()
        if progress is not None:
            progress(event)

    return grade(
        order.material,
        order.submission,
        questions=order.questions,
        seed=order.seed,
        sandbox=order.sandbox,
        progress=report,
    )


def _arrive(order: Order) -> tuple[Store, int]:
    from grader.store import record
    from grader.store.database import Store

    store = Store.open()
    if order.number is not None:
        record.claim(store, order.number)
        return store, order.number
    arrival = record.Arrival(
        student=order.student,
        homework=order.material.homework.name,
        version=order.material.version,
        suite=order.material.suite,
        source=order.submission.digest,
        files=order.submission.files,
        questions=order.questions,
        submitted_at=order.submitted_at,
        notes=order.submission.notes,
    )
    return store, record.receive(store, arrival, grade_now=True)


def _finish(store: Store, number: int, result: GradeResult) -> None:
    from grader.store import record

    record.finish(store, number, result)


def _failed(arrival: Future[tuple[Store, int]], error: BaseException) -> None:
    """Leave the reason with the submission, unless recording itself was it."""
    from grader.store import record

    if arrival.exception() is not None:
        return
    store, number = arrival.result()
    said = str(error) if isinstance(error, CourseError) else type(error).__name__
    record.fail(store, number, said or "stopped")
