"""Every homework, as a student meets it and as the reference solves it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from coursekit.course import Course, enclosing_root
from coursekit.staging import ALL, NONE, render, write_folder
from grader.engine import grade
from grader.material import Material
from grader.submission import Submission

COURSE = Course(enclosing_root(Path(__file__).parent))
HOMEWORKS = COURSE.config.course.homeworks


@pytest.fixture(scope="module", params=HOMEWORKS)
def homework(request):
    return COURSE.homework(request.param)


@pytest.fixture(scope="module")
def reference(homework, tmp_path_factory):
    """The solved folder, built."""
    return written(homework, ALL, tmp_path_factory.mktemp("reference"))


@pytest.fixture(scope="module")
def starter(homework, tmp_path_factory):
    """A student's untouched folder, built: stubs compile."""
    return written(homework, NONE, tmp_path_factory.mktemp("starter"))


def written(homework, solved, parent):
    folder = parent / homework.name
    write_folder(render(COURSE, homework, solved), folder)
    if homework.build is not None:
        command = [
            part.format(python=sys.executable) for part in homework.build.command
        ]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


def run_tests(folder, *arguments):
    """Run the folder's public tests as a student does; return its lines of verdicts."""
    command = [sys.executable, "-m", "pytest", "-rA", "--tb=line", *arguments]
    environment = {
        **os.environ,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "COLUMNS": "1000",  # the summary cuts messages at the edge of the terminal
    }
    run = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    verdicts = re.findall(r"^(PASSED|FAILED|ERROR) \S+?::(\w+)(.*)$", run.stdout, re.M)
    assert verdicts, run.stdout + run.stderr
    return {name: (verdict, rest) for verdict, name, rest in verdicts}


def test_reference_passes_every_public_test(homework, reference):
    verdicts = run_tests(reference)
    assert {verdict for verdict, _ in verdicts.values()} == {"PASSED"}
    listed = {test for question in homework.questions for test in question.tests}
    assert set(verdicts) == listed


def test_untouched_folder_fails_every_public_test_with_its_stub(homework, starter):
    owners = {
        test: {question.id, *question.needs}
        for question in homework.questions
        for test in question.tests
    }
    for name, (verdict, message) in run_tests(starter).items():
        assert verdict == "FAILED", name
        assert "NotImplementedError" in message, f"{name}: {message}"
        assert any(f"{owner}: " in message for owner in owners[name]), message


def test_reference_earns_every_point(homework, reference):
    material = Material.from_course(COURSE, homework.name)
    result = grade(material, Submission.from_folder(reference, homework))
    lost = [
        (case.name, case.status, case.message)
        for question in result.questions
        for case in question.cases
        if case.status != "passed"
    ]
    assert lost == []
    assert result.earned == result.points == homework.points


def test_untouched_folder_earns_nothing_and_says_what_to_write(homework, starter):
    material = Material.from_course(COURSE, homework.name)
    result = grade(material, Submission.from_folder(starter, homework))
    statuses = {
        case.name: case.status
        for question in result.questions
        for case in question.cases
    }
    assert set(statuses.values()) == {"not_written"}, statuses
    assert result.earned == 0


@pytest.mark.slow
@pytest.mark.notebook
@pytest.mark.timeout(600)
@pytest.mark.parametrize("solved", [ALL, NONE], ids=["reference", "starter"])
def test_notebook_runs_from_top_to_bottom(homework, solved, tmp_path):
    from coursekit.notebook import execute

    folder = written(homework, solved, tmp_path)
    execute((folder / f"{homework.name}.ipynb").read_bytes(), folder)
