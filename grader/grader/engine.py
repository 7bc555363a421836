"""Grade one submission: build, run every case beside the reference, compare."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Literal

from coursekit.course import GraftPolicy
from gradebox import Case
from gradebox.limits import Limits

from grader import explain, reference
from grader.background import Background, Watch
from grader.box import Box
from grader.build import Built, build
from grader.explain import Student
from grader.globs import matches
from grader.graft import graft as graft_in
from grader.judge import Judge, sound
from grader.material import Material
from grader.reference import Reference
from grader.result import (
    CaseResult,
    GradeResult,
    QuestionResult,
    SandboxInfo,
    Status,
)
from grader.sandbox import Sandbox, best
from grader.submission import Submission

Kind = Literal["preparing", "building", "running", "finished", "grafting"]

AFTER_OVERRUN = 0.2  # of its time is what a case gets after another took all of it


@dataclass(frozen=True)
class Event:
    """Tell a progress display what happens.

    ``preparing`` and ``building`` come before the cases, ``running`` and ``finished``
    once a case; ``done`` of ``total`` cases are over. ``status`` is set when finished.
    ``grafting`` comes last, where failed questions are tried again.
    """

    kind: Kind
    done: int
    total: int
    case: str = ""
    title: str = ""
    question: str = ""
    status: Status | None = None


Progress = Callable[[Event], None]


def grade(
    material: Material,
    submission: Submission,
    *,
    questions: Collection[str] | None = None,
    seed: int | None = None,
    sandbox: Sandbox | None = None,
    progress: Progress | None = None,
    graft: GraftPolicy | None = None,
) -> GradeResult:
    """Return what the submission earns in ``questions`` (all by default).

    A fresh seed is drawn unless one is given; the best sandbox is used unless one is
    given; the course's policy says what is tried again, unless ``graft`` does. Errors
    of the student are results, errors of the person who runs the grader are
    :class:`coursekit.errors.CourseError`.
    """
    began, started_at = time.monotonic(), datetime.now(timezone.utc)
    sandbox = sandbox or best()
    cases = select(material, questions)
    if seed is None:
        seed, known = reference.take_prepared(material, cases)
    else:
        known = reference.kept(material, seed)
    with Reference(material, sandbox, seed, cases, known=known) as right:
        grading = _Grading(
            material,
            submission,
            sandbox=sandbox,
            right=right,
            cases=cases,
            progress=progress,
        )
        results = grading.run()
        verdicts = grading.again(
            _by_question(material, results), graft or material.policy.graft
        )
        if known.keys() < {case.name for case in cases}:
            reference.keep(material, seed, {**known, **right.runs()})
    return GradeResult(
        homework=material.homework.name,
        version=material.version,
        suite=material.suite,
        seed=f"{seed:016x}",
        sandbox=SandboxInfo(
            name=sandbox.name, enforces=sandbox.enforces, lacks=sandbox.lacks
        ),
        questions=verdicts,
        started_at=started_at,
        wall_seconds=round(time.monotonic() - began, 6),
        cpu_seconds=round(sum(result.cpu_seconds for result in results), 6),
        notes=[*submission.notes, *grading.notes],
    )


def prepare(
    material: Material,
    *,
    questions: Collection[str] | None = None,
    sandbox: Sandbox | None = None,
) -> None:
    """Compute the reference's answers for a fresh seed that a later run will take."""
    cases = select(material, questions)
    if reference.has_prepared(material, cases):
        return
    seed = reference.fresh_seed()
    with Reference(material, sandbox or best(), seed, cases) as right:
        reference.put_prepared(material, seed, right.runs())


def select(material: Material, questions: Collection[str] | None) -> list[Case]:
    """Return the cases of the questions, in the order of the suite."""
    if questions is None:
        return list(material.cases)
    wanted = {material.homework.question(name).id for name in questions}
    return [case for case in material.cases if case.question in wanted]


def _by_question(
    material: Material, results: Collection[CaseResult]
) -> list[QuestionResult]:
    """Sum the cases of each question up, in the homework's order."""
    found = []
    for question in material.homework.questions:
        own = [result for result in results if result.question == question.id]
        if own:
            found.append(
                QuestionResult(
                    id=question.id,
                    title=question.title,
                    points=sum(result.points for result in own),
                    earned=sum(result.earned for result in own),
                    cases=own,
                )
            )
    return found


class _Grading:
    """One submission's way through the box."""

    def __init__(
        self,
        material: Material,
        submission: Submission,
        *,
        sandbox: Sandbox,
        right: Reference,
        cases: list[Case],
        progress: Progress | None,
    ) -> None:
        self.notes: list[str] = []
        self._material = material
        self._submission = submission
        self._sandbox = sandbox
        self._right = right
        self._cases = cases
        self._progress = progress
        self._done = 0
        self._overran: set[str] = set()  # questions of which a case took all its time
        given = {
            k: v for k, v in material.pristine.items() if k not in material.editable
        }
        self._work = {**given, **submission.files}
        self._student = Student(
            files=self._work,
            missing=frozenset(self._missing()),
            folder=material.homework.name,
            packages=tuple(material.homework.grading.packages),
        )
        self._judge = Judge(self._student)

    def run(self) -> list[CaseResult]:
        """Return the results, one a case; native code is built while others run."""
        self._tell("preparing")
        built = [case for case in self._cases if self._material.is_built(case)]
        others = [case for case in self._cases if case not in built]
        if not built:
            return self._run(others, self._work)
        self._tell("building")
        with Background(self._build) as building:
            results = self._run(others, self._work) if others else []
            product = building.result()
        return results + self._run_built(built, product)

    def again(
        self, verdicts: list[QuestionResult], policy: GraftPolicy
    ) -> list[QuestionResult]:
        """Try failed questions with the reference in what comes before them."""

        def run(files: Mapping[str, bytes], cases: list[Case]) -> list[CaseResult]:
            self._tell("grafting")
            return _Grading(
                self._material,
                replace(self._submission, files=files),
                sandbox=self._sandbox,
                right=self._right,
                cases=cases,
                progress=None,
            ).run()

        files = self._submission.files
        return graft_in(self._material, files, verdicts, policy, run)

    def _run_built(self, cases: list[Case], product: Built) -> list[CaseResult]:
        if not product.failed:
            return self._run(cases, {**self._work, **product.outputs})
        recipe = self._material.homework.build
        assert recipe is not None
        inputs = [p for p in self._material.editable if matches(p, recipe.inputs)]
        told = explain.not_built(product, inputs, self._student)
        if not any(sound(self._right.run(case.name)) for case in cases):
            told = explain.never_built(product)  # no compiler, say: nobody's fault
        results = [self._judge.result(case, told) for case in cases]
        for case, result in zip(cases, results, strict=True):
            self._finished(case, result)
        return results

    def _run(self, cases: list[Case], files: Mapping[str, bytes]) -> list[CaseResult]:
        """Run cases in one box."""
        contents = reference.contents(self._material, files)
        with Box(self._sandbox, contents) as box:
            box.start()
            return [self._case(box, case) for case in cases]

    def _build(self, watch: Watch) -> Built:
        """Build the submission's native code."""
        return build(
            self._material.homework,
            self._material.pristine,
            self._submission.files,
            self._sandbox,
            watch=watch,
        )

    def _missing(self) -> list[str]:
        """Return what a student is to hand in and this one has not."""
        wanted = self._material.homework.submission.files
        return [
            path
            for path in self._material.editable
            if matches(path, wanted) and path not in self._submission.files
        ]

    def _case(self, box: Box, case: Case) -> CaseResult:
        self._tell("running", case)
        limits, short = self._limits(case)
        order = reference.job(case, self._right.seed, record=False)
        theirs = box.run(order, limits)
        right = self._right.run(case.name)
        result = self._judge.case(case, theirs, right, limits.seconds)
        if result.status == "timeout":
            self._overran.add(case.question)
            result = result.model_copy(update={"details": [*result.details, *short]})
        self._note(case, result)
        self._finished(case, result)
        return result

    def _limits(self, case: Case) -> tuple[Limits, list[str]]:
        """Return what a case may use, and what to tell if that is less than usual.

        A loop that never ends is in all cases of its question: with the whole time for
        each, one student would hold up a class for minutes.
        """
        limits = reference.limits(self._material, case)
        if case.question not in self._overran:
            return limits, []
        least = min(limits.seconds, 1)
        seconds = max(limits.seconds * AFTER_OVERRUN, least)
        told = (
            f"An earlier case of this question ran out of its time, so this one had "
            f"{seconds:g} s instead of {limits.seconds:g} s."
        )
        return replace(limits, seconds=seconds), [told]

    def _finished(self, case: Case, result: CaseResult) -> None:
        self._done += 1
        self._tell("finished", case, result.status)

    def _note(self, case: Case, result: CaseResult) -> None:
        """Tell whoever runs the grader of trouble that is theirs."""
        if result.status != "environment":
            return
        right = self._right.run(case.name)
        fault = right.fault
        why = f"{fault.name}: {fault.message[:300]}" if fault else right.end
        if right.returned and not right.answers:
            why = "the case hands over no answer"
        said = "; ".join([f"the reference's run: {why}", *result.details])
        self.notes.append(f"{case.name}: {said}")

    def _tell(
        self,
        kind: Kind,
        case: Case | None = None,
        status: Status | None = None,
    ) -> None:
        if self._progress is None:
            return
        event = Event(kind, self._done, len(self._cases), status=status)
        if case is not None:
            event = Event(
                kind,
                self._done,
                len(self._cases),
                case=case.name,
                title=case.title,
                question=case.question,
                status=status,
            )
        self._progress(event)
