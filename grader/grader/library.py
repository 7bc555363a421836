"""Where homeworks come from: a checkout of the course, or the packs installed here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from coursekit.errors import CourseError

if TYPE_CHECKING:
    from coursekit.course import Course, GradingTable
    from coursekit.homework import Homework

    from grader.material import Material
    from grader.pack.contents import Pack

PACKS = "packs"


class Library(Protocol):
    """What a command needs to know of homeworks, wherever they are kept."""

    @property
    def word(self) -> str:
        """Return what :func:`from_word` makes the same library of."""

    def names(self) -> list[str]:
        """Return the homeworks' names, in the order of the course."""

    def homework(self, name: str) -> Homework:
        """Return the description of one."""

    def policy(self, name: str) -> GradingTable:
        """Return how submissions to one count."""

    def material(self, name: str) -> Material:
        """Return what one is graded with."""


class Checkout:
    """The homeworks of a clone, suites and reference included."""

    def __init__(self, course: Course) -> None:
        self._course = course

    @property
    def word(self) -> str:
        """Return the folder of the clone."""
        return str(self._course.root)

    def names(self) -> list[str]:
        """Return all homeworks of the course."""
        return list(self._course.config.course.homeworks)

    def homework(self, name: str) -> Homework:
        """Return the description in ``common/``."""
        return self._course.homework(name)

    def policy(self, name: str) -> GradingTable:
        """Return what ``course.toml`` says."""
        return self._course.config.grading

    def material(self, name: str) -> Material:
        """Render the homework and read its suite."""
        from grader.material import Material

        return Material.from_course(self._course, name)


class Packs:
    """The homeworks of which a grading pack is installed."""

    def __init__(self) -> None:
        self._read: dict[str, Pack] = {}

    @property
    def word(self) -> str:
        """Return a word that is no absolute path."""
        return PACKS

    def names(self) -> list[str]:
        """Return the homeworks that have a pack."""
        from grader.pack import installed

        return installed.names()

    def homework(self, name: str) -> Homework:
        """Return the description in the pack."""
        return self._pack(name).index.homework

    def policy(self, name: str) -> GradingTable:
        """Return what the instructor's ``course.toml`` said when it was packed."""
        return self._pack(name).index.policy

    def material(self, name: str) -> Material:
        """Return what is in the pack."""
        return self._pack(name).material()

    def _pack(self, name: str) -> Pack:
        from grader.pack import installed

        if name not in self._read:
            if name not in installed.names():
                raise CourseError(_missing(name, installed.names()))
            self._read[name] = installed.load(name)
        return self._read[name]


def from_word(word: str) -> Library:
    """Return the library that a word stands for."""
    if word == PACKS:
        return Packs()
    from coursekit.course import Course

    return Checkout(Course(Path(word)))


def _missing(name: str, installed: list[str]) -> str:
    others = f" Installed here: {', '.join(installed)}." if installed else ""
    return (
        f"{name} cannot be graded here: outside a clone of the course's repository "
        f"that takes the grading pack of {name}. Ask whoever gave you the homework for "
        f"the pack, or for the address of the course's grading server.{others} With "
        f"the pack: grader install {name}-grading-VERSION.zip. The public tests work "
        "meanwhile: python3 -m pytest"
    )
