"""Where the grader keeps what must outlive a command."""

from __future__ import annotations

import os
from pathlib import Path

from coursekit.errors import CourseError

DATABASE = "gradebook.sqlite3"


def home() -> Path:
    """Return the grader's folder: ``GRADER_HOME``, else the user's data folder."""
    chosen = os.environ.get("GRADER_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("needle-course", appauthor=False) / "grader"


def folder(*parts: str) -> Path:
    """Return a folder below :func:`home`, made readable by its owner alone."""
    path = home().joinpath(*parts)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(
            f"cannot make the grader's folder {path}: {error.strerror}. Make it "
            "writable, or set GRADER_HOME to a folder that is."
        ) from None
    return path
