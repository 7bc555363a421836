"""Hand work in to the real suite of a homework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from coursekit.course import Course
from coursekit.globs import matches
from grader.engine import grade
from grader.material import Material
from grader.result import GradeResult
from grader.submission import Submission
from mini_homework import statuses


@dataclass(frozen=True)
class RealSuite:
    """The suite of one homework; every hand-in faces the same inputs."""

    homework: str

    @cached_property
    def material(self) -> Material:
        """What the homework is graded with."""
        return Material.from_course(Course.find(Path(__file__)), self.homework)

    def honest(self) -> dict[str, bytes]:
        """Return the files of somebody who solved everything."""
        wanted = self.material.homework.submission.files
        return {k: v for k, v in self.material.reference.items() if matches(k, wanted)}

    def changed(self, path: str, *edits: tuple[str, str]) -> dict[str, bytes]:
        """Return honest work in which one file was edited."""
        files = self.honest()
        text = files[path].decode()
        for old, new in edits:
            assert old in text
            text = text.replace(old, new)
        return {**files, path: text.encode()}

    def grade(self, files: Mapping[str, bytes], *questions: str) -> GradeResult:
        """Grade some questions, by default all of them."""
        submission = Submission.from_files(dict(files))
        return grade(self.material, submission, questions=questions or None, seed=7)

    def graded(self, files: Mapping[str, bytes], *questions: str) -> dict[str, str]:
        """Return the status of every case of some questions, by default of all."""
        return statuses(self.grade(files, *questions))
