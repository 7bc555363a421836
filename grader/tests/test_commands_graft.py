"""The course's policy for failures of earlier parts, from the command line on."""

from __future__ import annotations

from pathlib import Path

import pytest
from coursekit.course import Course
from mini_course import write, write_course, write_work
from running import Shell

BUILDS_ON_WRONG = """
    def add(x, y):
        ### BEGIN YOUR SOLUTION hw0.add
        return x - y
        ### END YOUR SOLUTION


    def add_twice(x, y):
        ### BEGIN YOUR SOLUTION hw0.add_twice
        return add(add(x, y), y)
        ### END YOUR SOLUTION
"""


@pytest.fixture
def grader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    shell = Shell(tmp_path / "home-of-grader", monkeypatch, capsys)
    shell.go(write_course(tmp_path / "course").root)
    return shell


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A class of one."""
    course = Course(tmp_path / "course")
    write_work(course, tmp_path / "class" / "eve", BUILDS_ON_WRONG)
    return tmp_path / "class"


def set_policy(root: Path, policy: str) -> None:
    text = (root / "course.toml").read_text().partition("\n[grading]")[0]
    write(root / "course.toml", f'{text}\n[grading]\ngraft = "{policy}"\n')


def test_policy_decides_what_counts(
    grader: Shell, folder: Path, tmp_path: Path
) -> None:
    """Whoever changes it grades everybody again where that changes points."""
    earned = []
    for policy in ("off", "report", "count"):
        set_policy(tmp_path / "course", policy)
        done = grader("grade", "--all", folder, "--again", "--json")
        assert done.code == 0, done.err
        earned.append(done.json["submissions"][0]["earned"])
    assert earned == [0, 0, 10]
    (row,) = grader("gradebook", "--json").json["students"]
    assert row["total"] == 10


def test_policy_that_changes_points_grades_again(
    grader: Shell, folder: Path, tmp_path: Path
) -> None:
    skipped = []
    for policy in ("report", "off", "count", "count"):
        set_policy(tmp_path / "course", policy)
        done = grader("grade", "--all", folder, "--json")
        skipped.append(done.json["submissions"][0]["skipped"])
    assert skipped == [False, True, False, True]


def test_report_shows_both_results(grader: Shell, folder: Path) -> None:
    done = grader("grade", folder / "eve", "--as", "eve")
    assert "Tried again  add_twice" in done.out
    assert "in place of your `hw0.add` every case passes" in " ".join(done.out.split())
    again = grader("report", "--as", "eve")
    assert "Tried again  add_twice" in again.out
    json = grader("grade", folder / "eve", "--no-store", "--json").json
    add, twice = json["result"]["questions"]
    assert add["grafted"] is None
    assert twice["grafted"]["passed"] == ["add_twice_arrays"]
    assert (twice["earned"], twice["grafted"]["earned"]) == (0, 10)


def test_unknown_policy_is_named(grader: Shell, folder: Path, tmp_path: Path) -> None:
    set_policy(tmp_path / "course", "sometimes")
    done = grader("grade", folder / "eve")
    assert done.code == 1
    assert "course.toml" in done.err
    assert "graft" in done.err
