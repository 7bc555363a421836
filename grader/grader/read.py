"""Read a submission from wherever its owner put it."""

from __future__ import annotations

from pathlib import Path

from coursekit.errors import CourseError
from coursekit.homework import Homework

from grader.submission import Submission


def read_submission(path: Path, homework: Homework) -> Submission:
    """Take in a folder or a zip archive; one without any wanted file is an error.

    Grading it would give zero points for what is most likely a slip in handing in.
    """
    found = _read(path, homework)
    if not found.files:
        raise CourseError(
            f"{path} holds nothing to grade: no file matches "
            f"{', '.join(homework.submission.files)}. It should be a folder of "
            f"{homework.name}, or a zip archive of one."
        )
    return found


def _read(path: Path, homework: Homework) -> Submission:
    if path.is_file():
        return Submission.from_zip(path, homework)
    if not path.is_dir():
        raise CourseError(f"{path} is neither a folder nor a zip archive.")
    found = Submission.from_folder(path, homework)
    inner = _only_folder(path)
    if found.files or inner is None:
        return found
    return Submission.from_folder(inner, homework)


def _only_folder(path: Path) -> Path | None:
    """Return what is alone in this folder, as when somebody packed the whole folder."""
    clutter = (".", "__MACOSX")
    inside = [each for each in path.iterdir() if not each.name.startswith(clutter)]
    if len(inside) != 1 or inside[0].is_symlink() or not inside[0].is_dir():
        return None
    return inside[0]
