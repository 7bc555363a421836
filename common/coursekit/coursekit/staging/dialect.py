"""The two dialects of staging markers, and how a line is recognised as one."""

from __future__ import annotations

import difflib
import enum
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from coursekit.errors import CourseError


class MarkerError(CourseError):
    """A marker that cannot be followed: ``file:line: what, and how to mend it``."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.line, self.message = line, message

    def at(self, path: str) -> MarkerError:
        """Return the same error, told of a file by another path."""
        return MarkerError(path, self.line, self.message)


@dataclass(frozen=True)
class Dialect:
    """How markers are written in one family of languages.

    A line that starts with ``held`` inside a stage block is code that the raw tree
    must not run, because it belongs to earlier stages only.
    """

    name: str
    comment: str
    held: str


PYTHON = Dialect("Python", "###", "#|")
CPP = Dialect("C++", "///", "//|")

_DIALECTS = {".py": PYTHON} | dict.fromkeys(
    (".cc", ".cpp", ".cu", ".h", ".hpp", ".cuh"), CPP
)


def dialect_of(path: str) -> Dialect | None:
    """Return the dialect of a source file, or None where markers mean nothing."""
    return _DIALECTS.get(PurePosixPath(path).suffix)


class Kind(enum.Enum):
    """The six markers."""

    BEGIN = "BEGIN YOUR SOLUTION"
    END = "END YOUR SOLUTION"
    ONLY = "SOLUTION ONLY"
    END_ONLY = "END SOLUTION ONLY"
    STAGE = "STAGE"
    END_STAGE = "END STAGE"


@dataclass(frozen=True)
class Marker:
    """One marker line: its kind, its indentation, and what follows the words."""

    kind: Kind
    indent: str
    rest: str


_WORDS = "|".join(kind.value for kind in Kind)
_EXACT = re.compile(rf"([ \t]*)(###|///) ({_WORDS})(?:[ \t]+(\S.*?))?[ \t]*")
# What a person may have meant as a marker; plain comments about stages are not it.
_MEANT = re.compile(
    r"(#+|/{2,}|/\*+)[ \t]*"
    r"((?:BEGIN|END) +YOUR +SOLUTION|(?:END +)?SOLUTION +ONLY|END +STAGE|STAGE +hw\d)"
)
# Nor may a spelling mistake give a solution away. Only markers of solutions are guessed
# at: "STAGE" is a word like any other.
_COMMENT = re.compile(r"[ \t]*(?:#{2,}|/{3,})[ \t]*([A-Za-z]+(?:[ \t]+[A-Za-z]+){0,2})")
_SOLUTION = [kind.value for kind in Kind if "SOLUTION" in kind.value]
_ALIKE = 0.85  # of the letters, in their order


def _misspelt(line: str) -> str | None:
    """Return the marker that somebody meant to write on this line, if any."""
    comment = _COMMENT.match(line)
    if comment is None:
        return None
    words = comment[1].upper().split()
    for count in (2, 3):
        text = " ".join(words[:count])
        for marker in difflib.get_close_matches(text, _SOLUTION, 1, _ALIKE):
            return marker
    return None


def read_marker(line: str, dialect: Dialect, path: str, number: int) -> Marker | None:
    """Return the marker on this line, None for an ordinary line, or raise."""
    exact = _EXACT.fullmatch(line)
    if exact is not None and exact[2] == dialect.comment:
        marker = Marker(Kind(exact[3]), exact[1], exact[4] or "")
        if marker.rest and marker.kind in (Kind.END, Kind.END_ONLY, Kind.END_STAGE):
            raise MarkerError(
                path, number, f"nothing may follow {marker.kind.value} on its line"
            )
        return marker
    meant = _MEANT.search(line)
    words = " ".join(meant[2].split()) if meant else _misspelt(line)
    if words is None:
        return None
    raise MarkerError(
        path,
        number,
        f"this looks like a marker but is not one: in {dialect.name} write"
        f" `{dialect.comment} {words} ...` on a line of its own",
    )
