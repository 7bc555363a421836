"""Findings about solutions that stand in what students get."""

from __future__ import annotations

from collections.abc import Iterator

from coursekit.course import Course
from coursekit.homework import Homework
from coursekit.leaks import find_leaks, in_sources
from coursekit.staging.render import finish, render_folder
from coursekit.staging.solved import NONE

from grader.proof.finding import Finding


def given_away(course: Course, homework: Homework) -> Iterator[Finding]:
    """Yield the places in the homework's sources that tell a solution."""
    folder = render_folder(course, homework, NONE)
    leaks = find_leaks(course, homework, finish(folder))
    for leak in in_sources(leaks, folder.origins):
        yield Finding(
            leak.file,
            leak.line,
            f"gives away {leak.origin}, `{leak.text}`: say it in words, by another"
            " example, or as plain loops",
        )
