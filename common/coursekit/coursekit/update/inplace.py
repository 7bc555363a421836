"""The folder ``hwN/`` of a clone itself, which git updates and we leave alone."""

from __future__ import annotations

from coursekit.course import Course, enclosing_root
from coursekit.errors import CourseError
from coursekit.staging import NONE, render
from coursekit.staging.manifest import MANIFEST, Manifest, digest
from coursekit.student import StudentFolder
from coursekit.update.leftover import conflict_lines


def is_the_clones_own(folder: StudentFolder) -> bool:
    """Whether a folder is the one that `course stage` renders."""
    root = enclosing_root(folder.path)
    return root is not None and folder.path == root / folder.homework


def check_in_place(folder: StudentFolder) -> None:
    """Refuse if git left conflicts in the folder, or it is behind its sources."""
    found = [
        f"  {path}:{line}"
        for path, was in folder.manifest.files.items()
        for line in _conflicts(folder, path, was)
    ]
    if found:
        raise CourseError(
            f"{folder.path}: git left conflicts here:\n" + "\n".join(found) + "\nKeep"
            " what is right there, and remove the lines with <<<<<<<, ======= and"
            " >>>>>>>"
        )
    course = Course(folder.path.parent)
    now = render(course, folder.homework, NONE)[MANIFEST]
    if Manifest.from_bytes(now) != folder.manifest:
        raise CourseError(
            f"{folder.path}: is older than common/ beside it, from which `course"
            " stage` renders it; `course update` leaves this folder to git. Nothing"
            " was changed."
        )


def _conflicts(folder: StudentFolder, path: str, was: str) -> list[int]:
    file = folder.path / path
    content = file.read_bytes() if file.is_file() else b""
    return [] if digest(content) == was else conflict_lines(content)
