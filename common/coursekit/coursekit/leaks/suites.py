"""Pieces of the hidden suites, which are in nothing that students get.

A suite calls the same functions as the public tests do, often in the same words, so a
piece of it is longer than one of a solution: a line that only a suite can have, or two
or three lines of it in whatever layout.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from coursekit.course import Course
from coursekit.leaks.secrets import Gram, Origin, grams
from coursekit.leaks.tokens import code_tokens
from coursekit.staging.dialect import PYTHON

LENGTH = 30  # of a line; a shorter one may well occur by chance
WORDS = ("@case(", "t.answer(", "t.input(", "t.raises(", "t.witness(", "(t):")


@dataclass
class Suites:
    """The lines and the runs of tokens of every suite, and where each is."""

    # Tokens of a run; the longest that hw0's public tests share with its suite have 20.
    size: ClassVar[int] = 24

    lines: dict[str, Origin] = field(default_factory=dict)
    runs: dict[Gram, Origin] = field(default_factory=dict)

    @classmethod
    def of(cls, course: Course) -> Suites:
        """Read the suites of all homeworks; there may be none."""
        found = cls()
        for path in sorted((course.root / "grader" / "suites").rglob("*.py")):
            file = path.relative_to(course.root).as_posix()
            found._take(file, path.read_text(encoding="utf-8"))
        return found

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Return every word of the suites."""
        return frozenset(word for gram in self.runs for word in gram)

    def _take(self, file: str, text: str) -> None:
        lines = [line.strip() for line in text.splitlines()]
        for number, line in enumerate(lines, start=1):
            if len(line) >= LENGTH and any(word in line for word in WORDS):
                self.lines.setdefault(line, Origin(file, number, line))
        for gram, start in grams(code_tokens(text, PYTHON), self.size):
            origin = Origin(file, start.line, lines[start.line - 1])
            self.runs.setdefault(gram, origin)
