"""Find what a command needs: the homework's material, the work to grade, the walls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.course import Course, enclosing_root
from coursekit.errors import CourseError

if TYPE_CHECKING:
    from grader.material import Material
    from grader.sandbox import Sandbox


def course_for(path: Path | None = None) -> Course:
    """Return the checkout around a folder, else the one this command belongs to."""
    root = enclosing_root(path) if path is not None else None
    return Course(root) if root is not None else Course.find()


def material_for(homework: str, path: Path | None = None) -> Material:
    """Return what a homework is graded with; say what to do where it is not here."""
    try:
        course = course_for(path)
    except CourseError:
        raise CourseError(
            f"{homework} cannot be graded here: a student bundle has no hidden tests. "
            "It takes a clone of the course's repository (install its grader, or run "
            "the command inside it); a grading pack or a course server will do later. "
            "The public tests work meanwhile: python3 -m pytest"
        ) from None
    from grader.material import Material

    return Material.from_course(course, homework)


def public_tests(homework: str, path: Path | None = None) -> dict[str, bytes]:
    """Return the homework's own test files, which no student's edit has touched."""
    source = course_for(path).source(homework)
    found = sorted((source / "tests").rglob("*.py"))
    return {each.relative_to(source).as_posix(): each.read_bytes() for each in found}


def chosen_sandbox(level: str | None) -> Sandbox | None:
    """Return the level asked for, None for the best."""
    from grader import sandbox

    return sandbox.by_name(level) if level else None
