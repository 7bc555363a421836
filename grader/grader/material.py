"""What a homework is graded with: pristine files, reference, suite, digests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gradebox import Case

if TYPE_CHECKING:
    from coursekit.course import Course
    from coursekit.homework import Homework


@dataclass(frozen=True)
class Material:
    """All that grading a homework needs, in memory."""

    homework: Homework
    version: str
    pristine: Mapping[str, bytes]  # the student's folder with its stubs
    reference: Mapping[str, bytes]  # the same folder solved
    editable: frozenset[str]  # what a student fills in; never taken from pristine
    suite_files: Mapping[str, bytes]
    cases: tuple[Case, ...]
    suite: str  # digest of the suite

    @classmethod
    def from_course(cls, course: Course, homework: str) -> Material:
        """Render the homework and read its suite."""
        raise NotImplementedError
