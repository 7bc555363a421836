"""Who hands in, and under which name: text that is safe to keep and to show."""

from __future__ import annotations

import getpass
import unicodedata

from coursekit.errors import CourseError

LONGEST = 200


def student_name(given: str | None) -> str:
    """Return the name to record: the one given, else the name of the user here."""
    name = clean_name(given if given is not None else _user())
    if not name:
        raise CourseError("the student's name is empty. Give one with --as NAME.")
    return name


def clean_name(text: str) -> str:
    """Return a name in which every character can be stored and shown on one line.

    What cannot (control characters, broken UTF-8, invisible marks that reorder text) is
    written as an escape, so that two names stay two names.
    """
    text = unicodedata.normalize("NFC", text).strip(" ")
    shown = "".join(char if char.isprintable() else _escape(char) for char in text)
    return shown[:LONGEST]


def _escape(char: str) -> str:
    return char.encode("unicode_escape", "backslashreplace").decode("ascii")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        # In a container the user may have a number and no name.
        return "student"
