"""The `-k` patterns that the handouts name select the tests of their question."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from coursekit.course import Course
from coursekit.staging import NONE, render, write_folder
from grader.select import select_questions

COURSE = Course.find(Path(__file__).parent)
QUESTIONS = [
    question for homework in COURSE.homeworks() for question in homework.questions
]
COMMAND = re.compile(r'python3 -m pytest -k "([^"]+)"')


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


def told(folder, question):
    """Return the pattern that the handout gives in the section of a question."""
    section = (folder / "handout.md").read_text().split(f"\n## {question.section}:")[1]
    return COMMAND.search(section)[1]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_a_pattern_selects_its_question_from_any_folder(starters, tmp_path, question):
    starter = starters[question.homework]
    pattern = told(starter, question)
    assert selected(pattern, starter) == set(question.tests)
    assert selected(pattern, tmp_path, str(starter)) == set(question.tests)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_the_grader_finds_the_same_question_by_a_pattern(starters, question):
    starter = starters[question.homework]
    files = {
        path.relative_to(starter).as_posix(): path.read_bytes()
        for path in starter.glob("tests/**/*.py")
    }
    homework = COURSE.homework(question.homework)
    assert select_questions(homework, files, told(starter, question)) == [question.id]


def test_the_docstrings_examples_hold():
    source = COURSE.source("hw0") / "src" / "simple_ml.py"
    command = [sys.executable, "-m", "doctest", "-v", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "Test passed." in done.stdout  # the count is worded differently by version
    assert re.search(r"^[4-9] passed", done.stdout, re.M), done.stdout
