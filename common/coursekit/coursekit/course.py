"""The course: the model of ``course.toml`` and the way to everything else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, NonNegativeFloat, model_validator

from coursekit.errors import CourseError
from coursekit.homework import Homework, HomeworkName, Question, stage_number
from coursekit.toml import Table, read_toml

GraftPolicy = Literal["off", "report", "count"]

_ADDRESS = re.compile(r"(?:https?|file)://[^\s\"'\\]+")


class CourseTable(Table):
    """What the course is called, and which homeworks it has, in order."""

    name: str = Field(min_length=1)
    version: str = Field(min_length=1)
    homeworks: list[HomeworkName] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> CourseTable:
        numbers = [stage_number(name) for name in self.homeworks]
        if numbers != sorted(set(numbers)):
            raise ValueError("homeworks must be in order, each of them once")
        return self


class ReleaseTable(Table):
    """Where the bundles are published."""

    bundle_url: str = ""

    @model_validator(mode="after")
    def _an_address(self) -> ReleaseTable:
        if self.bundle_url and not _ADDRESS.fullmatch(self.bundle_url):
            raise ValueError(
                f"bundle_url: {self.bundle_url!r} is not an address such as"
                " https://example.org/dl, the folder in which hw0.zip is"
            )
        return self


class GradingTable(Table):
    """What the gradebook counts.

    ``graft``: whether a question that fails is tried again with the reference in the
    earlier parts, and whether the better of both results counts.
    """

    counts: Literal["best", "latest"] = "best"
    graft: GraftPolicy = "report"


class WeightsTable(Table):
    """Shares of the course grade, in percent."""

    homework: NonNegativeFloat = 55
    final_project: NonNegativeFloat = 35
    participation: NonNegativeFloat = 10

    @model_validator(mode="after")
    def _sum_to_100(self) -> WeightsTable:
        total = self.homework + self.final_project + self.participation
        if abs(total - 100) > 1e-6:
            raise ValueError(f"they are {total:g} percent together, not 100")
        return self


class CourseConfig(Table):
    """The whole of ``course.toml``."""

    course: CourseTable
    release: ReleaseTable = ReleaseTable()
    grading: GradingTable = GradingTable()
    weights: WeightsTable = WeightsTable()


class Course:
    """A checkout of the course: ``course.toml`` beside ``common/``."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.config = read_toml(self.root / "course.toml", CourseConfig)
        self._homeworks: dict[str, Homework] = {}

    def __repr__(self) -> str:
        return f"Course({str(self.root)!r})"

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """Find the checkout that encloses ``start``.

        Without ``start`` it is the one around the working folder, else the one this
        package is installed from (so that a copy of a homework kept anywhere on the
        machine finds its course).
        """
        root = enclosing_root(start or Path.cwd())
        if root is None and start is None:
            root = enclosing_root(Path(__file__).parent)
        if root is None:
            place = (start or Path.cwd()).resolve()
            raise CourseError(
                f"{place}: not inside a checkout of the course (a folder with"
                " course.toml beside common/). Go into your clone and run this again;"
                " a bundle is a copy for one homework and needs no such command."
            )
        return cls(root)

    @property
    def version(self) -> str:
        """The version of the homework material."""
        return self.config.course.version

    def source(self, name: str) -> Path:
        """Return ``common/hwN``, where that homework is written."""
        return self.root / "common" / self._known(name)

    def staged(self, name: str) -> Path:
        """Return ``hwN`` at the top of the checkout, where it is rendered to."""
        return self.root / self._known(name)

    def work(self, name: str) -> Path:
        """Return ``work/hwN``, the usual place of a student's own copy."""
        return self.root / "work" / self._known(name)

    def homework(self, name: str) -> Homework:
        """Read and check one homework."""
        if name not in self._homeworks:
            path = self.source(name) / "homework.toml"
            homework = Homework.read(path)
            if homework.name != name:
                raise CourseError(
                    f"{path}: name is {homework.name!r} but the folder is {name!r}"
                )
            self._homeworks[name] = homework
            self._check_needs(homework, path)
        return self._homeworks[name]

    def homeworks(self) -> list[Homework]:
        """Return every homework of the course, in order."""
        return [self.homework(name) for name in self.config.course.homeworks]

    def question(self, question_id: str) -> Question:
        """Return the question with this full id, of whichever homework."""
        return self.homework(question_id.partition(".")[0]).question(question_id)

    def upto(self, question: Question) -> frozenset[str]:
        """Return the ids of all questions from the course's first to this one."""
        ids: list[str] = []
        for homework in self.homeworks():
            for each in homework.questions:
                ids.append(each.id)
                if each.id == question.id:
                    return frozenset(ids)
        raise CourseError(f"{question.id} is not a question of this course")

    def _known(self, name: str) -> str:
        names = self.config.course.homeworks
        if name not in names:
            raise CourseError(
                f"the course has no homework {name!r}; it has {', '.join(names)}"
            )
        return name

    def _check_needs(self, homework: Homework, path: Path) -> None:
        for question in homework.questions:
            for need in question.needs:
                other = need.partition(".")[0]
                if other == homework.name:
                    continue
                try:
                    if stage_number(other) > homework.stage:
                        raise CourseError(f"{other} comes after {homework.name}")
                    self.question(need)
                except CourseError as error:
                    raise CourseError(
                        f"{path}: question {question.id}, needs: {need} is not an"
                        f" earlier question: {error}"
                    ) from error


def enclosing_root(start: Path) -> Path | None:
    """Return the nearest folder at or above ``start`` that is a checkout, if any."""
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / "course.toml").is_file() and (folder / "common").is_dir():
            return folder
    return None
