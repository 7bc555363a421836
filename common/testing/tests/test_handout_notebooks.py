"""The notebooks run from top to bottom: on what students get, and on the solution."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from coursekit.notebook import execute
from coursekit.staging import ALL, NONE
from notebook_kit import COURSE, rendered

pytestmark = [
    pytest.mark.slow,
    pytest.mark.notebook,
    pytest.mark.timeout(600),
    pytest.mark.parametrize("homework", [each.name for each in COURSE.homeworks()]),
]
WAITING = "Not yet: "
TROUBLE = re.compile(r"(Error|Warning)\b(?!\()")  # no call, as cudaGetLastError()


def printed(folder: Path) -> Iterator[list[str]]:
    """Run a folder's notebook, and yield the lines that each cell prints.

    A cell that raises is an error, which names it.
    """
    notebook = (folder / f"{folder.name}.ipynb").read_bytes()
    for cell in json.loads(execute(notebook, folder))["cells"]:
        outputs = cell.get("outputs", [])
        yield "".join(t for each in outputs for t in each.get("text", [])).splitlines()


@pytest.fixture(autouse=True)
def no_data_of_ones_own(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))


def test_the_starter_waits_for_what_is_not_written(homework, tmp_path):
    waits = 0
    for lines in printed(rendered(tmp_path, homework, NONE)):
        waits += any(line.startswith(WAITING) for line in lines)
        assert not any(map(TROUBLE.search, lines)), lines
    assert waits > 10


def test_the_solution_lacks_nothing(homework, tmp_path):
    names = [each.name for each in COURSE.homeworks()]
    for earlier in names[: names.index(homework)]:
        rendered(tmp_path, earlier, ALL)  # which the notebook may look at
    for lines in printed(rendered(tmp_path, homework, ALL)):
        assert not any(line.startswith(WAITING) for line in lines), lines
        assert not any("Warning" in line for line in lines), lines
