"""Take in what a student hands in: allowed files only, never links, bounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coursekit.homework import Homework


@dataclass(frozen=True)
class Submission:
    """The files of one submission, by path below the homework's folder."""

    files: Mapping[str, bytes]
    digest: str  # sha256 over paths and contents
    notes: list[str] = field(default_factory=list)  # what was left out, and why

    @classmethod
    def from_folder(cls, path: Path, homework: Homework) -> Submission:
        """Read the files that homework.toml lets a submission contain."""
        raise NotImplementedError

    @classmethod
    def from_zip(cls, path: Path, homework: Homework) -> Submission:
        """Read the same files from an archive, without unpacking it to disk."""
        raise NotImplementedError
