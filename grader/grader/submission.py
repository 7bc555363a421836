"""Take in what a student hands in: allowed files only, never links, bounded."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.errors import CourseError
from coursekit.globs import matches

from grader.digest import digest_files
from grader.text import line

if TYPE_CHECKING:
    from coursekit.homework import Homework

MAX_PATH = 200
MAX_NOTES = 20
CLASH = "another file would have to be a folder for it"


@dataclass(frozen=True)
class Submission:
    """The files of one submission, by path below the homework's folder."""

    files: Mapping[str, bytes]
    digest: str  # sha256 over paths and contents
    notes: list[str] = field(default_factory=list)  # what was left out, and why

    @classmethod
    def from_files(
        cls, files: Mapping[str, bytes], notes: list[str] | None = None
    ) -> Submission:
        """Take files that are known to be allowed."""
        return cls(files, digest_files(files), notes or [])

    @classmethod
    def from_folder(cls, path: Path, homework: Homework) -> Submission:
        """Read the files that homework.toml lets a submission contain."""
        from grader.intake.folder import read_folder

        intake = Intake(homework)
        read_folder(path, intake)
        return cls.from_files(intake.files, intake.told())

    @classmethod
    def from_zip(cls, path: Path, homework: Homework) -> Submission:
        """Read the same files from an archive, without unpacking it to disk."""
        from grader.intake.archive import read_zip

        intake = Intake(homework)
        read_zip(path, intake)
        return cls.from_files(intake.files, intake.told())

    def beside(self, given: Iterable[str]) -> Submission:
        """Leave out files for which one that is given would have to be a folder."""
        taken = set(given)
        clashing = [
            name for name in self.files if any(_clash(name, other) for other in taken)
        ]
        left_out = [f"{line(name, 120)} was left out: {CLASH}" for name in clashing]
        return replace(
            self,
            files={k: v for k, v in self.files.items() if k not in clashing},
            notes=[*self.notes, *left_out[:MAX_NOTES]],
        )


class Intake:
    """Collect files within the limits of a homework, and notes about the others."""

    def __init__(self, homework: Homework) -> None:
        self.limits = homework.submission
        self.files: dict[str, bytes] = {}
        self._notes: list[str] = []
        self._bytes = 0

    def wants(self, name: str) -> bool:
        """Tell whether a submission may contain a file of this name."""
        return matches(name, self.limits.files)

    @property
    def room(self) -> int:
        """Return how many bytes may still come."""
        return self.limits.max_bytes - self._bytes

    def accept(self, name: str, data: bytes) -> None:
        """Take a file in; refuse the whole submission when it grows too large."""
        if name in self.files:
            self.note(name, "a file of this name is there already")
            return
        if any(_clash(name, other) for other in self.files):
            self.note(name, CLASH)
            return
        if len(self.files) >= self.limits.max_files:
            raise CourseError(
                f"the submission has more than {self.limits.max_files} files that "
                f"match {', '.join(self.limits.files)}; hand in only what you wrote"
            )
        if len(data) > self.room:
            raise CourseError(
                f"the submission is larger than {self.limits.max_bytes:,} bytes "
                f"(at {line(name)}); data and results are no part of it"
            )
        self._bytes += len(data)
        self.files[name] = data

    def note(self, name: str, why: str) -> None:
        """Say that something was left out."""
        self._notes.append(f"{line(name, 120)} was left out: {why}")

    def told(self) -> list[str]:
        """Return the notes, bounded."""
        more = len(self._notes) - MAX_NOTES
        tail = [f"and {more} more were left out"] if more > 0 else []
        return self._notes[:MAX_NOTES] + tail


def _clash(one: str, other: str) -> bool:
    """Tell whether one path needs a folder where the other is a file."""
    return one.startswith(f"{other}/") or other.startswith(f"{one}/")


def normal_name(name: str) -> str:
    """Return a path in the one form we compare, or raise ValueError with the reason."""
    name = unicodedata.normalize("NFC", name)
    if len(name) > MAX_PATH:
        raise ValueError("its path is too long")
    if any(unicodedata.category(letter).startswith("C") for letter in name):
        raise ValueError("its path has control characters")
    if "\\" in name or ":" in name:
        raise ValueError("its path has a backslash or a colon")
    parts = name.split("/")
    if name.startswith("/") or any(part in {"", ".", ".."} for part in parts):
        raise ValueError("its path leaves the folder")
    return name
