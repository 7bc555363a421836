"""Grade hostile submissions by the real way in, and say what they achieved."""

from __future__ import annotations

import io
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import attack_course
import attack_handins
import attack_secrets
import attack_traces
import gradebox
import made_results
import pytest
from attack_listeners import Listeners
from attack_records import Attack, Variant
from attack_secrets import Planted
from coursekit.errors import CourseError
from grader.box import write_files
from grader.engine import grade, select
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
from grader.submission import Submission
from rich.console import Console

PLACES = ("home", "tmp", "cwd", "user", "incoming", "kit")
SLACK = 60.0  # seconds for what is not the attack: boxes, a machine under load
ACTING = re.compile(  # on a terminal: controls, and marks that turn text around
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


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
class Range:
    """A grader with a gradebook, somebody else's work in it, and secrets around it."""

    base: Path
    seed: int

    @classmethod
    def open(cls, base: Path) -> Range:
        """Furnish a folder, once."""
        for name in PLACES:
            (base / name).mkdir(parents=True, exist_ok=True)
        own = Path(gradebox.__file__).parent
        shutil.copytree(own, base / "kit" / "gradebox", dirs_exist_ok=True)
        return cls(base, secrets.randbits(64))

    def enter(self, monkeypatch: pytest.MonkeyPatch) -> Range:
        """Make its folders those of the process."""
        monkeypatch.setenv("GRADER_HOME", str(self.base / "home"))
        monkeypatch.setenv("HOME", str(self.base / "user"))
        monkeypatch.setenv("TMPDIR", str(self.base / "tmp"))
        monkeypatch.setattr(tempfile, "tempdir", str(self.base / "tmp"))
        monkeypatch.chdir(self.base / "cwd")
        # What boxes are given as the kit: a copy, which nobody else changes.
        kit = self.base / "kit" / "gradebox" / "__init__.py"
        monkeypatch.setattr(gradebox, "__file__", str(kit))
        return self

    @cached_property
    def store(self) -> Store:
        """Return the gradebook."""
        return Store.open(self.base / "home" / "gradebook.sqlite3")

    @cached_property
    def other_submission(self) -> str:
        """Return what only another student's graded submission holds."""
        secret = attack_secrets.new_secret()
        desk = Here(self.store)
        text = f"def add(x, y):\n    return '{secret}'\n".encode()
        desk.arrive(
            made_results.arrival(student="Zoë", files={"src/simple_ml.py": text})
        )
        case = made_results.case("add_numbers", output=secret, status="wrong")
        desk.finish(made_results.graded(case))
        return secret

    def attack(
        self,
        attack: Attack,
        variant: Variant,
        sandbox: Sandbox,
        *,
        material: Material | None = None,
        whole: bool = False,
    ) -> Outcome:
        """Grade one hostile submission and an honest one after it."""
        material = material or attack_course.material(
            variant.seconds, variant.build_seconds, variant.memory_mb
        )
        outcome = Outcome()
        with ExitStack() as stack:
            stack.enter_context(attack_traces.adopting())
            planted = stack.enter_context(self._planted())
            ears = stack.enter_context(Listeners(self.base))
            path = self._incoming(attack, variant, {**_facts(planted), **ears.facts})
            trying = _Attempt(self, variant, material, sandbox, path, planted)
            trying.run(outcome)
            outcome.broken += [f"{each} from inside" for each in ears.heard]
            outcome.broken += self._next_job(sandbox, whole=whole)
        return outcome

    @contextmanager
    def _planted(self) -> Iterator[Planted]:
        folders = [self.base / name for name in ("home", "tmp", "cwd", "user")]
        folders += [Path("/tmp"), Path("/var/tmp")]
        with attack_secrets.planted(folders, self.other_submission) as planted:
            yield planted

    def _incoming(
        self, attack: Attack, variant: Variant, facts: Mapping[str, object]
    ) -> Path:
        """Write what is handed in."""
        path = self.base / "incoming" / f"{attack.number:02}-{variant.name}"
        path = path.with_name(f"{path.name}-{secrets.token_hex(3)}")
        if variant.made_by:
            make = getattr(attack_handins, variant.made_by)
            made: Path = make(path, attack_course.honest())
            return made
        write_files(path, attack_course.hostile(attack, variant, facts))
        return path

    def _next_job(self, sandbox: Sandbox, *, whole: bool) -> list[str]:
        """Say what an honest submission lost that came right after."""
        result = grade(
            attack_course.material(),
            Submission.from_files(attack_course.honest()),
            questions=None if whole else ["hw0.add"],
            seed=self.seed,
            sandbox=sandbox,
        )
        return [
            f"the next submission: {case.name} {case.status}: {case.message}"
            for question in result.questions
            for case in question.cases
            if case.status != "passed"
        ]


def _facts(planted: Planted) -> dict[str, object]:
    """Return what an attack is told: its mark, and where a secret lies."""
    return {
        "MARK": f"{attack_traces.MARK}-{secrets.token_hex(4)}",
        "SECRET_FILE": str(planted.paths[-1]),
    }


@dataclass(frozen=True)
class _Attempt:
    """One attack on its way through the grader."""

    range: Range
    variant: Variant
    material: Material
    sandbox: Sandbox
    path: Path
    planted: Planted

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
        base = self.range.base
        folders = [base / name for name in PLACES]
        self.range.store  # noqa: B018 (opened before the first look)
        return attack_traces.take(folders, base / "home", before)

    def _hand_in(self) -> tuple[int, GradeResult]:
        order = Order(
            student=self.student,
            material=self.material,
            submission=read_submission(self.path, self.material.homework),
            questions=self.questions,
            sandbox=self.sandbox,
            seed=self.range.seed,
        )
        return hand_in(order, Here(self.range.store))

    def _too_long(self, seconds: float) -> list[str]:
        cases = select(self.material, self.questions)
        allowed = SLACK + sum(limits(self.material, case).seconds for case in cases)
        if any(map(self.material.is_built, cases)):
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
        scores = gradebook(self.range.store, "hw0", student=self.student)
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
            self.range.seed, [case.name for case in self.material.cases], text
        )
        right = kept(self.material, self.range.seed)
        for case in outcome.cases:
            if self._allowed(case) != ["passed"] and case.name in right:
                run = right[case.name]
                found += attack_secrets.expected_shown(run, text[case.name])
        acting = [name for name, shown in text.items() if ACTING.search(shown)]
        found += [f"{name} shows characters that act on a terminal" for name in acting]
        if f"<script>{attack_traces.MARK}" in views["page"]:
            found.append("the page runs the student's script")
        return list(dict.fromkeys(found))

    def _views(self, result: GradeResult, number: int) -> dict[str, str]:
        """Return all that a student can look at, as text."""
        stored = history.result(self.range.store, number)
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
