"""The stages of a homework on its way from untouched to solved."""

from __future__ import annotations

from dataclasses import dataclass

from coursekit.course import Course
from coursekit.homework import Homework


@dataclass(frozen=True)
class Column:
    """A folder in which the questions up to one are solved, and all before them."""

    homework: str
    label: str  # the last question solved, or `nothing`, or `untouched`
    solved: frozenset[str]
    lenient: bool = False  # stubs of earlier homeworks are accepted too

    @property
    def name(self) -> str:
        """What slices go by."""
        return f"{self.homework}/{self.label}"

    def __str__(self) -> str:
        if self.lenient:
            return "in the untouched folder"
        if self.label == "nothing":
            return "with nothing of this homework solved"
        return f"with everything up to {self.label} solved"


def columns(course: Course, homework: Homework) -> list[Column]:
    """Return the columns in order; where nothing is before it, two are the same."""
    first = homework.questions[0]
    earlier = course.upto(first) - {first.id}
    start = Column(homework.name, "nothing", earlier)
    found = [Column(homework.name, "untouched", frozenset(), True)] if earlier else []
    return [
        *found,
        start,
        *(
            Column(homework.name, question.id, course.upto(question))
            for question in homework.questions
        ),
    ]
