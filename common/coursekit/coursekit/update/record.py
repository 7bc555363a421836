"""The record of one change to a folder: what each file was, and what it became."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from coursekit.errors import CourseError


class Step(BaseModel):
    """One file: the digests of its old and new content (None: no file), and modes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    path: str
    before: str | None
    after: str | None
    mode: int
    before_mode: int


class Record(BaseModel):
    """All the files that one run changed, and why."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str  # of its backup folder
    kind: str  # the command that ran: update, undo
    title: str = ""  # for people: from which version to which
    undoes: str | None = None  # the name of the backup that was brought back
    steps: list[Step]

    def to_bytes(self) -> bytes:
        """Return the record as it is written."""
        return self.model_dump_json(indent=1).encode() + b"\n"


def read_record(path: Path) -> Record:
    """Read a record back."""
    try:
        return Record.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise CourseError(
            f"{path}: cannot be read, so what that run changed is not known. The old"
            f" files are beside it, in {path.parent / 'before'}."
        ) from error
