"""The walls around student code, at the best level the host has."""

from __future__ import annotations

from collections.abc import Callable

from coursekit.errors import CourseError

from grader.sandbox import full, user
from grader.sandbox.full import FullSandbox
from grader.sandbox.none import NoSandbox
from grader.sandbox.spec import BoxProcess, Sandbox, Spec
from grader.sandbox.user import UserSandbox

__all__ = ["LEVELS", "BoxProcess", "Sandbox", "Spec", "best", "by_name", "why_not"]

LEVELS = ("full", "user", "none")  # strongest first

_MAKE: dict[str, Callable[[], Sandbox]] = {
    "full": FullSandbox,
    "user": UserSandbox,
    "none": NoSandbox,
}


def best() -> Sandbox:
    """Return the strongest level that works here."""
    return _MAKE[next(name for name in LEVELS if not why_not(name))]()


def by_name(name: str) -> Sandbox:
    """Return the level of that name; say why it cannot be had."""
    if name not in LEVELS:
        raise CourseError(
            f"there is no sandbox level {name!r}; choose one of {', '.join(LEVELS)}"
        )
    reason = why_not(name)
    if reason:
        raise CourseError(f"sandbox level {name} cannot be had: {reason}")
    return _MAKE[name]()


def why_not(name: str) -> str:
    """Return why a level does not work here, or an empty string."""
    if name == "full":
        return full.trouble()
    return user.trouble() if name == "user" else ""
