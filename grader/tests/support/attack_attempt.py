"""One attack on its way through the grader, and the list of what it achieved."""

from __future__ import annotations

import io
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import attack_secrets
import attack_traces
from attack_records import Variant
from attack_secrets import Planted
from coursekit.errors import CourseError
from grader.engine import select
from grader.hand_in import Order, hand_in
from grader.material import Material
from grader.person import student_name
from grader.read import read_submission
from grader.reference import kept, limits
from grader.report.html import Page, render
from grader.report.terminal import report
from grader.result import CaseResult, GradeResult
from grader.sandbox import Sandbox
from grader.store import history
from grader.store.database import Store
from grader.store.desk import Here
from grader.store.gradebook import gradebook
from rich.console import Console

SLACK = 60.0  # seconds for what is not the attack: boxes, a machine under load
ACTING = re.compile(  # on a terminal: controls, and marks that turn text around
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


class Stand(Protocol):
    """Where the attack takes place."""

    @property
    def folders(self) -> list[Path]:
        """Return all that an attack could change; the first is the grader's own."""

    @property
    def seed(self) -> int:
        """Return the seed of every run."""

    @property
    def store(self) -> Store:
        """Return the gradebook."""


@dataclass
class Outcome:
    """What came of one attack: the grade, and every way in which it got through."""

    broken: list[str] = field(default_factory=list)
    result: GradeResult | None = None
    refused: str = ""

    @property
    def cases(self) -> list[CaseResult]:
        """Return the verdicts."""
        questions = self.result.questions if self.result else []
        return [case for question in questions for case in question.cases]


@dataclass(frozen=True)
class Attempt:
    """One attack on its way through the grader."""

    stand: Stand
    variant: Variant
    material: Material
    sandbox: Sandbox
    path: Path
    planted: Planted
    code: str  # the attacker's own; empty where there is an archive instead

    @property
    def student(self) -> str:
        return student_name(self.variant.student or self.path.name)

    @property
    def questions(self) -> list[str]:
        return [f"hw0.{name}" for name in self.variant.questions]

    def run(self, outcome: Outcome) -> None:
        """Hand in; note what is not as it should be."""
        before = self._traces()
        began = time.monotonic()
        try:
            number, outcome.result = self._hand_in()
        except CourseError as error:
            outcome.refused = str(error)
        seconds = time.monotonic() - began
        outcome.broken += before.changed(self._traces(before), self.variant.growth_mb)
        outcome.broken += self._too_long(seconds)
        if outcome.result is None:
            outcome.broken += self._refused(outcome.refused)
        else:
            outcome.broken += self._points(outcome)
            outcome.broken += self._shown(outcome, number)

    def _traces(
        self, before: attack_traces.Traces | None = None
    ) -> attack_traces.Traces:
        self.stand.store  # noqa: B018 (opened before the first look)
        folders = self.stand.folders
        return attack_traces.take(folders, folders[0], before)

    def _hand_in(self) -> tuple[int, GradeResult]:
        order = Order(
            student=self.student,
            material=self.material,
            submission=read_submission(self.path, self.material.homework),
            questions=self.questions,
            sandbox=self.sandbox,
            seed=self.stand.seed,
        )
        return hand_in(order, Here(self.stand.store))

    def _too_long(self, seconds: float) -> list[str]:
        cases = select(self.material, self.questions)
        allowed = SLACK + sum(limits(self.material, case).seconds for case in cases)
        if any(map(self.material.builds, cases)):
            allowed += self.variant.build_seconds
        if seconds <= allowed:
            return []
        return [f"held the grader up for {seconds:.0f} s where {allowed:.0f} s is all"]

    def _refused(self, said: str) -> list[str]:
        if self.variant.refused and re.search(self.variant.refused, said):
            return []
        return [f"was refused, unexpectedly: {said}"]

    def _points(self, outcome: Outcome) -> list[str]:
        """Say which cases did not come out as the honest part earned."""
        if self.variant.refused:
            return ["was graded and should have been refused"]
        found = []
        for case in outcome.cases:
            allowed = self._allowed(case)
            if case.status not in allowed:
                said = f"{case.status} instead of {' or '.join(allowed)}"
                found.append(f"points: {case.name} {said}: {case.message}")
            if case.earned != (case.points if case.status == "passed" else 0):
                found.append(f"points: {case.name} earned {case.earned}")
        scores = gradebook(self.stand.store, "hw0", student=self.student)
        assert outcome.result is not None
        if sum(score.earned for score in scores) != outcome.result.earned:
            found.append("points: the gradebook says otherwise than the report")
        return found

    def _allowed(self, case: CaseResult) -> list[str]:
        """Return the statuses that a case may have."""
        breaks = self.variant.breaks
        found = breaks.get(case.name) or breaks.get(case.question.partition(".")[2])
        return [found] if isinstance(found, str) else list(found or ["passed"])

    def _shown(self, outcome: Outcome, number: int) -> list[str]:
        """Say what the student sees that no student may."""
        assert outcome.result is not None
        text = {
            case.name: "\n".join([case.message, *case.details, case.output])
            for case in outcome.cases
        }
        views = self._views(outcome.result, number)
        found = [each for view in views.values() for each in self.planted.found(view)]
        found += attack_secrets.seeds_shown(
            self.stand.seed, [case.name for case in self.material.cases], text
        )
        right = kept(self.material, self.stand.seed)
        for case in outcome.cases:
            if self._allowed(case) != ["passed"] and case.name in right:
                run = right[case.name]
                found += attack_secrets.expected_shown(run, text[case.name], self.code)
        acting = [name for name, shown in text.items() if ACTING.search(shown)]
        found += [f"{name} shows characters that act on a terminal" for name in acting]
        if f"<script>{attack_traces.MARK}" in views["page"]:
            found.append("the page runs the student's script")
        return list(dict.fromkeys(found))

    def _views(self, result: GradeResult, number: int) -> dict[str, str]:
        """Return all that a student can look at, as text."""
        stored = history.result(self.stand.store, number)
        page = Page("hw0", self.student, stored.started_at, number)
        screen = io.StringIO()
        Console(file=screen, width=80, markup=False, emoji=False).print(
            report(result, every=True)
        )
        return {
            "terminal": screen.getvalue(),
            "json": result.model_dump_json(),
            "stored": stored.model_dump_json(),
            "page": render(page, stored),
        }
