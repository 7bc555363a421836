"""What goes into the store and comes out, as plain data that needs no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Counts = Literal["best", "latest"]


@dataclass(frozen=True)
class Arrival:
    """A submission as it comes in, before anything has run."""

    student: str
    homework: str
    version: str
    suite: str
    source: str
    files: Mapping[str, bytes]
    questions: Sequence[str]
    mode: str = "upload"
    submitted_at: datetime | None = None  # None: now
    notes: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Score:
    """What counts for one student and one question, and where it comes from."""

    student: str
    homework: str
    question: str
    title: str
    points: float
    earned: float
    submission: int
    submitted_at: datetime


@dataclass(frozen=True)
class Entry:
    """One line of a student's history."""

    number: int
    student: str
    homework: str
    questions: list[str]
    submitted_at: datetime
    state: str  # of the store, or "interrupted": its grading died on the way
    earned: float | None
    points: float | None
    error: str | None


def totals(scores: Sequence[Score]) -> dict[str, dict[str, list[Score]]]:
    """Group scores by student, then homework, keeping their order."""
    grouped: dict[str, dict[str, list[Score]]] = defaultdict(lambda: defaultdict(list))
    for score in scores:
        grouped[score.student][score.homework].append(score)
    return {student: dict(rest) for student, rest in grouped.items()}
