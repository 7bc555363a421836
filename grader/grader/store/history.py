"""Read back submissions: what was handed in, how far it came, what the report said."""

from __future__ import annotations

from collections.abc import Sequence

from coursekit.errors import CourseError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grader.result import CaseResult, GradeResult, Grafted, QuestionResult, SandboxInfo
from grader.store import worker
from grader.store.database import Store
from grader.store.facts import Entry
from grader.store.models import (
    BlobRow,
    CaseResultRow,
    QuestionResultRow,
    StudentRow,
    SubmissionFileRow,
    SubmissionRow,
)


def entries(
    store: Store, *, student: str | None = None, homework: str | None = None
) -> list[Entry]:
    """Return submissions, the newest last."""
    query = select(SubmissionRow).order_by(SubmissionRow.id)
    if student is not None:
        query = query.join(StudentRow).where(StudentRow.name == student)
    if homework is not None:
        query = query.where(SubmissionRow.homework == homework)
    with store.read() as session:
        sums = _sums(session)
        return [_entry(row, sums) for row in session.scalars(query)]


def entry(store: Store, number: int) -> Entry:
    """Return one submission's line."""
    with store.read() as session:
        return _entry(_row(session, number), _sums(session, number))


def latest_graded(
    store: Store, *, student: str, homework: str | None = None
) -> int | None:
    """Return the number of a student's newest graded submission."""
    query = (
        select(func.max(SubmissionRow.id))
        .join(StudentRow)
        .where(StudentRow.name == student, SubmissionRow.state == "graded")
    )
    if homework is not None:
        query = query.where(SubmissionRow.homework == homework)
    with store.read() as session:
        return session.scalar(query)


def same(
    store: Store,
    *,
    student: str,
    homework: str,
    source: str,
    suite: str,
    questions: Sequence[str],
) -> Entry | None:
    """Return the newest submission of the same files, suite and questions, if any.

    None if other files were graded since: who goes back to an earlier version hands it
    in anew, and where the latest counts it has to be the latest again.
    """
    query = (
        select(SubmissionRow)
        .join(StudentRow)
        .where(StudentRow.name == student, SubmissionRow.homework == homework)
        .order_by(SubmissionRow.submitted_at.desc(), SubmissionRow.id.desc())
    )
    with store.read() as session:
        for row in session.scalars(query):
            if row.source != source and row.state == "graded":
                return None
            if (row.source, row.suite, row.questions) == (
                source,
                suite,
                list(questions),
            ):
                return _entry(row, _sums(session, row.id))
    return None


def files(store: Store, number: int) -> dict[str, bytes]:
    """Return the files of a submission as they were handed in."""
    query = (
        select(SubmissionFileRow.path, BlobRow.content)
        .join(BlobRow, BlobRow.digest == SubmissionFileRow.digest)
        .where(SubmissionFileRow.submission_id == number)
    )
    with store.read() as session:
        return {row.path: row.content for row in session.execute(query)}


def result(store: Store, number: int) -> GradeResult:
    """Return the verdicts of a graded submission, as the engine gave them."""
    with store.read() as session:
        row = _row(session, number)
        if row.state != "graded":
            state = _entry(row, {}).state
            raise CourseError(
                f"submission {number} has no report: it is {state}. "
                f"`grader grade --submission {number}` grades it."
            )
        assert row.seed and row.sandbox and row.started_at
        return GradeResult(
            homework=row.homework,
            version=row.version,
            suite=row.suite,
            seed=row.seed,
            sandbox=SandboxInfo(
                name=row.sandbox, enforces=row.enforces, lacks=row.lacks
            ),
            questions=_questions(session, number),
            started_at=row.started_at,
            wall_seconds=row.wall_seconds or 0.0,
            cpu_seconds=row.cpu_seconds or 0.0,
            notes=row.notes,
        )


def _questions(session: Session, number: int) -> list[QuestionResult]:
    cases: dict[str, list[CaseResult]] = {}
    found = session.scalars(
        select(CaseResultRow)
        .where(CaseResultRow.submission_id == number)
        .order_by(CaseResultRow.position)
    )
    for row in found:
        fields = {name: getattr(row, name) for name in CaseResult.model_fields}
        cases.setdefault(row.question, []).append(CaseResult(**fields))
    questions = session.scalars(
        select(QuestionResultRow)
        .where(QuestionResultRow.submission_id == number)
        .order_by(QuestionResultRow.position)
    )
    return [
        QuestionResult(
            id=row.question,
            title=row.title,
            points=row.points,
            earned=row.earned,
            cases=cases.get(row.question, []),
            grafted=Grafted(**row.grafted) if row.grafted else None,
        )
        for row in questions
    ]


def _row(session: Session, number: int) -> SubmissionRow:
    row = session.get(SubmissionRow, number)
    if row is None:
        raise CourseError(
            f"there is no submission {number}. `grader status` lists those there are."
        )
    return row


def _sums(
    session: Session, number: int | None = None
) -> dict[int, tuple[float, float]]:
    question = QuestionResultRow
    query = select(
        question.submission_id, func.sum(question.earned), func.sum(question.points)
    ).group_by(question.submission_id)
    if number is not None:
        query = query.where(question.submission_id == number)
    return {key: (earned, points) for key, earned, points in session.execute(query)}


def _entry(row: SubmissionRow, sums: dict[int, tuple[float, float]]) -> Entry:
    dead = row.state == "grading" and not worker.alive(row.worker)
    earned, points = sums.get(row.id, (None, None))
    return Entry(
        number=row.id,
        student=row.student.name,
        homework=row.homework,
        questions=row.questions,
        submitted_at=row.submitted_at,
        state="interrupted" if dead else row.state,
        earned=earned,
        points=points,
        error=row.error,
    )
