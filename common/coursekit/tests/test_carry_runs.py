"""Tests of ``course carry`` as a command: trial, undo, refusals, cuts."""

from __future__ import annotations

import errno
import json

import pytest
from carry_kit import Student, carry
from coursekit.errors import CourseError

OPS, PARSE, CC = "python/lib/ops.py", "src/simple.py", "src/kernel.cc"
ADD = f"{OPS}::Add.compute"


def test_a_trial_run_changes_nothing_and_says_the_same(hw1, hw2, run_course):
    hw1.write(OPS, "Add.compute", "return a + b")
    before = hw2.files()
    trial = run_course("carry", "hw1", "hw2", "--dry-run", cwd=hw1.path.parent)
    assert hw2.files() == before
    done = run_course("carry", "hw1", "hw2", cwd=hw1.path.parent)
    row = next(line for line in done.output.splitlines() if "Add.compute" in line)
    assert row in trial.output


def test_undo_brings_everything_back(hw1, hw2, run_course):
    hw1.write(OPS, "Add.compute", "return a + b")
    hw1.write(PARSE, "only_here", "return 1")
    before = hw2.files()
    where = hw1.path.parent
    run_course("carry", "hw1", "hw2", cwd=where)
    assert hw2.files() != before
    result = run_course("carry", "--undo", "hw2", cwd=where)
    assert result.exit_code == 0
    assert hw2.files() == before
    assert run_course("carry", "--undo", "hw2", cwd=where).exit_code == 1


def test_undo_refuses_where_something_was_edited_since(hw1, hw2, run_course):
    hw1.write(OPS, "Add.compute", "return a + b")
    run_course("carry", "hw1", "hw2", cwd=hw1.path.parent)
    hw2.edit(OPS, "return a + b", "return a + b + 0")
    before = hw2.files()
    result = run_course("carry", "--undo", "hw2", cwd=hw1.path.parent)
    assert isinstance(result.exception, CourseError)
    assert OPS in str(result.exception)
    assert hw2.files() == before


def test_json_tells_what_happened(hw1, hw2, run_course):
    hw1.write(OPS, "Add.compute", "return a + b")
    result = run_course("carry", "hw1", "hw2", "--json", cwd=hw1.path.parent)
    told = json.loads(result.output)
    (region,) = told["regions"]
    assert region["region"] == ADD
    assert region["what"] == "carried"
    assert (region["path"], region["line"]) == (OPS, 10)
    assert told["changed"] is True
    assert told["conflicts"] == 0


def test_bundles_side_by_side_find_each_other_by_name(hw1, hw2, run_course):
    hw1.write(OPS, "Add.compute", "return a + b")
    for arguments, where in [
        (("hw1", "hw2"), hw1.path.parent),
        (("../hw1", "."), hw2.path),
        (("hw1", "hw2"), hw2.path),
    ]:
        result = run_course("carry", *arguments, "--dry-run", cwd=where)
        assert result.exit_code == 0, result.exception
        assert "Add.compute" in result.output


def test_the_folder_one_is_in_needs_no_name_to_be_as_before(hw1, hw2, run_course):
    hw1.write(OPS, "Add.compute", "return a + b")
    before = hw2.text(OPS)
    carry(hw1, hw2)
    wrong = run_course("carry", "--undo", "hw1", "hw2", cwd=hw2.path)
    assert "one folder: course carry --undo hw2" in wrong.output
    assert run_course("carry", "--undo", cwd=hw2.path / "src").exit_code == 0
    assert hw2.text(OPS) == before
    assert "name an earlier homework" in run_course("carry", cwd=hw2.path).output


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (("hw2", "hw1"), "hw2 comes after hw1"),
        (("hw1", "hw1"), "both as source and as target"),
        (("hw1", "other1"), "are both hw1"),
        (("hw1", "other1", "hw2"), "are both hw1"),
        (("foreign", "hw2"), "nothing can be carried between courses"),
        (("nothing", "hw2"), "there is no such folder"),
    ],
)
def test_what_makes_no_sense_is_refused(
    hw1, hw2, chain, tmp_path, run_course, names, says
):
    Student.start(chain.course, "hw1", tmp_path / "work/other1")
    foreign = Student.start(chain.course, "hw1", tmp_path / "work/foreign")
    foreign.edit(".course/manifest.json", '"course": "Mini"', '"course": "Maxi"')
    before = hw2.files()
    result = run_course("carry", *names, cwd=tmp_path / "work")
    assert isinstance(result.exception, CourseError)
    assert says in str(result.exception)
    assert hw2.files() == before


def test_a_folder_with_solutions_is_no_students_folder(hw1, hw2):
    hw1.edit(".course/manifest.json", '"solved": []', '"solved": ["hw1.forward"]')
    with pytest.raises(CourseError, match="shows solutions"):
        carry(hw1, hw2)


@pytest.mark.parametrize("how", ["missing", "changed"])
def test_without_the_pristine_files_it_says_what_to_do(hw1, hw2, how):
    file = hw1.path / ".course/pristine" / OPS
    file.unlink() if how == "missing" else file.write_text("x = 1\n")
    with pytest.raises(CourseError, match="Make a new copy of hw1 in another folder"):
        carry(hw1, hw2)


def test_in_place_in_a_clone_the_pristine_files_are_rendered(chain, hw2):
    chain.complete()
    chain.write("common/hw1/handout.md", "# One\n\n## Question 1\n")
    inplace = Student.start(chain.course, "hw1", chain.root / "hw1")
    for file in sorted(inplace.path.glob(".course/pristine/**/*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    inplace.write(OPS, "Add.compute", "return a + b")
    assert carry(inplace, hw2)[0] == {ADD: "carried"}


def test_a_damaged_record_says_what_to_do(hw1, hw2):
    hw1.write(OPS, "Add.compute", "return a + b")
    carry(hw1, hw2)
    hw2.put(".course/carried.json", "{")
    with pytest.raises(CourseError, match="Remove it and carry again"):
        carry(hw1, hw2)


def test_an_interrupted_carry_is_brought_to_its_end(hw1, hw2, monkeypatch):
    from coursekit.update import transaction

    hw1.write(OPS, "Add.compute", "return a + b")
    hw1.write(PARSE, "parse", "return 1")
    real, count = transaction._carry_out, []

    def stop(*arguments):
        count.append(1)
        if len(count) == 2:
            raise KeyboardInterrupt
        real(*arguments)

    monkeypatch.setattr(transaction, "_carry_out", stop)
    with pytest.raises(KeyboardInterrupt):
        carry(hw1, hw2)
    monkeypatch.undo()
    what, _ = carry(hw1, hw2)
    assert what == {"parse": "same", ADD: "same"}
    assert "return a + b" in hw2.text(OPS)


def test_a_full_disk_changes_nothing(hw1, hw2, monkeypatch):
    from coursekit.update import transaction

    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    hw1.write(OPS, "Add.compute", "return a + b")
    before = hw2.files()
    monkeypatch.setattr(transaction, "_write", full)
    with pytest.raises(CourseError, match=r"No space left on device.*nothing was"):
        carry(hw1, hw2)
    assert hw2.files() == before
