"""Find what a command needs: the library of homeworks, the walls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.course import Course, enclosing_root
from coursekit.errors import CourseError

from grader.library import Checkout, Library, Packs

if TYPE_CHECKING:
    from grader.sandbox import Sandbox


def library_for(path: Path | None = None, *, foreign: bool = False) -> Library:
    """Return the checkout around a folder, else this command's, else the packs here.

    ``foreign``: the folder is somebody else's, who may have put a checkout there.
    """
    if path is not None and foreign:
        root = _root_apart_from(path)
    else:
        around = enclosing_root(path) if path is not None else None
        root = around or enclosing_root(Path.cwd()) or _own_root()
    return Checkout(Course(root)) if root is not None else Packs()


def _root_apart_from(path: Path) -> Path | None:
    """Return the checkout around the working folder, or that of this command.

    A checkout's suites run in this very process, with all that its user may do: they
    must not be ones that came with a submission.
    """
    root = enclosing_root(Path.cwd())
    if root is None or root.is_relative_to(path.resolve()):
        return _own_root()
    return root


def _own_root() -> Path | None:
    return enclosing_root(Path(__file__).parent)


def names_in(library: Library) -> list[str]:
    """Return the homeworks of a library that has any."""
    names = library.names()
    if not names:
        raise CourseError(
            "there is no homework here to grade with: run this in a clone of the "
            "course's repository, or get a grading pack and `grader install` it."
        )
    return names


def chosen_sandbox(level: str | None) -> Sandbox | None:
    """Return the level asked for, None for the best."""
    from grader import sandbox

    return sandbox.by_name(level) if level else None
