"""Code written for the original course runs unchanged in a homework's folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from coursekit.course import Course
from coursekit.staging import ALL, render, write_folder

COURSE = Course.find(Path(__file__).parent)
TESTS = Path(__file__).parent / "original"


@pytest.mark.parametrize(
    "homework, file, count",
    [
        ("hw1", "style_of_the_original.py", 6),
        ("hw2", "style_of_the_original_hw2.py", 26),
    ],
)
def test_tests_in_the_style_of_the_original_pass(homework, file, count, tmp_path):
    folder = tmp_path / homework
    write_folder(render(COURSE, COURSE.homework(homework), ALL), folder)
    shutil.copy(TESTS / file, folder / "test_of_the_original.py")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "test_of_the_original.py"],
        cwd=folder,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )

    said = done.stdout + done.stderr
    assert re.search(rf"\b{count} passed", done.stdout), said
    assert "failed" not in done.stdout, said
