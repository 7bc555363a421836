"""Grade one submission: build, run every case beside the reference, compare."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from grader.result import GradeResult, Status

if TYPE_CHECKING:
    from grader.material import Material
    from grader.sandbox import Sandbox
    from grader.submission import Submission


@dataclass(frozen=True)
class Event:
    """Tell a progress display what happens.

    ``preparing`` and ``building`` come before the cases, ``running`` and ``finished``
    once a case; ``done`` of ``total`` cases are over. ``status`` is set when finished.
    """

    kind: Literal["preparing", "building", "running", "finished"]
    done: int
    total: int
    case: str = ""
    title: str = ""
    question: str = ""
    status: Status | None = None


Progress = Callable[[Event], None]


def grade(
    material: Material,
    submission: Submission,
    *,
    questions: Collection[str] | None = None,
    seed: int | None = None,
    sandbox: Sandbox | None = None,
    progress: Progress | None = None,
) -> GradeResult:
    """Return what the submission earns in ``questions`` (all by default).

    A fresh seed is drawn unless one is given; the best sandbox is used unless one is
    given. Errors of the student are results, errors of the person who runs the grader
    are :class:`coursekit.errors.CourseError`.
    """
    raise NotImplementedError


def prepare(
    material: Material,
    *,
    questions: Collection[str] | None = None,
    sandbox: Sandbox | None = None,
) -> None:
    """Compute the reference's answers for a fresh seed that a later run will take."""
    raise NotImplementedError
