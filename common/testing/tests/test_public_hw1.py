"""What hw1's public tests say where they cannot be run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from coursekit.course import Course
from coursekit.staging import NONE, render, write_folder

COURSE = Course.find(Path(__file__).parent)
HIDE = """
import importlib.util as u
real = u.find_spec
u.find_spec = lambda name, *rest: None if name == "hypothesis" else real(name, *rest)
"""


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
