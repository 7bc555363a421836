"""Take one submission through the box: build, run every case, judge it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace

from coursekit.course import GraftPolicy
from coursekit.globs import matches
from coursekit.homework import Build
from gradebox import Case
from gradebox.limits import Limits

from grader import explain, reference
from grader.background import Background, Watch
from grader.box import Box
from grader.build import Built, build
from grader.explain import Student
from grader.graft import graft as graft_in
from grader.judge import Judge, sound
from grader.material import Material
from grader.progress import Event, Kind, Progress
from grader.reference import Reference
from grader.result import CaseResult, QuestionResult, Status
from grader.sandbox import Sandbox
from grader.submission import Submission

AFTER_OVERRUN = 0.2  # of its time is what a case gets after another took all of it


class Grading:
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
        self._stopped: set[str] = set()  # builds that were
        given = {
            k: v for k, v in material.pristine.items() if k not in material.editable
        }
        self._work = {**given, **submission.files}
        self._student = Student(
            files=self._work,
            missing=frozenset(self._missing()),
            folder=material.homework.name,
            packages=tuple(material.homework.grading.packages),
            given=material.pristine,
        )
        self._judge = Judge(self._student)

    def run(self) -> list[CaseResult]:
        """Return the results, one a case; native code is built while others run."""
        self._tell("preparing")
        groups: dict[tuple[str, ...], list[Case]] = {}
        for case in self._cases:
            names = tuple(each.name for each in self._material.builds(case))
            groups.setdefault(names, []).append(case)
        others = groups.pop((), [])
        if not groups:
            return self._run(others, self._work)
        self._tell("building")
        needed = {name for names in groups for name in names}
        with Background(lambda watch: self._build(needed, watch)) as building:
            results = self._run(others, self._work) if others else []
            products = building.result()
        self._stopped = {name for name, (_, each) in products.items() if each.stopped}
        for names, cases in groups.items():
            results += self._run_built(cases, [products[name] for name in names])
        return results

    def again(
        self, verdicts: list[QuestionResult], policy: GraftPolicy
    ) -> list[QuestionResult]:
        """Try failed questions with the reference in what comes before them."""

        def run(files: Mapping[str, bytes], cases: list[Case]) -> list[CaseResult]:
            self._tell("grafting")
            return Grading(
                self._material,
                replace(self._submission, files=files),
                sandbox=self._sandbox,
                right=self._right,
                cases=cases,
                progress=None,
            ).run()

        files = self._submission.files
        stopped = {case.question for case in self._cases if self._was_stopped(case)}
        tried = [each for each in verdicts if each.id not in stopped]
        tried = graft_in(self._material, files, tried, policy, run)
        second = {each.id: each for each in tried}
        return [second.get(each.id, each) for each in verdicts]

    def _was_stopped(self, case: Case) -> bool:
        """Tell whether a build for the case took all it may, as another one would."""
        return any(each.name in self._stopped for each in self._material.builds(case))

    def _run_built(
        self, cases: list[Case], products: list[tuple[Build, Built]]
    ) -> list[CaseResult]:
        failed = next((each for each in products if each[1].failed), None)
        if failed is None:
            made = {k: v for _, each in products for k, v in each.outputs.items()}
            return self._run(cases, {**self._work, **made})
        recipe, product = failed
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

    def _build(
        self, names: Container[str], watch: Watch
    ) -> dict[str, tuple[Build, Built]]:
        """Run builds of the submission's native code, by their names."""
        homework, pristine = self._material.homework, self._material.pristine
        files, sandbox = self._submission.files, self._sandbox
        return {
            each.name: (
                each,
                build(homework, each, pristine, files, sandbox, watch=watch),
            )
            for each in homework.builds
            if each.name in names
        }

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
            event = replace(
                event, case=case.name, title=case.title, question=case.question
            )
        self._progress(event)
