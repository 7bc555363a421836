"""Read a submission from wherever its owner put it."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

from coursekit.errors import CourseError
from coursekit.homework import Homework

from grader.submission import Submission
from grader.text import line

MAX_DEPTH = 4
MAX_LOOKED_AT = 200


def read_submission(path: Path, homework: Homework) -> Submission:
    """Take in a folder or a zip archive; one without any wanted file is an error.

    Grading it would give zero points for what is most likely a slip in handing in.
    """
    if path.is_file():
        found = Submission.from_zip(path, homework)
    elif path.is_dir():
        found = _read_folder(path, homework)
    else:
        raise CourseError(f"{path} is neither a folder nor a zip archive.")
    if not found.files:
        raise CourseError(
            f"{path} holds nothing to grade: no file matches "
            f"{', '.join(homework.submission.files)}. It should be a folder of "
            f"{homework.name}, or a zip archive of one."
        )
    return found


def _read_folder(path: Path, homework: Homework) -> Submission:
    """Read a folder, or else the only folder or archive in it, and so on down.

    Students pack the folder around their work, and learning platforms put each
    student's archive into a folder of its own. Where there are two, none is chosen.
    """
    found, here = Submission.from_folder(path, homework), path
    for _ in range(MAX_DEPTH):
        inside = _inside(here)
        if found.files or len(inside) != 1:
            break
        here = inside[0]
        if here.is_dir():
            found = Submission.from_folder(here, homework)
        else:
            found = Submission.from_zip(here, homework)
            break
    if here == path or not found.files:
        return found
    where = line(str(here.relative_to(path)), 120)
    return replace(found, notes=[f"read from {where}", *found.notes])


def _inside(folder: Path) -> list[Path]:
    """Return the folders and archives in a folder that may be somebody's work."""
    try:
        children = sorted(islice(folder.iterdir(), MAX_LOOKED_AT))
    except OSError as error:
        raise CourseError(f"cannot read {folder}: {error.strerror}") from None
    return [
        each
        for each in children
        if not each.name.startswith((".", "__MACOSX"))
        and not each.is_symlink()
        and (each.is_dir() or each.suffix.lower() == ".zip")
    ]
