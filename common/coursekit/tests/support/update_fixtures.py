"""A course with hw1 started in work/hw1; loaded as a plugin by tests of updates."""

from __future__ import annotations

from pathlib import Path

import pytest
from coursekit.errors import CourseError
from update_kit import GIVEN, STUB, release


@pytest.fixture
def course(mini, run_course):
    """Return a course with hw1 started in work/hw1."""
    mini.write("common/hw1/src/a.py", STUB)
    mini.write("common/hw1/src/given.py", GIVEN)
    mini.write("common/hw1/run.sh", "#!/bin/sh\necho one\n\n\nexit\n", executable=True)
    mini.write("common/hw1/picture.png", b"\x89PNG\0one")
    mini.write("common/hw1/handout.md", "# One\n\nText.\n\n## Question 1\n\nDo it.\n")
    assert run_course("start", "hw1", cwd=mini.root).exit_code == 0
    return mini


@pytest.fixture
def work(course) -> Path:
    return course.root / "work/hw1"


@pytest.fixture
def update(course, run_course):
    """Return a function that runs the command; an error is raised."""

    def run(*arguments: object, status: int = 0, version: str = "2") -> str:
        release(course, version)
        result = run_course("update", "hw1", *arguments, cwd=course.root)
        if isinstance(result.exception, CourseError):
            raise result.exception
        assert result.exit_code == status, result.output
        return result.output

    return run
