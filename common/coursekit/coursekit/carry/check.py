"""Refuse to carry where it makes no sense, before anything is read or written."""

from __future__ import annotations

from collections.abc import Sequence

from coursekit.carry.copy import Copy
from coursekit.console import shown
from coursekit.errors import CourseError
from coursekit.homework import stage_number
from coursekit.student import StudentFolder
from coursekit.update.leftover import conflict_lines


def in_order(
    sources: Sequence[StudentFolder], target: StudentFolder
) -> list[StudentFolder]:
    """Return the sources from the earliest homework to the latest, or refuse."""
    seen: dict[str, StudentFolder] = {}
    for source in sources:
        _refuse_solved(source)
        _refuse_unrelated(source, target)
        other = seen.setdefault(source.homework, source)
        if other is not source:
            raise CourseError(
                f"{shown(other.path)} and {shown(source.path)} are both"
                f" {source.homework}: name the one with your final work"
            )
    _refuse_solved(target)
    return sorted(seen.values(), key=lambda each: stage_number(each.homework))


def refuse_undecided(sources: Sequence[Copy], target: Copy) -> None:
    """Refuse to carry where an earlier merge waits for a decision.

    In a source that matters only outside the regions, where it hides what is whose; a
    region with a conflict in it is left out by itself.
    """
    found = [
        f"  {copy.shown(path)}:{line}"
        for copy in (*sources, target)
        for path, file in copy.files.items()
        for line in conflict_lines(file.content)
        if copy is target or not file.is_inside(line)
    ]
    if found:
        raise CourseError(
            "nothing was carried, because conflicts are still to be decided:\n"
            + "\n".join(found)
            + "\nKeep what is right there, remove the lines with <<<<<<<, ======= and"
            " >>>>>>>, and run this again"
        )


def _refuse_unrelated(source: StudentFolder, target: StudentFolder) -> None:
    if source.path == target.path:
        raise CourseError(
            f"{shown(source.path)} is named both as source and as target: name an"
            " earlier homework first, and yours last (course carry hw1 hw2)"
        )
    courses = [source.manifest.course, target.manifest.course]
    if all(courses) and len({*courses}) > 1:
        raise CourseError(
            f"{shown(source.path)} is of the course {courses[0]!r} and"
            f" {shown(target.path)} of {courses[1]!r}: nothing can be carried between"
            " courses"
        )
    if source.homework == target.homework:
        raise CourseError(
            f"{shown(source.path)} and {shown(target.path)} are both"
            f" {source.homework}: a newer release of the same homework is brought in by"
            " `course update`"
        )
    if stage_number(source.homework) > stage_number(target.homework):
        raise CourseError(
            f"{source.homework} comes after {target.homework}: the earlier homework"
            f" goes first (course carry {target.homework} {source.homework})"
        )


def _refuse_solved(folder: StudentFolder) -> None:
    if folder.manifest.solved:
        raise CourseError(
            f"{shown(folder.path)}: shows solutions, so it is no student's folder. Make"
            f" your own with `course start {folder.homework}`."
        )
