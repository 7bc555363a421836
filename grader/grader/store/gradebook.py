"""Compute what each student has for each question, by one query over the verdicts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Subquery, exists, func, select

from grader.store.database import Store
from grader.store.facts import Counts, Score
from grader.store.models import (
    CaseResultRow,
    QuestionResultRow,
    StudentRow,
    SubmissionRow,
)


def gradebook(
    store: Store,
    homework: str | None = None,
    *,
    student: str | None = None,
    counts: Counts = "best",
) -> list[Score]:
    """Return the scores that count, by student, homework and the question's place."""
    ranked = _ranked(counts)
    query = select(ranked).where(ranked.c.place == 1)
    if homework is not None:
        query = query.where(ranked.c.homework == homework)
    if student is not None:
        query = query.where(ranked.c.student == student)
    query = query.order_by(
        ranked.c.student, ranked.c.homework, ranked.c.position, ranked.c.question
    )
    with store.read() as session:
        return [_score(row._mapping) for row in session.execute(query)]


def _score(row: Any) -> Score:
    fields = Score.__dataclass_fields__
    return Score(**{name: row[name] for name in fields})


def _ranked(counts: Counts) -> Subquery:
    """Number each student's attempts at a question, the one that counts first."""
    attempts = _attempts()
    newest = (attempts.c.submitted_at.desc(), attempts.c.submission.desc())
    # Of equally good attempts the first counts: it may have been the one in time.
    best = (
        attempts.c.earned.desc(),
        attempts.c.submitted_at,
        attempts.c.submission,
    )
    place = func.row_number().over(
        partition_by=(attempts.c.student, attempts.c.homework, attempts.c.question),
        order_by=best if counts == "best" else newest,
    )
    return select(attempts, place.label("place")).subquery()


def _attempts() -> Subquery:
    """Select every graded question of every submission.

    A question with a case that our own machinery could not judge is not an attempt:
    nobody loses points by it.
    """
    question, submission = QuestionResultRow, SubmissionRow
    troubled = exists().where(
        CaseResultRow.submission_id == question.submission_id,
        CaseResultRow.question == question.question,
        CaseResultRow.status == "environment",
    )
    return (
        select(
            StudentRow.name.label("student"),
            submission.homework,
            question.question,
            question.title,
            question.position,
            question.points,
            question.earned,
            submission.id.label("submission"),
            submission.submitted_at,
        )
        .select_from(question)
        .join(submission, submission.id == question.submission_id)
        .join(StudentRow, StudentRow.id == submission.student_id)
        .where(submission.state == "graded", ~troubled)
        .subquery()
    )
