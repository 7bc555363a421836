"""Read a hidden suite; what is wrong with it is told with file and line."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import Path

from coursekit.errors import CourseError
from coursekit.homework import Homework
from gradebox import Case
from gradebox.suite import load_suite


def read_suite(homework: Homework, folder: Path) -> tuple[Case, ...]:
    """Return the cases of a suite that fits the homework."""
    cases = tuple(_load(folder).values())
    check_cases(homework, cases, folder)
    return cases


def check_cases(homework: Homework, cases: Sequence[Case], where: Path | str) -> None:
    """Refuse cases that do not fit the homework; ``where`` is what errors call them."""
    _refuse_odd(cases, where)
    _refuse_unknown(homework, cases, where)
    _refuse_other_points(homework, cases, where)


def _load(folder: Path) -> dict[str, Case]:
    try:
        return load_suite(folder, folder.parent).cases
    except SyntaxError as error:
        place = f"{error.filename}:{error.lineno}"
        raise CourseError(f"{place}: not valid Python: {error.msg}") from error
    except Exception as error:  # a suite is code: it may fail in any way
        said = f"{type(error).__name__}: {error}"
        raise CourseError(f"{_place(error, folder)}: {said}") from error


def _place(error: Exception, folder: Path) -> str:
    """Return file and line of the innermost frame that is the suite's own."""
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        if Path(frame.filename).parent in {folder, folder.parent}:
            return f"{frame.filename}:{frame.lineno}"
    return str(folder)


def _refuse_odd(cases: Sequence[Case], where: Path | str) -> None:
    """Refuse what a suite cannot define, but a table of contents may say."""
    names: set[str] = set()
    for case in cases:
        if case.name in names:
            raise CourseError(f"{where}: two cases are named {case.name}")
        if not case.points > 0:
            raise CourseError(f"{where}: case {case.name}: points must be positive")
        names.add(case.name)


def _refuse_unknown(
    homework: Homework, cases: Sequence[Case], where: Path | str
) -> None:
    known = {question.id for question in homework.questions}
    for case in cases:
        for name in (case.question, *case.needs):
            if name not in known and name.startswith(f"{homework.name}."):
                raise CourseError(
                    f"{where}: case {case.name}: there is no question {name} in "
                    f"homework.toml; it has {', '.join(sorted(known))}"
                )


def _refuse_other_points(
    homework: Homework, cases: Sequence[Case], where: Path | str
) -> None:
    for question in homework.questions:
        own = [case for case in cases if case.question == question.id]
        points = sum(case.points for case in own)
        if abs(points - question.points) > 1e-6:
            listed = ", ".join(f"{case.name} {case.points:g}" for case in own)
            raise CourseError(
                f"{where}: the cases of {question.id} are worth {points:g} points "
                f"together ({listed or 'there are none'}), homework.toml says "
                f"{question.points:g}: make the two agree"
            )
