"""Turn two runs of a case, the student's and the reference's, into a result."""

from __future__ import annotations

from dataclasses import dataclass

from gradebox import Case
from gradebox.values import ArrayValue

from grader import explain
from grader.compare import Finding, Question, verdict
from grader.explain import Student, Told
from grader.result import CaseResult
from grader.run import Run


@dataclass(frozen=True)
class Judge:
    """Judge the cases of one submission."""

    student: Student

    def case(self, case: Case, theirs: Run, right: Run, seconds: float) -> CaseResult:
        """Return the result of a case that was run."""
        told = self._told(theirs, right, seconds)
        return self.result(case, told, theirs, right)

    def result(
        self,
        case: Case,
        told: Told,
        theirs: Run | None = None,
        right: Run | None = None,
    ) -> CaseResult:
        """Return the result of a case of which this is to be told."""
        run = theirs or Run()
        answers = right.answers.values() if right else ()
        return CaseResult(
            name=case.name,
            title=case.title,
            question=case.question,
            points=case.points,
            earned=case.points if told.status == "passed" else 0,
            status=told.status,
            message=told.message,
            details=told.details,
            output=explain.printed(run, self.student),
            witnessed=any(answer.witnessed for answer in answers),
            cpu_seconds=round(run.cpu_seconds, 6),
            wall_seconds=round(run.wall_seconds, 6),
        )

    def _told(self, theirs: Run, right: Run, seconds: float) -> Told:
        if not sound(right):
            return explain.ENVIRONMENT
        if theirs.fault is not None and theirs.end == "exited":
            return explain.fault(theirs.fault, self.student)
        if not theirs.returned or theirs.end != "exited" or theirs.garbled:
            return explain.ended(theirs, seconds, self.student)
        try:
            return answers_told(theirs, right)
        except Exception as error:  # ours: it costs this case, not the whole run
            return Told("environment", explain.ENVIRONMENT.message, [repr(error)[:300]])


def sound(run: Run) -> bool:
    """Tell whether a run of the reference can be compared with."""
    checks = [answer.check for answer in run.answers.values()]
    return run.returned and run.end == "exited" and all(checks) and bool(checks)


def answers_told(theirs: Run, right: Run) -> Told:
    """Hold every answer of the reference's run against theirs."""
    if theirs.inputs != right.inputs:
        return explain.OTHER_INPUTS
    missing = [name for name in right.answers if name not in theirs.answers]
    findings = _findings(theirs, right)
    if findings:
        return explain.wrong(findings)
    if missing:
        return explain.unanswered(missing)
    return Told("passed")


def _findings(theirs: Run, right: Run) -> dict[str, Finding]:
    given = [value.data for value in right.given if isinstance(value, ArrayValue)]
    found = {}
    for name, answer in right.answers.items():
        if name not in theirs.answers or answer.check is None:
            continue
        question = Question(answer.check, answer.value, given)
        finding = verdict(question, theirs.answers[name].value)
        if finding is not None:
            found[name] = finding
    return found
