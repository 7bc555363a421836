"""Decide which questions are tried again, and say what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from coursekit.course import GraftPolicy
from gradebox import Case

from grader.digest import digest_files
from grader.graft.order import Transplant
from grader.graft.transplant import transplant
from grader.material import Material
from grader.result import CaseResult, Grafted, QuestionResult

# Run cases on these files of a submission.
Runner = Callable[[Mapping[str, bytes], list[Case]], list[CaseResult]]


@dataclass
class Attempt:
    """A failed question, its files with the reference in them, and what came of it."""

    question: QuestionResult
    cases: list[Case]
    transplant: Transplant
    results: dict[str, CaseResult] = field(default_factory=dict)


def graft(
    material: Material,
    files: Mapping[str, bytes],
    questions: Sequence[QuestionResult],
    policy: GraftPolicy,
    run: Runner,
) -> list[QuestionResult]:
    """Return the results, those of failed questions with a second one beside.

    A question is tried again if some of it is written, some case failed, and an earlier
    part that its code calls may be to blame: one that the student has solved otherwise
    than the reference, and that did not just earn all its points.
    """
    if policy == "off":
        return list(questions)
    full = {each.id for each in questions if each.earned >= each.points}
    found = (_attempt(material, files, each, full) for each in questions)
    attempts = {each.question.id: each for each in found if each is not None}
    _run(attempts.values(), files, run)
    return [
        _with_second(attempts[each.id], count=policy == "count")
        if each.id in attempts
        else each
        for each in questions
    ]


def _attempt(
    material: Material,
    files: Mapping[str, bytes],
    question: QuestionResult,
    full: set[str],
) -> Attempt | None:
    """Prepare one question, None where there is nothing to try."""
    failed = {
        c.name for c in question.cases if c.status not in ("passed", "environment")
    }
    cases = [case for case in material.cases if case.name in failed]
    earlier = earlier_parts(material, cases)
    if not cases or not earlier - full:
        return None
    done = transplant(material, files, question.id, earlier)
    if not done.begun or not (set(done.replaced) - full or _unread(done)):
        return None
    return Attempt(question, cases, done)


def _unread(done: Transplant) -> bool:
    """Tell whether nothing is known of the earlier parts but that there is trouble."""
    return bool(done.trouble) and not done.replaced


def earlier_parts(material: Material, cases: Sequence[Case]) -> frozenset[str]:
    """Return the earlier questions whose code some cases of a question may call.

    Those of earlier homeworks all; of this one what the question and these cases need,
    and what that needs in turn.
    """
    own = material.homework.name
    if not cases:
        return frozenset()
    before = material.before(cases[0].question)
    reached = {case.question for case in cases}
    waiting = [*reached, *(need for case in cases for need in case.needs)]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        if name.startswith(f"{own}."):
            needs = material.homework.question(name).needs
            waiting += [need for need in needs if need not in reached]
    return frozenset(
        each for each in before if each in reached or not each.startswith(f"{own}.")
    )


def _run(attempts: Iterable[Attempt], files: Mapping[str, bytes], run: Runner) -> None:
    """Run the cases; questions that come to the same files share a box."""
    together: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        if not attempt.transplant.trouble:
            key = digest_files(_changed(attempt))
            together.setdefault(key, []).append(attempt)
    for group in together.values():
        cases = [case for attempt in group for case in attempt.cases]
        results = run({**files, **_changed(group[0])}, cases)
        for attempt in group:
            attempt.results = {each.name: each for each in results}


def _changed(attempt: Attempt) -> dict[str, bytes]:
    return {path: text.encode() for path, text in attempt.transplant.files.items()}


def _with_second(attempt: Attempt, *, count: bool) -> QuestionResult:
    """Return the result with what it is with the reference in the earlier parts."""
    question = attempt.question
    trouble = attempt.transplant.trouble or _trouble(attempt)
    if trouble:
        return question.model_copy(update={"grafted": Grafted(trouble=trouble)})
    passed = [
        case
        for case in question.cases
        if case.status != "passed"
        and case.name in attempt.results
        and attempt.results[case.name].status == "passed"
    ]
    more = sum(case.points for case in passed)
    earned = min(question.earned + more, question.points)
    grafted = Grafted(
        replaced=attempt.transplant.replaced,
        passed=[case.name for case in passed],
        earned=earned,
        counts=count and earned > question.earned,
    )
    total = earned if grafted.counts else question.earned
    return question.model_copy(update={"earned": total, "grafted": grafted})


def _trouble(attempt: Attempt) -> str:
    """Return why the second run tells nothing about the student's code."""
    before = {case.name: case.status for case in attempt.question.cases}
    after = {
        name: attempt.results[name].status for name in before.keys() & attempt.results
    }
    if "environment" in after.values():
        return "the grader could not check it"
    broken = [name for name, status in after.items() if status == "build_failed"]
    if any(before[name] != "build_failed" for name in broken):
        return "the native code does not build with the reference in the earlier parts"
    return ""
