"""Find what a command needs: the homework's material, the work to grade, the walls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.course import Course, enclosing_root
from coursekit.errors import CourseError

if TYPE_CHECKING:
    from grader.material import Material
    from grader.sandbox import Sandbox


def course_for(path: Path | None = None, *, foreign: bool = False) -> Course:
    """Return the checkout around a folder, else the one this command belongs to.

    ``foreign``: the folder is somebody else's, who may have put a checkout there.
    """
    if path is not None and foreign:
        return _course_apart_from(path)
    root = enclosing_root(path) if path is not None else None
    return Course(root) if root is not None else Course.find()


def _course_apart_from(path: Path) -> Course:
    """Return the checkout around the working folder, or that of this command.

    A suite's modules run in this very process, with all that its user may do: they
    must not be ones that came with a submission.
    """
    root = enclosing_root(Path.cwd())
    if root is None or root.is_relative_to(path.resolve()):
        return Course.find(Path(__file__).parent)
    return Course(root)


def material_for(
    homework: str, path: Path | None = None, *, foreign: bool = False
) -> Material:
    """Return what a homework is graded with; say what to do where it is not here."""
    try:
        course = course_for(path, foreign=foreign)
    except CourseError:
        raise CourseError(
            f"{homework} cannot be graded here: a student bundle has no hidden tests. "
            "It takes a clone of the course's repository (install its grader, or run "
            "the command inside it); a grading pack or a course server will do later. "
            "The public tests work meanwhile: python3 -m pytest"
        ) from None
    from grader.material import Material

    return Material.from_course(course, homework)


def public_tests(
    homework: str, path: Path | None = None, *, foreign: bool = False
) -> dict[str, bytes]:
    """Return the homework's own test files, which no student's edit has touched."""
    source = course_for(path, foreign=foreign).source(homework)
    found = sorted((source / "tests").rglob("*.py"))
    return {each.relative_to(source).as_posix(): each.read_bytes() for each in found}


def chosen_sandbox(level: str | None) -> Sandbox | None:
    """Return the level asked for, None for the best."""
    from grader import sandbox

    return sandbox.by_name(level) if level else None
