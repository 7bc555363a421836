"""Find solutions and hidden suites in files that are about to be given to students."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import NamedTuple

from coursekit.course import Course
from coursekit.errors import CourseError
from coursekit.homework import Homework
from coursekit.leaks.secrets import Gram, Origin, Secrets, says_something
from coursekit.leaks.suites import Suites
from coursekit.leaks.texts import texts
from coursekit.leaks.tokens import Token, all_tokens, without_comments
from coursekit.staging.dialect import CPP, PYTHON, dialect_of

LISTED = 10  # how many leaks a refusal names


@dataclass(frozen=True)
class Leak:
    """A secret, the line in which students get it, and where it comes from."""

    file: str
    line: int
    origin: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: contains {self.origin}: {self.text}"


def find_leaks(
    course: Course, homework: Homework, files: Mapping[str, bytes]
) -> list[Leak]:
    """Return every secret that occurs in the files, once for each place in them."""
    secrets = Secrets.of(course, homework)
    suites = Suites.of(course)
    leaks: list[Leak] = []
    for file, text in texts(files):
        leaks += solution_leaks(secrets, file, text)
        leaks += _suite_leaks(suites, file, text)
    return leaks


def in_sources(leaks: Sequence[Leak], origins: Mapping[str, str]) -> list[Leak]:
    """Return leaks with the files that they come from instead of the rendered ones.

    What was generated from another file is left out when that file is there too.
    """
    told = [
        replace(leak, file=origins[leak.file]) for leak in leaks if leak.file in origins
    ]
    known = {(leak.origin, leak.text) for leak in told}
    return told + [
        leak
        for leak in leaks
        if leak.file not in origins and (leak.origin, leak.text) not in known
    ]


def refuse_leaks(leaks: Sequence[Leak], what: str) -> None:
    """Raise a CourseError that names the leaks, if there are any, and what has them."""
    if not leaks:
        return
    lines = [f"  {leak}" for leak in leaks[:LISTED]]
    if len(leaks) > LISTED:
        lines.append(f"  ... and {len(leaks) - LISTED} more")
    raise CourseError(
        f"nothing was written, because {what} would give away what students are to"
        " find out:\n" + "\n".join(lines)
    )


def solution_leaks(secrets: Secrets, file: str, text: str) -> list[Leak]:
    """Return the pieces of solutions in one text, with its comments and without.

    A piece that goes on after a comment is told once, whole.
    """
    dialect = dialect_of(file.rpartition("!")[2] or file)
    stripped = [dialect] if dialect else [PYTHON, CPP]
    views = [text, *(without_comments(text, each) for each in stripped)]
    runs = [run for view in views for run in _search(secrets, all_tokens(view))]
    found: list[Leak] = []
    told: set[int] = set()  # lines
    for run in sorted(runs, key=lambda run: -len(run.lines)):
        if told.isdisjoint(run.lines):
            what = f"a solution's code ({run.origin})"
            found.append(Leak(file, run.lines[0], what, run.origin.text))
            told.update(run.lines)
    return sorted(found, key=lambda leak: leak.line)


def _suite_leaks(suites: Suites, file: str, text: str) -> list[Leak]:
    """Return the pieces of hidden suites in one text."""
    if "suites" in PurePosixPath(file.replace("!", "/")).parts:
        return [Leak(file, 1, "a file of the hidden suites", file)]
    found: dict[int, Leak] = {}
    told = "a hidden suite's code ({})"
    for secret, origin in suites.lines.items():
        if secret in text:
            line = text[: text.index(secret)].count("\n") + 1
            found[line] = Leak(file, line, told.format(origin), origin.text)
    for run in _search(suites, all_tokens(text)):
        leak = Leak(file, run.lines[0], told.format(run.origin), run.origin.text)
        found.setdefault(leak.line, leak)
    return list(found.values())


class _Run(NamedTuple):
    """Hidden tokens one after the other: the lines they stand in, their origin."""

    lines: range
    origin: Origin


def _search(hidden: Secrets | Suites, tokens: Sequence[Token]) -> Iterator[_Run]:
    """Yield each unbroken run of hidden tokens that says something."""
    known = 0  # tokens in a row that are hidden somewhere
    first, origin = 0, None  # of the run that goes on
    for place in range(len(tokens) + 1):
        start = place - hidden.size + 1
        here = None
        if place < len(tokens):
            known = known + 1 if tokens[place].text in hidden.vocabulary else 0
            if known >= hidden.size:
                here = hidden.runs.get(_texts(tokens[start : place + 1]))
        if here is None and origin is not None:
            if says_something(_texts(tokens[first:place])):
                lines = range(tokens[first].line, tokens[place - 1].line + 1)
                yield _Run(lines, origin)
            origin = None
        elif here is not None and origin is None:
            first, origin = start, here


def _texts(tokens: Sequence[Token]) -> Gram:
    return tuple(token.text for token in tokens)
