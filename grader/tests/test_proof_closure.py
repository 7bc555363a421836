"""Closure on small courses: one that holds, and one that is broken in every way."""

from __future__ import annotations

import pytest
from grader.proof.closure import columns, prove_closure
from grader.proof.closure.table import block
from grader.proof.slices import Slice
from proof_course import change, line_of, write_proof_course
from proof_defects import plant_all

TABLE_1 = """\
| solved | 1 `thrice` | 2 `scale` | 3 `negate` |
| --- | :-: | :-: | :-: |
| untouched | 0/1, 0/1 | 0/1, 0/2 | 0/1, 0/1 |
| nothing | 0/1, 0/1 | 0/1, 0/2 | 0/1, 0/1 |
| 1 | **1/1, 1/1** | 0/1, 0/2 | 0/1, 0/1 |
| 1 to 2 | **1/1, 1/1** | **1/1, 2/2** | 0/1, 0/1 |
| 1 to 3 | **1/1, 1/1** | **1/1, 2/2** | **1/1, 1/1** |
| only 1 | **1/1, 1/1** | 0/1, 0/2 | 0/1, 0/1 |
| only 2 | 0/1, 0/1 | **1/1, 2/2** | 0/1, 0/1 |
| only 2, 3 | 0/1, 0/1 | **1/1, 2/2** | **1/1, 1/1** |"""


@pytest.fixture(autouse=True)
def one_home(grader_home, shared_home, monkeypatch):
    """Run the same column only once, whichever test is the first to ask for it."""
    monkeypatch.setenv("GRADER_HOME", str(shared_home))


@pytest.fixture
def course(tmp_path):
    return write_proof_course(tmp_path / "course")


def test_a_sound_homework_has_no_findings(course):
    found = prove_closure(course, "hw1")
    assert found.findings == ()
    assert TABLE_1 in block(found.homework, found.runs)


def test_what_is_given_is_listed_and_nothing_found(course):
    wanted = columns(course, course.homework("hw0"))[:2]
    found = prove_closure(course, "hw0", wanted=wanted)
    assert found.findings == ()
    shown = block(found.homework, found.runs)
    assert "| nothing | 0/1, 0/1 | 1/2, 1/2 |" in shown
    assert "- `label_is_given` (hw0.area)" in shown


def test_everything_that_is_planted_is_reported_at_its_place(course):
    planted = plant_all(course.root)
    found = [str(each) for each in prove_closure(course, "hw0").findings]
    for part, place in planted.items():
        assert [f for f in found if part in f and f.startswith(f"{place}: ")], (
            f"{part!r} at {place} is not among\n" + "\n".join(found)
        )
    assert len(found) == len(planted), "\n".join(found)


def test_a_region_of_another_question_is_reported_where_it_is(course):
    path = "common/needle/python/tiny.py"
    change(course.root, path, "SOLUTION hw1.scale", "SOLUTION hw1.negate")
    wanted = columns(course, course.homework("hw1"))[1:2]
    [found] = prove_closure(course, "hw1", wanted=wanted).findings
    assert str(found).startswith(line_of(course.root, path, "hw1.negate") + ": ")
    assert "make hw1.scale the owner" in found.what


def test_an_untouched_folder_may_stop_at_an_earlier_homework(course):
    """The stub of hw0 is accepted there, and nowhere else."""
    untouched, nothing, *_ = columns(course, course.homework("hw1"))
    assert (untouched.solved, nothing.solved) == (set(), {"hw0.add", "hw0.area"})
    path = "grader/suites/hw1/suite.py"
    change(course.root, path, 'points=1, needs=["hw0.add"]', "points=1")
    assert prove_closure(course, "hw1", wanted=[untouched]).findings == ()


def test_a_case_may_need_more_than_its_question_does(course):
    """Only what a question's own code needs has to be declared for all of it."""
    path = "common/hw1/tests/hw1/test_tiny.py"
    change(course.root, path, "tiny.add(0, 1)", "1")
    path = "common/hw1/homework.toml"
    change(course.root, path, '"test_scale"]\nneeds = ["hw0.add"]', '"test_scale"]')
    [only] = [c for c in columns(course, course.homework("hw1")) if c.only][1:2]
    assert (only.label, only.solved) == ("hw1.scale", {"hw1.scale"})
    assert prove_closure(course, "hw1", wanted=[only]).findings == ()


def test_a_slice_runs_its_columns_only(course):
    names = [column.name for column in columns(course, course.homework("hw1"))]
    parts = [Slice(part, 3) for part in (1, 2, 3)]
    ran = [
        run.column.name
        for part in parts
        for run in prove_closure(course, "hw1", wanted=part).runs
    ]
    assert sorted(ran) == sorted(names)


def test_what_has_not_changed_is_not_run_again(course, monkeypatch):
    wanted = columns(course, course.homework("hw1"))[:1]
    first = prove_closure(course, "hw1", wanted=wanted)
    for name in ("run_each", "run_hidden"):
        monkeypatch.setattr(f"grader.proof.closure.run.{name}", None)
    again = prove_closure(course, "hw1", wanted=wanted)
    assert again.runs == first.runs
    with pytest.raises(TypeError, match="not callable"):
        prove_closure(course, "hw1", wanted=wanted, use_cache=False)


def test_a_changed_test_lets_the_public_tests_run_again_and_no_others(
    course, monkeypatch
):
    wanted = columns(course, course.homework("hw1"))[:1]
    first = prove_closure(course, "hw1", wanted=wanted)
    monkeypatch.setattr("grader.proof.closure.run.run_hidden", None)
    path = "common/hw1/tests/hw1/test_tiny.py"
    change(course.root, path, "assert tiny.thrice(5) == 15", "assert True")
    again = prove_closure(course, "hw1", wanted=wanted)
    assert again.runs[0].outcomes != first.runs[0].outcomes
    path = "grader/suites/hw1/suite.py"
    change(course.root, path, "A number.", "Any number.")
    with pytest.raises(TypeError, match="not callable"):
        prove_closure(course, "hw1", wanted=wanted)
