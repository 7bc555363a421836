"""What became of a public test or a hidden case in one column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from grader.proof.closure.columns import Column
from grader.proof.public import TestOutcome
from grader.result import CaseResult

Suite = Literal["public", "hidden"]
Never = Literal["", "unwritten", "uncollected", "unbuilt", "unjudged"]
_NEVER: dict[str, Never] = {"build_failed": "unbuilt", "environment": "unjudged"}
_SAID = "Not written yet: "


@dataclass(frozen=True)
class Outcome:
    """One test or case: whether it passed, else what the stub or the failure said."""

    suite: Suite
    name: str
    question: str
    passed: bool
    stub: str = ""  # what a NotImplementedError said
    said: str = ""  # in one line, whatever went wrong
    item: str = ""  # with its parameters
    at: str = ""  # file:line in the folder where it was raised
    never: Never = ""  # why it was not even begun

    def json(self) -> dict[str, Any]:
        """Return what :meth:`of_json` takes."""
        return asdict(self)

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> Outcome:
        """Read what was kept."""
        return cls(**kept)

    @classmethod
    def of_test(cls, found: TestOutcome) -> Outcome:
        """Take a public test's outcome."""
        raised = found.kind == "NotImplementedError" and found.status == "failed"
        return cls(
            "public",
            found.name,
            found.question,
            passed=found.status == "passed",
            stub=found.message if raised else "",
            said=_one_line(f"{found.kind or found.status}: {found.message}"),
            item=found.item,
            at=found.at,
            never=_why_never(found),
        )

    @classmethod
    def of_case(cls, found: CaseResult, notes: Iterable[str] = ()) -> Outcome:
        """Take a hidden case's result; the notes tell of what is not the student's."""
        own = [note for note in notes if note.startswith(f"{found.name}: ")]
        stub = ""
        if found.status == "not_written":
            stub = found.message.removeprefix(_SAID).removesuffix(".")
        return cls(
            "hidden",
            found.name,
            found.question,
            passed=found.status == "passed",
            stub=stub,
            said=_one_line(own[0] if own else f"{found.status}: {found.message}"),
            item=found.name,
            never=_NEVER.get(found.status, ""),
        )


@dataclass(frozen=True)
class Ran:
    """One column, the folder it was run on, and what became of everything."""

    column: Column
    files: Mapping[str, bytes] = field(repr=False)
    outcomes: tuple[Outcome, ...]


def _why_never(found: TestOutcome) -> Never:
    if found.kind == "BuildFailed":
        return "unbuilt"
    if found.kind == "NotFound":
        return "unwritten"
    return "uncollected" if found.file and not found.line else ""


def _one_line(text: str, limit: int = 240) -> str:
    """Return the first line, not too long: what follows is for another place."""
    line = text.strip().partition("\n")[0]
    return line if len(line) <= limit else line[: limit - 4] + " ..."
