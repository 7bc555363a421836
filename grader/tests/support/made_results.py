"""Results made by hand, for tests of what comes after grading."""

from __future__ import annotations

from datetime import datetime, timezone
from itertools import groupby
from typing import Any

from grader.result import CaseResult, GradeResult, QuestionResult, SandboxInfo
from grader.store import worker
from grader.store.facts import Arrival

ME = worker.me()
WHEN = datetime(2026, 2, 3, 4, 5, 6, 789000, tzinfo=timezone.utc)


def case(name: str, **other: Any) -> CaseResult:
    """Return a case that passed with one point, unless told otherwise."""
    fields: dict[str, Any] = {"status": "passed", "points": 1.0, **other}
    fields.setdefault("earned", fields["points"] * (fields["status"] == "passed"))
    fields.setdefault("question", "hw0.add")
    fields.setdefault("title", f"The case {name}")
    return CaseResult(name=name, cpu_seconds=0.01, wall_seconds=0.02, **fields)


def graded(*cases: CaseResult, **other: Any) -> GradeResult:
    """Return a result with these cases, grouped by their questions."""
    questions = [
        _question(name, list(each))
        for name, each in groupby(cases, lambda case: case.question)
    ]
    fields: dict[str, Any] = {
        "homework": "hw0",
        "version": "2026.1",
        "suite": "5" * 64,
        "seed": "00ff00ff00ff00ff",
        "sandbox": SandboxInfo(name="user", enforces=["no network"], lacks=["cgroup"]),
        "started_at": WHEN,
        "wall_seconds": 1.5,
        "cpu_seconds": 0.25,
        "notes": ["notes.txt was left out"],
        **other,
    }
    return GradeResult(questions=questions, **fields)


def _question(name: str, cases: list[CaseResult]) -> QuestionResult:
    return QuestionResult(
        id=name,
        title=f"About {name}",
        points=sum(case.points for case in cases),
        earned=sum(case.earned for case in cases),
        cases=cases,
    )


def arrival(**other: Any) -> Arrival:
    """Return an arrival of one small file by Ada."""
    fields: dict[str, Any] = {
        "student": "Ada",
        "homework": "hw0",
        "version": "2026.1",
        "suite": "5" * 64,
        "source": "a" * 64,
        "files": {"src/simple_ml.py": b"def add(x, y):\n    return x + y\n"},
        "questions": ["hw0.add"],
        **other,
    }
    return Arrival(**fields)
