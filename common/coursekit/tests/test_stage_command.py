"""Tests of ``course stage`` and ``course solution``."""

from __future__ import annotations

import json

import pytest
from coursekit.errors import CourseError

STUB = """\
def f(x):
    ### BEGIN YOUR SOLUTION hw1.forward
    return x
    ### END YOUR SOLUTION


def g(x):
    ### BEGIN YOUR SOLUTION hw1.backward
    return -x
    ### END YOUR SOLUTION
"""


@pytest.fixture
def course(mini, run_course):
    mini.write("common/hw1/src/a.py", STUB)
    mini.write("common/hw1/logo.bin", b"\x00\x01")
    mini.complete()
    assert run_course("stage", cwd=mini.root).exit_code == 0
    return mini


def test_stage_renders_all_homeworks_or_those_named(mini, run_course):
    mini.complete()
    result = run_course("stage", "hw2", cwd=mini.root)
    assert result.output == "hw2/ rendered\n"
    assert not (mini.root / "hw1").exists()
    result = run_course("stage", cwd=mini.root)
    assert result.output == "hw1/ rendered\nhw2/ is up to date\n"


def test_a_change_of_the_source_is_followed(course, run_course):
    course.write("common/hw1/src/a.py", STUB.replace("def f(x)", "def f(x, y)"))
    result = run_course("stage", "--json", cwd=course.root)
    assert json.loads(result.output) == [
        {"homework": "hw1", "changed": True, "backups": {}},
        {"homework": "hw2", "changed": False, "backups": {}},
    ]
    assert "def f(x, y)" in (course.root / "hw1/src/a.py").read_text()


def test_check_accepts_what_stage_wrote_and_what_runs_leave(course, run_course):
    (course.root / "hw1/src/ext.so").touch()
    (course.root / "hw1/src/__pycache__").mkdir()
    (course.root / "hw1/src/__pycache__/a.pyc").touch()
    (course.root / "hw1/data").mkdir()
    (course.root / "hw1/data/train.gz").touch()
    result = run_course("stage", "--check", cwd=course.root)
    assert result.exit_code == 0


def test_check_shows_a_readable_diff_and_changes_nothing(course, run_course):
    file = course.root / "hw1/src/a.py"
    edited = file.read_text().replace("def g(x)", "def g(x, y)")
    file.write_text(edited)
    result = run_course("stage", "--check", cwd=course.root)
    assert isinstance(result.exception, CourseError)
    assert str(result.exception).startswith("1 file in hw1 differs from")
    lines = result.output.splitlines()
    assert "--- hw1/src/a.py (here)" in lines
    assert "-def g(x, y):" in lines
    assert "+def g(x):" in lines
    assert file.read_text() == edited


def spoil(course, kind: str) -> str:
    folder = course.root / "hw1"
    if kind == "changed":
        (folder / "logo.bin").write_bytes(b"\x00\x01\x02")
        return "logo.bin"
    if kind == "missing":
        (folder / "src/a.py").unlink()
        return "src/a.py"
    if kind == "mode":
        (folder / "src/a.py").chmod(0o755)
        return "src/a.py"
    (folder / "src/extra.py").write_text("extra = 1\n")
    return "src/extra.py"


@pytest.mark.parametrize("kind", ["changed", "missing", "extra", "mode"])
def test_check_finds_every_kind_of_difference(course, run_course, kind):
    path = spoil(course, kind)
    result = run_course("stage", "--check", "--json", cwd=course.root)
    assert isinstance(result.exception, CourseError)
    assert json.loads(result.output) == [
        {"homework": "hw1", "ok": False, "files": [{"path": path, "state": kind}]},
        {"homework": "hw2", "ok": True, "files": []},
    ]
    shown = run_course("stage", "--check", cwd=course.root).output
    assert f"hw1/{path}: " in shown
    assert ("binary: 3 bytes here, 2 rendered" in shown) == (kind == "changed")


def test_check_finds_a_source_that_was_not_staged(course, run_course):
    course.write("common/hw1/src/a.py", STUB + "\n\nmore = 1\n")
    result = run_course("stage", "--check", cwd=course.root)
    assert isinstance(result.exception, CourseError)
    assert "+more = 1" in result.output


def test_check_bounds_what_it_shows(course, run_course):
    (course.root / "hw1/src/a.py").write_text("x = 1\n" * 5000)
    result = run_course("stage", "--check", cwd=course.root)
    assert len(result.output.splitlines()) < 60
    assert "more lines of this file" in result.output


def test_stage_touches_no_homework_if_a_later_one_is_edited(course, run_course):
    (course.root / "hw2/requirements.txt").write_text("my work")
    course.write("common/hw1/given.py", "given = 1\n")
    result = run_course("stage", cwd=course.root)
    assert isinstance(result.exception, CourseError)
    assert "\n  requirements.txt\n" in str(result.exception)
    assert not (course.root / "hw1/given.py").exists()


def test_force_keeps_the_edited_file_and_says_where(course, run_course):
    (course.root / "hw1/src/a.py").write_text("my work")
    result = run_course("stage", "--force", cwd=course.root)
    assert result.exit_code == 0
    assert "your src/a.py is kept as src/a.py.orig-1" in result.output
    assert (course.root / "hw1/src/a.py.orig-1").read_text() == "my work"
    assert "NotImplementedError" in (course.root / "hw1/src/a.py").read_text()


def solved_functions(folder) -> list[str]:
    names: dict = {}
    exec((folder / "src/a.py").read_text(), names)
    solved = []
    for name in "fg":
        try:
            names[name](1)
        except NotImplementedError:
            continue
        solved.append(name)
    return solved


@pytest.mark.parametrize(
    ("upto", "expected"),
    [("forward", ["f"]), ("hw1.backward", ["f", "g"]), (None, ["f", "g"])],
)
def test_solution_solves_up_to_a_question(course, run_course, upto, expected):
    options = ["--upto", upto] if upto else []
    result = run_course("solution", "hw1", *options, "-o", "out", cwd=course.root)
    assert result.exit_code == 0
    assert solved_functions(course.root / "out") == expected


def test_solution_writes_over_its_own_folder_only(course, run_course):
    root = course.root
    run_course("solution", "hw1", "--upto", "forward", "-o", "out", cwd=root)
    assert run_course("solution", "hw1", "-o", "out", cwd=root).exit_code == 0
    assert solved_functions(root / "out") == ["f", "g"]
    (root / "out/src/a.py").write_text("my work")
    result = run_course("solution", "hw1", "-o", "out", cwd=root)
    assert "\n  src/a.py\n" in str(result.exception)
    assert (root / "out/src/a.py").read_text() == "my work"


@pytest.mark.parametrize("dest", ["hw1", "work/hw1", "other", "file"])
def test_solution_refuses_every_other_folder(course, run_course, dest):
    run_course("start", "hw1", cwd=course.root)
    course.write("other/mine.txt", "my work")
    course.write("file", "my work")
    result = run_course("solution", "hw1", "-o", dest, cwd=course.root)
    assert isinstance(result.exception, CourseError)
    assert "hoose another" in str(result.exception)
    assert "NotImplemented" in (course.root / "hw1/src/a.py").read_text()
    assert "NotImplemented" in (course.root / "work/hw1/src/a.py").read_text()


def test_solution_of_an_unknown_question_is_an_error(course, run_course):
    result = run_course("solution", "hw1", "--upto", "x", "-o", "out", cwd=course.root)
    assert "it has hw1.forward, hw1.backward" in str(result.exception)
