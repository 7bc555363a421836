"""Fixtures for all tests of the grader: no test may touch the user's own folders."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from coursekit.errors import CourseError
from grader.proof.slices import Slice


def pytest_configure() -> None:
    """Let commands be stopped as from a keyboard.

    A shell ignores the signal for what it runs in the background, and so would every
    process that a test starts there.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Keep of the tests marked ``sliced`` those that SLICE names; without it, none."""
    try:
        part = Slice.parse(os.environ["SLICE"]) if os.environ.get("SLICE") else None
    except CourseError as error:
        raise pytest.UsageError(f"SLICE: {error}") from None
    outside = [
        item
        for item in items
        if item.get_closest_marker("sliced") and (part is None or item.name not in part)
    ]
    config.hook.pytest_deselected(items=outside)
    items[:] = [item for item in items if item not in outside]


@pytest.fixture(autouse=True)
def grader_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test a grader's folder, a data folder and a home of its own."""
    home = tmp_path / "grader-home"
    monkeypatch.setenv("GRADER_HOME", str(home))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "course-data"))
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GRADER_AHEAD", "0")  # nothing goes on after a test
    return home


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a grader's folder for what is costly to make, one for the whole run.

    What is kept there is kept by its content, so that no test can spoil another.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # of the run; the workers have one each below it
    return folder / "shared-grader-home"
