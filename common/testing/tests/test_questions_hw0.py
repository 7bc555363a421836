"""The `-k` patterns that the handout names select the tests of their question."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from coursekit.course import Course
from coursekit.staging import NONE, render, write_folder

COURSE = Course.find(Path(__file__).parent)
QUESTIONS = COURSE.homework("hw0").questions
PATTERNS = {
    "hw0.softmax_regression_epoch": "softmax_regression_epoch and not cpp",
}


@pytest.fixture(scope="module")
def starter(tmp_path_factory):
    folder = tmp_path_factory.mktemp("starter") / "hw0"
    write_folder(render(COURSE, COURSE.homework("hw0"), NONE), folder)
    return folder


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_a_pattern_selects_its_question_from_any_folder(starter, tmp_path, question):
    pattern = PATTERNS.get(question.id, question.id.removeprefix("hw0."))
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-k", pattern]
    for folder, extra in ((starter, []), (tmp_path, [str(starter)])):
        done = subprocess.run(
            [*command, *extra], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout
        assert set(re.findall(r"::(\w+)", done.stdout)) == set(question.tests)


def test_the_docstrings_examples_hold():
    source = COURSE.source("hw0") / "src" / "simple_ml.py"
    command = [sys.executable, "-m", "doctest", "-v", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "Test passed." in done.stdout  # the count is worded differently by version
    assert re.search(r"^[4-9] passed", done.stdout, re.M), done.stdout
