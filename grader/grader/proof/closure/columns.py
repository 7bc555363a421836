"""The stages of a homework on its way from untouched to solved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coursekit.course import Course
from coursekit.homework import Homework


@dataclass(frozen=True)
class Column:
    """A folder in which the questions up to one are solved, or that one only."""

    homework: str
    label: str  # the last question solved, or `nothing`, or `untouched`
    solved: frozenset[str]
    lenient: bool = False  # stubs of earlier homeworks are accepted too
    only: bool = False  # solved are that question and what it needs, no more

    @property
    def name(self) -> str:
        """What slices go by."""
        return f"{self.homework}/{'only ' if self.only else ''}{self.label}"

    def __str__(self) -> str:
        if self.lenient:
            return "in the untouched folder"
        if self.label == "nothing":
            return "with nothing of this homework solved"
        if self.only:
            return f"with only {self.label} and what it needs solved"
        return f"with everything up to {self.label} solved"


def columns(course: Course, homework: Homework) -> list[Column]:
    """Return the columns in order; of those with the same folder, the first."""
    name, first = homework.name, homework.questions[0]
    earlier = course.upto(first) - {first.id}
    found = [
        *([Column(name, "untouched", frozenset(), lenient=True)] if earlier else []),
        Column(name, "nothing", earlier),
        *(Column(name, each.id, course.upto(each)) for each in homework.questions),
    ]
    for each in homework.questions:
        solved = needed(course, [each.id])
        if all(solved != column.solved for column in found):
            found.append(Column(name, each.id, solved, only=True))
    return found


def needed(course: Course, questions: Iterable[str]) -> frozenset[str]:
    """Return these questions, what they declare to need, and what those do."""
    waiting, found = list(questions), set[str]()
    while waiting:
        question = waiting.pop()
        if question not in found:
            found.add(question)
            waiting += course.question(question).needs
    return frozenset(found)
