"""Say in plain words what is wrong with a gradebook's file, and the way out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coursekit.errors import CourseError
from sqlalchemy.exc import DatabaseError

# Parts of SQLite's messages, and what they mean to the person at the keyboard.
MEANINGS = (
    (
        ("not a database", "malformed", "corrupt"),
        "is damaged. Nothing was changed. Move it aside (`mv {path} {path}.damaged`) "
        "to start a new one, or save what it holds with `sqlite3 {path} .recover`",
    ),
    (
        ("readonly", "unable to open", "attempt to write"),
        "cannot be written. Make the file and its folder writable, or set GRADER_HOME "
        "to a folder that is",
    ),
    (
        ("disk is full", "full"),
        "could not grow, the disk is full. Free some space and run the command again",
    ),
    (
        ("disk i/o", "locking protocol"),
        "could not be read or written by the disk. Set GRADER_HOME to a folder on a "
        "local disk that has space, and run the command again",
    ),
    (
        ("locked",),
        "is in use by another command. Wait for it to end and run this one again",
    ),
)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the database's errors about the file into a `CourseError` that names it."""
    try:
        yield
    except DatabaseError as error:
        meaning = _meaning(str(error.orig).lower())
        if meaning is None:
            raise
        raise CourseError(
            f"the gradebook {path} {meaning.format(path=path)} ({error.orig})."
        ) from None


def _meaning(said: str) -> str | None:
    for parts, meaning in MEANINGS:
        if any(part in said for part in parts):
            return meaning
    return None
