"""The outcome of one grading run, as ``--json`` prints it and the store keeps it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, computed_field

Status = Literal[
    "passed",
    "wrong",  # an answer arrived and is not the right one
    "error",  # the student's code raised an exception
    "crashed",  # the process ended before the case did
    "timeout",
    "missing",  # an answer, or the file that should give it, is not there
    "not_written",  # the stub is still in place
    "build_failed",
    "environment",  # not the student's doing: the grader or the machine failed
]
STATUSES: tuple[Status, ...] = get_args(Status)


class Model(BaseModel):
    """Refuse unknown keys; results do not change once made."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CaseResult(Model):
    """One case: what was asked, what became of it, what the student is told."""

    name: str
    title: str
    question: str
    points: float
    earned: float
    status: Status
    message: str = ""  # one readable paragraph; empty when passed
    details: list[str] = []  # further lines: frames, other answers, build messages
    output: str = ""  # what the student's code printed, bounded and made harmless
    witnessed: bool = False  # rests on answers that only the child could know
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0


class Grafted(Model):
    """A question's failed cases, run again with the reference in the earlier parts.

    Only which of them pass then: what the student's code prints or does beside
    another's solutions is nobody's to see.
    """

    replaced: list[str] = []  # the questions in which the reference stood
    passed: list[str] = []  # cases that failed before
    earned: float = 0.0  # of the question, with these
    counts: bool = False  # the course lets the better result count, and this is it
    trouble: str = ""  # why it could not be tried; the rest is empty then


class QuestionResult(Model):
    """The cases of one question.

    ``earned`` is what counts: the sum over the cases, unless the grafted run counts.
    """

    id: str
    title: str
    points: float
    earned: float
    cases: list[CaseResult]
    grafted: Grafted | None = None  # None: there was nothing to try


class SandboxInfo(Model):
    """The walls around the student's code: what they hold and what they do not."""

    name: str
    enforces: list[str]
    lacks: list[str]


class GradeResult(Model):
    """One graded submission."""

    homework: str
    version: str
    suite: str  # digest of the hidden suite
    seed: str  # 64 bits, hexadecimal
    sandbox: SandboxInfo
    questions: list[QuestionResult]
    started_at: datetime
    wall_seconds: float
    cpu_seconds: float = 0.0  # of the student's cases alone
    notes: list[str] = []

    @computed_field  # type: ignore[prop-decorator]
    @property
    def points(self) -> float:
        """Return the points that could be had."""
        return sum(question.points for question in self.questions)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def earned(self) -> float:
        """Return the points earned."""
        return sum(question.earned for question in self.questions)
