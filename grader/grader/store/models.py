"""The tables, as SQLAlchemy classes; `migrations/` builds the same step by step."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

STATES = ("queued", "grading", "graded", "failed")
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(TypeDecorator[datetime]):
    """Keep an aware time as UTC; SQLite itself would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Convert to UTC; refuse a time that does not say its zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("the store keeps only times that say their zone")
        return value and value.astimezone(timezone.utc)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Return an aware UTC time."""
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=timezone.utc)
        return value


class Base(DeclarativeBase):
    """What all tables share."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UtcTime, float: Double}  # noqa: RUF012


class StudentRow(Base):
    """A person, or in a batch the name of a submission's folder."""

    __tablename__ = "students"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255), unique=True)
    created_at: Mapped[datetime]


class SubmissionRow(Base):
    """One upload: who, what, when, and how far its grading has come."""

    __tablename__ = "submissions"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_submissions_student_homework", "student_id", "homework"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    homework: Mapped[str] = mapped_column(String(50))
    version: Mapped[str] = mapped_column(String(50))
    suite: Mapped[str] = mapped_column(String(64))
    mode: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(64), index=True)
    questions: Mapped[list[str]] = mapped_column(JSON)
    submitted_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    worker: Mapped[str | None] = mapped_column(String(255))
    # From here on: known once graded.
    seed: Mapped[str | None] = mapped_column(String(20))
    sandbox: Mapped[str | None] = mapped_column(String(20))
    enforces: Mapped[list[str]] = mapped_column(JSON)
    lacks: Mapped[list[str]] = mapped_column(JSON)
    notes: Mapped[list[str]] = mapped_column(JSON)
    started_at: Mapped[datetime | None]
    wall_seconds: Mapped[float | None]
    cpu_seconds: Mapped[float | None]
    error: Mapped[str | None] = mapped_column(Text)

    student: Mapped[StudentRow] = relationship(lazy="joined", innerjoin=True)


class BlobRow(Base):
    """The content of a submitted file, kept once however often it is handed in."""

    __tablename__ = "blobs"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class SubmissionFileRow(Base):
    """A file of a submission, so that what was graded can always be seen again."""

    __tablename__ = "submission_files"
    __table_args__ = (UniqueConstraint("submission_id", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    path: Mapped[str] = mapped_column(String(1024))
    digest: Mapped[str] = mapped_column(ForeignKey("blobs.digest"))


class QuestionResultRow(Base):
    """What a graded submission earned in one question."""

    __tablename__ = "question_results"
    __table_args__ = (UniqueConstraint("submission_id", "question"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    position: Mapped[int]
    question: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(Text)
    points: Mapped[float]
    earned: Mapped[float]  # what counts
    grafted: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class CaseResultRow(Base):
    """The verdict on one case."""

    __tablename__ = "case_results"
    __table_args__ = (UniqueConstraint("submission_id", "question", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    position: Mapped[int]
    question: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(Text)
    points: Mapped[float]
    earned: Mapped[float]
    status: Mapped[str] = mapped_column(String(20))
    message: Mapped[str] = mapped_column(Text)
    details: Mapped[list[str]] = mapped_column(JSON)
    output: Mapped[str] = mapped_column(Text)
    witnessed: Mapped[bool]
    cpu_seconds: Mapped[float]
    wall_seconds: Mapped[float]


class StateChangeRow(Base):
    """A step in a submission's life; rows are only ever added."""

    __tablename__ = "state_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)
