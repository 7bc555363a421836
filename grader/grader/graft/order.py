"""What is asked of the process that reads a student's files, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple


class Versions(NamedTuple):
    """One file: as it was given, as the student has it, with the earlier solutions."""

    base: str
    ours: str
    theirs: str


@dataclass(frozen=True)
class Order:
    """Put the reference into the regions of ``earlier`` questions in these files."""

    question: str
    earlier: frozenset[str]
    files: Mapping[str, Versions]

    def as_json(self) -> dict[str, Any]:
        """Return it as what JSON can say."""
        return {**asdict(self), "earlier": sorted(self.earlier)}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Order:
        """Return it as it was."""
        files = {path: Versions(*each) for path, each in given["files"].items()}
        return cls(given["question"], frozenset(given["earlier"]), files)


@dataclass(frozen=True)
class Transplant:
    """The changed files, and the questions whose regions are not what they were.

    ``begun`` tells whether anything of the failed question itself is written. Where
    there is ``trouble``, ``replaced`` are the questions that would have been looked at.
    """

    files: dict[str, str] = field(default_factory=dict)
    replaced: list[str] = field(default_factory=list)
    begun: bool = True
    trouble: str = ""
