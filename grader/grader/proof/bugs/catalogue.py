"""Read a homework's catalogue, and remember where each entry is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coursekit.course import Course
from coursekit.errors import CourseError
from coursekit.homework import Homework
from coursekit.toml import read_toml

from grader.proof.bugs.entries import Bug, Edit, Entries, Variant
from grader.proof.closure.places import Place


@dataclass(frozen=True)
class Planted:
    """One entry: a variant as it is, or a bug in a variant or in the reference."""

    question: str
    name: str  # unique in the homework
    place: Place
    variant: Variant | None
    bug: Bug | None

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What is edited; nothing in a variant."""
        return self.bug.edits if self.bug else ()

    @property
    def right(self) -> bool:
        """Whether it does what it should, however it is written."""
        return self.bug is None or self.bug.equivalent is not None


def read_catalogue(course: Course, homework: Homework) -> list[Planted]:
    """Return all entries, in the order of the questions and of their files."""
    folder = course.root / "grader" / "bugs" / homework.name
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise CourseError(
            f"{folder}: there is no catalogue of planted bugs: write one file for each "
            "question, as the instructor's guide says"
        )
    found = [entry for path in paths for entry in _read(course, homework, path)]
    _refuse_twins(found)
    return sorted(
        found, key=lambda each: homework.number(homework.question(each.question))
    )


def _read(course: Course, homework: Homework, path: Path) -> Iterator[Planted]:
    entries = read_toml(path, Entries)
    shown = path.relative_to(course.root).as_posix()
    try:
        question = homework.question(entries.question).id
    except CourseError as error:
        raise CourseError(f"{shown}: {error}") from error
    text = path.read_text(encoding="utf-8")
    variants = {variant.name: variant for variant in entries.variants}
    places = _places(shown, text, "variant", len(variants))
    for variant, place in zip(entries.variants, places, strict=True):
        yield Planted(question, variant.name, place, variant, None)
    places = _places(shown, text, "bug", len(entries.bugs))
    for bug, place in zip(entries.bugs, places, strict=True):
        base = variants[bug.variant] if bug.variant else None
        yield Planted(question, bug.name, place, base, bug)


def _places(path: str, text: str, table: str, count: int) -> list[Place]:
    """Return where the tables begin: what reads TOML does not say."""
    header = re.compile(rf"\s*\[\[\s*{table}\s*\]\]\s*(#.*)?")
    lines = [
        Place(path, number)
        for number, line in enumerate(text.splitlines(), start=1)
        if header.fullmatch(line)
    ]
    if len(lines) != count:
        raise CourseError(
            f"{path}: write each {table} as a table of its own that begins with the "
            f"line [[{table}]], and that line nowhere else; each with its own name"
        )
    return lines


def _refuse_twins(found: list[Planted]) -> None:
    first: dict[str, Planted] = {}
    for each in found:
        other = first.setdefault(each.name, each)
        if other is not each:
            raise CourseError(
                f"{each.place}: {each.name} is also the name of {other.place}: give "
                "each its own"
            )
