"""The table of contents of a pack: ``pack.json``."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

from coursekit.course import GradingTable
from coursekit.errors import CourseError
from coursekit.homework import Homework
from coursekit.toml import Table, describe
from gradebox import Case
from pydantic import ValidationError

from grader.text import clean

INDEX = "pack.json"
FORMAT = 1


class Index(Table):
    """What a pack says of itself, and the digest of every other file in it."""

    format: int = FORMAT
    made_by: str
    course: str
    version: str
    homework: Homework
    policy: GradingTable
    editable: list[str]
    cases: list[Case]
    earlier: dict[str, list[str]]  # of a question: all that come before it
    files: dict[str, str]

    def to_bytes(self) -> bytes:
        """Return the index as it is written, the same every time."""
        data = self.model_dump(mode="json", by_alias=True)
        return json.dumps(data, indent=1, sort_keys=True).encode() + b"\n"

    @classmethod
    def from_bytes(cls, data: bytes) -> Index:
        """Read an index; say which grader made it where it cannot be understood."""
        try:
            raw = json.loads(data)
            _refuse_odd_text(raw)
        except (ValueError, RecursionError) as error:
            raise CourseError(f"{INDEX} is damaged ({error})") from None
        if not isinstance(raw, dict):
            raise CourseError(f"{INDEX} is not a table of contents")
        _refuse_other_format(raw)
        try:
            return cls.model_validate(raw)
        except ValidationError as error:
            said = f"{INDEX}: {describe(error, raw)}"
            raise CourseError(f"{said} ({_makers(raw)})") from None


def _refuse_odd_text(found: object) -> None:
    """Refuse text that would act on a terminal: titles and versions are shown there."""
    if isinstance(found, str):
        most = len(found) + 8
        if "\n" in found or clean(found, most, most) != found:
            raise CourseError(f"{INDEX} holds text with control characters")
    elif isinstance(found, dict):
        for key, value in found.items():
            _refuse_odd_text(key)
            _refuse_odd_text(value)
    elif isinstance(found, list):
        for value in found:
            _refuse_odd_text(value)


def maker() -> str:
    """Return what this grader calls itself in the packs it makes."""
    return f"needle-grader {version('needle-grader')}"


def _refuse_other_format(raw: dict[str, Any]) -> None:
    found = raw.get("format")
    if isinstance(found, int) and found > FORMAT:
        raise CourseError(
            f"it is of format {found} and this grader reads format {FORMAT} "
            f"({_makers(raw)}): update the grader, then install the pack again"
        )
    if found != FORMAT:
        raise CourseError(f"{INDEX} does not say that its format is {FORMAT}")


def _makers(raw: dict[str, Any]) -> str:
    made_by = str(raw.get("made_by", "an unknown grader"))[:60]
    return f"made by {made_by!a}, this is {maker()}"
