"""Test files written for the original's client can be collected and run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import mugrade
import numpy as np
import pytest
from mugrade.__main__ import main, parse

# In the manner of the original's test files of several years; our own words.
TEST_FILE = """
import sys
sys.path.append("./src")
import numpy as np
import mugrade
import pytest
from mugrade import *

def test_add():
    assert 1 + 2 == 3

def submit_add():
    mugrade.submit(1 + 2)
    mugrade.submit(np.float32(0.5))
    mugrade.submit((np.ones(3), [1], None, float, np.dtype("float32"), "word"))

@mugrade.local_tests
def add(x, y):
    return x + y

@mugrade.submit_tests("key", overwrite=True)
def other(x):
    return x

@pytest.mark.parametrize("n", [1, 2])
def submit_n(n):
    mugrade.submit(n)

def test_in_a_cell():
    with mugrade.test("name"):
        assert add(1, 2) == 3 and other(4) == 4
"""


def pytest_run(folder: Path, *options: str) -> str:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "test_original.py").write_text(TEST_FILE)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def test_original_file_is_collected_and_passes(folder: Path) -> None:
    assert "2 passed" in pytest_run(folder)


def test_its_submit_functions_run_as_well(folder: Path) -> None:
    shown = pytest_run(folder, "-s", "-o", "python_functions=submit_*")
    assert "3 passed" in shown


def test_submit_takes_anything_and_only_counts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = mugrade.submitted()
    for value in (None, 1, np.nan, {"a": object()}, lambda: 1, b"\x00"):
        assert mugrade.submit(value) is None
    assert mugrade.submitted() == before + 6
    assert capsys.readouterr() == ("", "")


def test_import_is_light() -> None:
    code = "import sys, mugrade; print(sorted(m for m in sys.modules if '.' not in m))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    for heavy in ("numpy", "click", "rich", "sqlalchemy", "pydantic", "grader"):
        assert f"'{heavy}'" not in done.stdout


@pytest.mark.parametrize(
    ("words", "homework", "expression"),
    [
        ([], None, None),
        (["hw0"], "hw0", None),
        (["-k", "add"], None, "add"),
        (["hw0", "-k", "a and not b"], "hw0", "a and not b"),
        (["-kadd", "hw3"], "hw3", "add"),
        (["-s", "--disable-warnings", "-k", "hw1", "-v"], None, "hw1"),
    ],
)
def test_command_line(
    words: list[str], homework: str | None, expression: str | None
) -> None:
    order = parse(words)
    assert (order.homework, order.expression) == (homework, expression)


def test_publish_says_where_it_belongs() -> None:
    with pytest.raises(SystemExit, match="course server"):
        main(["publish", "KEY", "hw0"])


@pytest.mark.parametrize("words", [[], ["submit"], ["grade", "KEY"], ["submit", "-k"]])
def test_wrong_use_shows_the_right_one(words: list[str]) -> None:
    with pytest.raises(SystemExit, match="usage: python -m mugrade submit KEY"):
        main(words)
