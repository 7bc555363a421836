"""Words that the terminal and the HTML report share."""

from __future__ import annotations

from datetime import datetime

from grader.result import CaseResult, GradeResult, QuestionResult, Status

STATUS_WORDS: dict[Status, str] = {
    "passed": "passed",
    "wrong": "wrong answer",
    "error": "error",
    "crashed": "crashed",
    "timeout": "too slow",
    "missing": "nothing handed over",
    "not_written": "not written yet",
    "build_failed": "build failed",
    "environment": "not judged",
}


def points(value: float) -> str:
    """Return points as people write them: 5, 2.5, 0.33."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def when(moment: datetime) -> str:
    """Return a time of day here, to the minute."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def seconds(value: float) -> str:
    """Return a duration as people say it."""
    if value < 1:
        return f"{value * 1000:.0f} ms"
    if value < 120:
        return f"{value:.1f} s"
    return f"{value / 60:.0f} min"


def short(question: str) -> str:
    """Return ``add`` of ``hw0.add``."""
    return question.partition(".")[2] or question


def passed(question: QuestionResult) -> str:
    """Return how many of a question's cases passed: ``3 of 5``."""
    good = sum(case.status == "passed" for case in question.cases)
    return f"{good} of {len(question.cases)}"


def failures(result: GradeResult) -> list[CaseResult]:
    """Return the cases that did not pass, in order, each reason only once.

    One broken build or one stub fails all the cases of a question with the same words,
    and a file that does not compile those of every question; the first stands for them.
    """
    seen: set[tuple[str, ...]] = set()
    found = []
    for question in result.questions:
        for case in question.cases:
            if case.status != "passed" and _reason(case) not in seen:
                seen.add(_reason(case))
                found.append(case)
    return found


def _reason(case: CaseResult) -> tuple[str, ...]:
    """Return what two cases that failed for one reason have in common."""
    if case.status == "error" and case.message:  # it names a place in their files
        return (case.status, case.message)
    return (case.status, case.question, case.message or case.name)


def unwritten(result: GradeResult) -> list[str]:
    """Return the questions in which a stub still stands, by their short names."""
    return [
        short(question.id)
        for question in result.questions
        if any(case.status == "not_written" for case in question.cases)
    ]


def alike(result: GradeResult, case: CaseResult) -> list[CaseResult]:
    """Return the other cases that failed for the same reason."""
    cases = (each for question in result.questions for each in question.cases)
    reason = _reason(case)
    return [each for each in cases if each is not case and _reason(each) == reason]


def again(case: CaseResult, others: list[CaseResult]) -> str:
    """Say where else the same happened."""
    questions = dict.fromkeys(short(each.question) for each in others)
    if set(questions) <= {short(case.question)}:
        return f"The same happened in {len(others)} more of this question's cases."
    named = ", ".join(questions)
    return f"The same happened in {len(others)} more cases, of {named}."


def tried_again(question: QuestionResult) -> str:
    """Say what a failed question is with the reference in the earlier parts."""
    found = question.grafted
    if found is None:
        return ""
    if found.trouble:
        return (
            "It could not be tried again with the reference in the earlier parts: "
            f"{found.trouble}."
        )
    head = f"With the reference in place of your {_listed(found.replaced)}"
    failed = [case for case in question.cases if case.status != "passed"]
    if not found.passed:
        return f"{head} the same cases fail: look at this question's own code."
    if len(found.passed) == len(failed):
        said = "every case passes: what is wrong lies there"
    else:
        more = f"{len(found.passed)} more of its {len(question.cases)} cases"
        said = f"{more} pass ({_listed(found.passed)}); the rest is this question's own"
    result = f"{points(found.earned)} of {points(question.points)} points"
    counts = "which count" if found.counts else "your own result counts"
    return f"{head} {said} ({result}, {counts})."


def _listed(names: list[str]) -> str:
    """Return names as people list them: a, b and c."""
    shown = [f"`{name}`" for name in names]
    return " and ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part)
