"""Write down what was handed in and what became of it, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from hashlib import sha256

from coursekit.errors import CourseError
from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.result import GradeResult
from grader.store import worker
from grader.store.database import Store
from grader.store.facts import Arrival
from grader.store.models import (
    BlobRow,
    CaseResultRow,
    QuestionResultRow,
    StateChangeRow,
    StudentRow,
    SubmissionFileRow,
    SubmissionRow,
)


def receive(store: Store, arrival: Arrival, by: str | None = None) -> int:
    """Record an arrival and its files; return its number.

    It is queued, or being graded ``by`` a process; it is on the disk in any case.
    """
    with store.write() as session:
        row = _submission(session, arrival)
        _files(session, row.id, arrival.files)
        _enter(session, row, "queued")
        if by is not None:
            row.worker = by
            _enter(session, row, "grading")
        return row.id


def claim(store: Store, number: int, by: str) -> None:
    """Take a submission that is queued, failed or interrupted, to grade it."""
    with store.write() as session:
        row = _get(session, number)
        if row.state == "grading" and worker.alive(row.worker):
            raise CourseError(
                f"submission {number} is being graded by another command. Wait for it."
            )
        if row.state == "graded":
            raise CourseError(f"submission {number} is graded already.")
        note = "taken again after an interruption" if row.state == "grading" else ""
        row.worker = by
        row.error = None
        _enter(session, row, "grading", note)


def finish(store: Store, number: int, result: GradeResult, by: str) -> None:
    """Record the verdicts. When this returns, they are on the disk."""
    with store.write() as session:
        row = _mine(session, number, by)
        row.seed = result.seed
        row.sandbox = result.sandbox.name
        row.enforces = list(result.sandbox.enforces)
        row.lacks = list(result.sandbox.lacks)
        row.notes = list(result.notes)
        row.started_at = result.started_at
        row.wall_seconds = result.wall_seconds
        row.cpu_seconds = result.cpu_seconds
        row.suite = result.suite
        _verdicts(session, number, result)
        _enter(session, row, "graded")


def fail(store: Store, number: int, error: str, by: str) -> None:
    """Record that grading itself failed: no points are lost or given by that."""
    with store.write() as session:
        row = _mine(session, number, by)
        row.error = error
        _enter(session, row, "failed", error)


def _submission(session: Session, arrival: Arrival) -> SubmissionRow:
    row = SubmissionRow(
        student_id=_student(session, arrival.student).id,
        homework=arrival.homework,
        version=arrival.version,
        suite=arrival.suite,
        mode=arrival.mode,
        source=arrival.source,
        questions=list(arrival.questions),
        submitted_at=arrival.submitted_at or _now(),
        state="queued",
        enforces=[],
        lacks=[],
        notes=list(arrival.notes),
    )
    session.add(row)
    session.flush()
    return row


def _student(session: Session, name: str) -> StudentRow:
    row = session.scalar(select(StudentRow).where(StudentRow.name == name))
    if row is None:
        row = StudentRow(name=name, created_at=_now())
        session.add(row)
        session.flush()
    return row


def _files(session: Session, number: int, files: Mapping[str, bytes]) -> None:
    for path, content in sorted(files.items()):
        digest = sha256(content).hexdigest()
        if session.get(BlobRow, digest) is None:
            session.add(BlobRow(digest=digest, content=content))
            session.flush()
        session.add(SubmissionFileRow(submission_id=number, path=path, digest=digest))


def _verdicts(session: Session, number: int, result: GradeResult) -> None:
    position = 0
    for place, question in enumerate(result.questions):
        session.add(
            QuestionResultRow(
                submission_id=number,
                position=place,
                question=question.id,
                title=question.title,
                points=question.points,
                earned=question.earned,
                grafted=question.grafted and question.grafted.model_dump(),
            )
        )
        for case in question.cases:
            session.add(
                CaseResultRow(
                    submission_id=number, position=position, **case.model_dump()
                )
            )
            position += 1


def _enter(session: Session, row: SubmissionRow, state: str, note: str = "") -> None:
    row.state = state
    session.add(StateChangeRow(submission_id=row.id, state=state, at=_now(), note=note))


def _get(session: Session, number: int) -> SubmissionRow:
    row = session.get(SubmissionRow, number)
    if row is None:
        raise CourseError(
            f"there is no submission {number}. `grader status` lists those there are."
        )
    return row


def _mine(session: Session, number: int, by: str) -> SubmissionRow:
    row = _get(session, number)
    if row.state != "grading" or row.worker != by:
        raise CourseError(
            f"submission {number} was taken over by another command while this one "
            "graded it; that one's result counts."
        )
    return row


def _now() -> datetime:
    return datetime.now(timezone.utc)
