"""What hw1's public tests say when they fail, and where they cannot be run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from coursekit.course import Course
from coursekit.staging import ALL, NONE, render, write_folder

COURSE = Course.find(Path(__file__).parent)
HIDE = """
import importlib.util as u
real = u.find_spec
u.find_spec = lambda name, *rest: None if name == "hypothesis" else real(name, *rest)
"""
BACKWARDS = """

_in_order = find_topo_sort
def find_topo_sort(node_list):
    return _in_order(node_list)[::-1]
"""


def test_a_wrong_order_is_shown_by_names_of_nodes(tmp_path):
    files = render(COURSE, "hw1", ALL)
    files["python/needle/autograd.py"] += BACKWARDS.encode()
    write_folder(files, tmp_path / "hw1")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-k", "from_left_to_right"],
        cwd=tmp_path / "hw1",
        capture_output=True,
        text=True,
        check=False,
    )
    assert "the order is   total left a right b\n" in done.stdout
    assert "should be   b right a left total\n" in done.stdout


def test_one_sentence_says_that_hypothesis_is_missing(tmp_path):
    starter = tmp_path / "hw1"
    write_folder(render(COURSE, "hw1", NONE), starter)
    (tmp_path / "sitecustomize.py").write_text(HIDE)
    # pytest itself loads the plugins of every package that is installed
    hidden = {"PYTHONPATH": str(tmp_path), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-k", "topo_sort"]
    done = subprocess.run(
        command,
        cwd=starter,
        env={**os.environ, **hidden},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stdout
    assert "Traceback" not in done.stdout
    (line,) = [line for line in done.stdout.splitlines() if "hypothesis" in line]
    assert line.startswith("these tests need the package hypothesis")
    assert line.endswith("-m pip install -r requirements.txt")
