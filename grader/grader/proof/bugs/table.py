"""Planted bugs as a table: of each question, how many, and who found them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coursekit.course import Course
from coursekit.homework import Homework

from grader.proof.bugs.hunt import Hunt
from grader.proof.bugs.outcome import Result
from grader.proof.closure.table import sources as closure_sources
from grader.proof.page import sources_of

HEADS = ("question", "bugs", "public tests", "hidden suite", "right solutions")


@dataclass(frozen=True)
class Row:
    """The numbers of one question, or of all."""

    label: str
    bugs: int
    public: int
    hidden: int
    right: int
    accepted: int

    def cells(self) -> tuple[str, ...]:
        """Return them as text."""
        return (
            self.label,
            str(self.bugs),
            _share(self.public, self.bugs),
            _share(self.hidden, self.bugs),
            f"{self.accepted} of {self.right}" if self.right else "none",
        )


def rows(homework: Homework, found: Hunt) -> list[Row]:
    """Return a row for each question that has entries, and one for all of them."""
    listed = []
    for number, question in enumerate(homework.questions, start=1):
        own = [each for each in found.results if each.entry.question == question.id]
        if own:
            listed.append(_row(f"{number} {question.name}", own))
    return [*listed, _row("all", list(found.results))]


def survivors(found: Hunt) -> Iterator[tuple[Result, str]]:
    """Yield the bugs that public tests leave to the hidden suite, and why.

    What survives without a reason, or could not be tried, is a finding instead.
    """
    for result in found.bugs:
        bug, outcome = result.entry.bug, result.outcome
        if bug and bug.survives_public and outcome.hidden and not outcome.public:
            yield result, bug.survives_public


def block(homework: Homework, found: Hunt) -> str:
    """Return the homework's part of the page."""
    lines = [
        f"### {homework.name}: {homework.title}",
        "",
        f"| {' | '.join(HEADS)} |",
        "| --- |" + " ---: |" * (len(HEADS) - 1),
        *(f"| {' | '.join(row.cells())} |" for row in rows(homework, found)),
    ]
    left = list(survivors(found))
    if left:
        lines += ["", "Public tests leave these to the hidden suite:", ""]
        lines += [f"- `{result.entry.name}`: {why}" for result, why in left]
    ends = _ends(found)
    if ends:
        lines += ["", ends]
    return "\n".join(lines)


def sources(course: Course, name: str) -> str:
    """Return the digest of all that the table describes."""
    tested = closure_sources(course, name)  # reference, public tests, hidden suite
    return sources_of(course, [f"grader/bugs/{name}"], tested)


def _row(label: str, results: list[Result]) -> Row:
    bugs = [each for each in results if not each.entry.right]
    right = [each for each in results if each.entry.right]
    return Row(
        label,
        bugs=len(bugs),
        public=sum(bool(each.outcome.public) for each in bugs),
        hidden=sum(bool(each.outcome.hidden) for each in bugs),
        right=len(right),
        accepted=sum(
            not (each.outcome.public or each.outcome.hidden or each.outcome.trouble)
            for each in right
        ),
    )


def _share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.0%})" if whole else "none"


def _ends(found: Hunt) -> str:
    """Say how many bugs took the process along instead of giving a wrong answer."""
    ends = {"crashed": "by a crash", "timeout": "by running out of time"}
    counts = {
        how: sum(
            any(kill.how == how for kill in each.outcome.hidden) for each in found.bugs
        )
        for how in ends
    }
    told = [f"{counts[how]} {words}" for how, words in ends.items() if counts[how]]
    return f"Some show in the hidden suite {' and '.join(told)}." if told else ""
