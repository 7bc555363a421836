"""The planted bugs of every homework: each is found, each other solution accepted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from bug_course import bench
from coursekit.course import Course, enclosing_root
from grader.proof.bugs.catalogue import read_catalogue
from grader.proof.bugs.hunt import hunt
from grader.proof.bugs.plant import Garden
from grader.proof.bugs.table import sources
from grader.proof.page import is_current

COURSE = Course(enclosing_root(Path(__file__).parent))
HOMEWORKS = COURSE.config.course.homeworks
CATALOGUES = {name: read_catalogue(COURSE, COURSE.homework(name)) for name in HOMEWORKS}
LEAST = 20  # bugs a homework
LEAST_EACH = 5  # bugs a question


@pytest.fixture(params=HOMEWORKS)
def homework(request):
    return COURSE.homework(request.param)


def test_every_entry_can_be_planted(homework):
    garden = Garden(COURSE, homework)
    for entry in CATALOGUES[homework.name]:
        files = garden.changed(entry)
        assert any(files[path] != garden.reference[path] for path in files), entry.name


def test_every_question_has_its_bugs(homework):
    bugs = [entry for entry in CATALOGUES[homework.name] if not entry.right]
    counts = Counter(entry.question for entry in bugs)
    assert len(bugs) >= LEAST
    assert all(counts[question.id] >= LEAST_EACH for question in homework.questions)


def test_the_page_describes_what_is_there(homework):
    name = homework.name
    assert is_current(COURSE, f"bugs {name}", sources(COURSE, name)), (
        "docs/proof.md is older than what it describes: run `make prove`"
    )


@pytest.fixture
def workbench(shared_home, monkeypatch):
    """What bugs are tried with; what serves all of them is made once a run."""
    monkeypatch.setenv("GRADER_HOME", str(shared_home))
    return bench


@pytest.mark.sliced
@pytest.mark.parametrize(
    "homework, entry",
    [
        pytest.param(name, entry, id=f"{name}-{entry.name}")
        for name, entries in CATALOGUES.items()
        for entry in entries
    ],
)
def test_planted(homework, entry, workbench):
    found = hunt(workbench(COURSE, homework), [entry], whole=False)
    assert [str(finding) for finding in found.findings()] == []
