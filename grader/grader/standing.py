"""Where a student stands in a homework: what each question has earned, what is next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coursekit.homework import Homework, Question

if TYPE_CHECKING:
    from grader.store.facts import Score


@dataclass(frozen=True)
class Standing:
    """A homework's questions in order, each with what counts for it so far."""

    homework: Homework
    earned: tuple[float | None, ...]  # a question; None: never handed in

    @classmethod
    def of(cls, homework: Homework, scores: Sequence[Score]) -> Standing:
        """Arrange one student's scores in the order of the homework."""
        by_question = {score.question: score.earned for score in scores}
        earned = [by_question.get(question.id) for question in homework.questions]
        return cls(homework, tuple(earned))

    @property
    def total(self) -> float:
        """Return the points earned so far."""
        return sum(each or 0 for each in self.earned)

    @property
    def next(self) -> Question | None:
        """Return the first question that is not yet full, None when all are."""
        for question, earned in zip(self.homework.questions, self.earned, strict=True):
            if earned is None or earned < question.points:
                return question
        return None

    def as_json(self) -> dict[str, object]:
        """Return what ``--json`` shows of it."""
        rows = zip(self.homework.questions, self.earned, strict=True)
        return {
            "homework": self.homework.name,
            "points": self.homework.points,
            "earned": self.total,
            "questions": [
                {
                    "id": question.id,
                    "title": question.title,
                    "points": question.points,
                    "earned": earned,
                }
                for question, earned in rows
            ],
        }


def expression_for(question: Question, homework: Homework) -> str:
    """Return the ``-k`` that selects one question: its name, less the longer names."""
    words = [question.name]
    for other in homework.questions:
        if other is not question and question.name in other.name:
            words.append(other.name.replace(question.name, "", 1).strip("_"))
    return " and not ".join(words)
