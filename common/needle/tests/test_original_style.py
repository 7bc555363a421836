"""Code written for the original course runs unchanged in a homework's folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from coursekit.course import Course
from coursekit.staging import ALL, render, write_folder

COURSE = Course.find(Path(__file__).parent)
TESTS = Path(__file__).parent / "original" / "style_of_the_original.py"


def test_tests_in_the_style_of_the_original_pass(tmp_path):
    folder = tmp_path / "hw1"
    write_folder(render(COURSE, COURSE.homework("hw1"), ALL), folder)
    shutil.copy(TESTS, folder / "test_of_the_original.py")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "test_of_the_original.py"],
        cwd=folder,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )

    assert re.search(r"\b6 passed", done.stdout), done.stdout + done.stderr
