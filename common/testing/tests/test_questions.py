"""The `-k` patterns that the handouts name select the tests of their question."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from coursekit.course import Course
from coursekit.staging import NONE, render, write_folder

COURSE = Course.find(Path(__file__).parent)
QUESTIONS = [
    question for homework in COURSE.homeworks() for question in homework.questions
]
PATTERNS = {
    "hw0.softmax_regression_epoch": "softmax_regression_epoch and not cpp",
}


@pytest.fixture(scope="module")
def starters(tmp_path_factory):
    """Return every homework as a student gets it."""
    folders = {}
    for homework in COURSE.homeworks():
        folders[homework.name] = tmp_path_factory.mktemp("starter") / homework.name
        write_folder(render(COURSE, homework, NONE), folders[homework.name])
    return folders


def selected(pattern, folder, *arguments):
    """Return the names of the test functions that pytest collects."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-k", pattern]
    done = subprocess.run(
        [*command, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    return set(re.findall(r"::(\w+)", done.stdout))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_a_pattern_selects_its_question_from_any_folder(starters, tmp_path, question):
    pattern = PATTERNS.get(question.id, question.name)
    starter = starters[question.homework]
    assert selected(pattern, starter) == set(question.tests)
    assert selected(pattern, tmp_path, str(starter)) == set(question.tests)


def test_the_docstrings_examples_hold():
    source = COURSE.source("hw0") / "src" / "simple_ml.py"
    command = [sys.executable, "-m", "doctest", "-v", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "Test passed." in done.stdout  # the count is worded differently by version
    assert re.search(r"^[4-9] passed", done.stdout, re.M), done.stdout
