"""Every homework: its closure, and the page that tells of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from coursekit.course import Course, enclosing_root
from grader.proof.closure import columns, given_away, run_columns
from grader.proof.closure.table import sources
from grader.proof.page import is_current
from grader.proof.slices import chosen

COURSE = Course(enclosing_root(Path(__file__).parent))
HOMEWORKS = COURSE.homeworks()


def closure_columns():
    """Return each homework's columns: starter, reference and one more always run.

    The commit chooses which; the others belong to slices.
    """
    found = []
    for homework in HOMEWORKS:
        all_of_them = columns(COURSE, homework)
        ends = ("nothing", homework.questions[-1].id)
        always = {f"{homework.name}/{end}" for end in ends}
        always.add(chosen([c.name for c in all_of_them if c.name not in always]))
        for column in all_of_them:
            marks = [] if column.name in always else [pytest.mark.sliced]
            found.append(pytest.param(column, id=column.name, marks=marks))
    return found


@pytest.mark.parametrize("column", closure_columns())
def test_closure_holds(column, shared_home, monkeypatch):
    monkeypatch.setenv("GRADER_HOME", str(shared_home))
    found = run_columns(COURSE, column.homework, [column])
    assert [str(each) for each in found.findings] == []
    [ran] = found.runs
    passed = {each.question for each in ran.outcomes if each.passed}
    assert passed >= {q.id for q in found.homework.questions} & column.solved


@pytest.mark.parametrize("homework", HOMEWORKS, ids=lambda homework: homework.name)
def test_no_solution_is_given_away(homework):
    assert [str(each) for each in given_away(COURSE, homework)] == []


@pytest.mark.parametrize("homework", HOMEWORKS, ids=lambda homework: homework.name)
def test_the_page_describes_the_homework_as_it_is(homework):
    """Nothing is proven anew here: a digest says what the table was written from."""
    name = homework.name
    assert is_current(COURSE, f"closure {name}", sources(COURSE, name)), (
        f"docs/proof.md is older than {name}, its tests or its suite: run `make prove`"
    )
