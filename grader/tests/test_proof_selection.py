"""Tests marked ``sliced`` run where SLICE names them, and only there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from grader.proof.slices import Slice

CONFTEST = Path(__file__).parent / "conftest.py"
TESTS = """
import pytest

@pytest.mark.sliced
@pytest.mark.parametrize("n", range(8))
def test_part(n):
    pass

def test_always():
    pass
"""


def run(folder, part):
    """Return what pytest says of each test that it runs, and of trouble."""
    (folder / "test_some.py").write_text(TESTS)
    (folder / "conftest.py").write_text(CONFTEST.read_text())
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = sliced\n")
    environment = {k: v for k, v in os.environ.items() if k != "SLICE"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "test_some.py"],
        cwd=folder,
        env=environment | ({"SLICE": part} if part else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


ALL = [f"test_part[{n}]" for n in range(8)]


@pytest.mark.parametrize("part", ["", "2/3", "all"])
def test_what_runs(tmp_path, part):
    wanted = [name for name in ALL if part and name in Slice.parse(part)]
    passed = re.findall(r"::(\S+) PASSED", run(tmp_path, part))
    assert passed == [*wanted, "test_always"]


def test_a_bad_slice_is_refused(tmp_path):
    said = run(tmp_path, "5/3")
    assert "SLICE: '5/3': slices are numbered from 1 to 3" in said
    assert "no tests ran" in said
