"""Find solution or suite text in files that are about to be given to students.

A line counts when it is long enough not to be an accident and occurs in no code that
is given anyway. Archives and compressed files are opened.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from coursekit.course import Course
from coursekit.homework import Homework
from coursekit.staging.dialect import dialect_of
from coursekit.staging.document import Document, Text, parse
from coursekit.staging.sources import collect

LENGTH = 30  # a shorter line may well occur by chance
SUITE_WORDS = ("@case(", "t.answer(", "t.input(", "t.raises(", "t.witness(", "(t):")


@dataclass(frozen=True)
class Leak:
    """A secret line (or file) and the file in which it occurs."""

    file: str
    origin: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: contains {self.origin}: {self.text}"


def find_leaks(
    course: Course, homework: Homework, files: Mapping[str, bytes]
) -> list[Leak]:
    """Return every secret of the homework that occurs in the files."""
    secrets = {**_solution_lines(course, homework), **_suite_lines(course, homework)}
    needles = [
        (line, origin, set(_spellings(line))) for line, origin in secrets.items()
    ]
    leaks = []
    for file, content in _unpacked(files):
        if "suites" in Path(file.replace("!", "/")).parts:
            leaks.append(Leak(file, "a file of the hidden suites", file))
        for line, origin, spellings in needles:
            if any(spelling in content for spelling in spellings):
                leaks.append(Leak(file, origin, line))
    return leaks


def _solution_lines(course: Course, homework: Homework) -> dict[str, str]:
    """Return the long lines that only solutions have, and where each is."""
    secret: dict[str, str] = {}
    given: set[str] = set()
    for path, source in collect(course, homework).items():
        dialect = dialect_of(path)
        if dialect is None:
            continue
        document = parse(path, source.content.decode(), dialect)
        if document.marked:
            given.update(_given(document, homework.stage))
            secret.update(_hidden(document, homework.stage))
    return {
        line: origin
        for line, origin in secret.items()
        if len(line) >= LENGTH and line not in given
    }


def _given(document: Document, stage: int) -> Iterator[str]:
    for piece in document.at(stage):
        if isinstance(piece, Text):
            yield piece.line.text.strip()


def _hidden(document: Document, stage: int) -> Iterator[tuple[str, str]]:
    for piece in document.at(stage):
        if isinstance(piece, Text):
            continue
        for line in piece.body:
            origin = f"line {line.number} of the solution in {document.path}"
            yield line.text.strip(), origin


def _suite_lines(course: Course, homework: Homework) -> dict[str, str]:
    lines: dict[str, str] = {}
    suite = course.root / "grader" / "suites" / homework.name
    for file in sorted(suite.rglob("*.py")):
        for line in map(str.strip, file.read_text(encoding="utf-8").splitlines()):
            if len(line) >= LENGTH and any(word in line for word in SUITE_WORDS):
                lines[line] = f"a line of the suite, {file.name}"
    return lines


def _spellings(line: str) -> Iterator[bytes]:
    """Yield a line as it may be written: as it is, and inside JSON."""
    yield line.encode()
    yield json.dumps(line, ensure_ascii=False)[1:-1].encode()
    yield json.dumps(line)[1:-1].encode()


def _unpacked(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for path, content in files.items():
        yield path, content
        if content[:4] == b"PK\x03\x04":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                inner = {f"{path}!{n}": archive.read(n) for n in archive.namelist()}
            yield from _unpacked(inner)
        elif content[:2] == b"\x1f\x8b":
            try:
                yield f"{path}!", gzip.decompress(content)
            except (OSError, EOFError, zlib.error):
                continue  # damaged on purpose, such as a test's fixture
