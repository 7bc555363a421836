"""What a student is told to write after ``-k``."""

from __future__ import annotations

from coursekit.homework import Question


def words_for(question: Question) -> str:
    """Return what `-k` takes: the question's name, if its tests have it in theirs."""
    tests = question.tests
    if not tests or any(question.name in test for test in tests):
        return question.name
    # A part of a name selects every test that has it.
    parts = (a for a in tests if not any(b in a for b in tests if b != a))
    return " or ".join(parts)
