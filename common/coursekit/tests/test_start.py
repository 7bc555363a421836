"""Tests of ``course start``, and of finding the folder a student works in."""

from __future__ import annotations

import json
import shlex

import pytest
from coursekit.errors import CourseError
from coursekit.staging import NONE, render
from coursekit.student import StudentFolder

STUB = """\
def f(x):
    ### BEGIN YOUR SOLUTION hw1.forward
    return x
    ### END YOUR SOLUTION
"""


@pytest.fixture
def course(mini):
    mini.write("common/hw1/src/a.py", STUB)
    mini.write("common/hw1/src/given.py", "given = 1\n")
    mini.write("common/hw1/handout.md", "# One\n\nText.\n")
    return mini


def test_start_makes_a_copy_with_the_pristine_files(course, run_course):
    result = run_course("start", "hw1", cwd=course.root)
    assert result.exit_code == 0
    dest = course.root / "work/hw1"
    for path, content in render(course.course, "hw1", NONE).items():
        assert (dest / path).read_bytes() == content
    pristine = dest / ".course/pristine"
    originals = sorted(str(p.relative_to(pristine)) for p in pristine.rglob("*.*"))
    assert originals == [
        "handout.md",
        "hw1.ipynb",
        "requirements.txt",
        "src/a.py",
        "src/given.py",
    ]
    assert (pristine / "src/a.py").read_bytes() == (dest / "src/a.py").read_bytes()


def test_start_says_what_to_do_next_in_four_lines(course, run_course):
    lines = run_course("start", "hw1", cwd=course.root).output.splitlines()
    assert len(lines) == 4
    assert "work/hw1" in lines[0]
    assert lines[1].split()[:2] == ["cd", "work/hw1"]
    assert lines[2].startswith("  python3 -m pytest -k forward")
    assert lines[3].startswith("  grader submit hw1 -k forward")
    assert len({line.index("#") for line in lines[1:]}) == 1


def test_start_names_words_that_select_the_first_questions_tests(course, run_course):
    file = course.root / "common/hw1/homework.toml"
    listed = 'id = "hw1.forward"\ntests = ["test_a", "test_a_again", "test_b"]'
    text = file.read_text()
    assert 'id = "hw1.forward"\n' in text
    file.write_text(text.replace('id = "hw1.forward"', listed))
    lines = run_course("start", "hw1", cwd=course.root).output.splitlines()
    assert shlex.split(lines[2], comments=True)[-2:] == ["-k", "test_a or test_b"]
    assert shlex.split(lines[3], comments=True)[-2:] == ["-k", "test_a or test_b"]


def test_the_next_step_can_be_pasted_where_a_path_has_spaces(course, run_course):
    result = run_course("start", "hw1", "my homework", cwd=course.root)
    assert shlex.split(result.output.splitlines()[1])[:2] == ["cd", "my homework"]


def test_start_works_outside_the_clone(course, run_course, tmp_path):
    result = run_course("start", "hw1", tmp_path / "elsewhere/hw1", cwd=course.root)
    assert result.exit_code == 0
    assert (tmp_path / "elsewhere/hw1/src/a.py").exists()


def test_start_prints_json(course, run_course):
    result = run_course("start", "hw1", "mine", "--json", cwd=course.root)
    folder = str(course.root / "mine")
    assert json.loads(result.output) == {"homework": "hw1", "folder": folder}


def test_start_refuses_a_folder_in_use(course, run_course):
    run_course("start", "hw1", cwd=course.root)
    mine = course.root / "work/hw1/src/a.py"
    mine.write_text("my work")
    result = run_course("start", "hw1", cwd=course.root)
    assert isinstance(result.exception, CourseError)
    assert "your copy of hw1 is there already" in str(result.exception)
    assert mine.read_text() == "my work"


def test_start_refuses_a_folder_of_something_else(course, run_course):
    mine = course.write("work/hw1/notes.txt", "my notes")
    result = run_course("start", "hw1", cwd=course.root)
    assert isinstance(result.exception, CourseError)
    assert "not empty" in str(result.exception)
    assert mine.read_text() == "my notes"


def test_start_refuses_the_folder_one_stands_in(course, run_course, tmp_path):
    here = course.root / "here"
    here.mkdir()
    result = run_course("start", "hw1", ".", cwd=here)
    assert "the folder you are in" in str(result.exception)


def test_start_of_an_unknown_homework_names_the_known(course, run_course):
    result = run_course("start", "hw5", cwd=course.root)
    assert "it has hw1, hw2" in str(result.exception)


@pytest.fixture
def places(course, run_course, tmp_path):
    """Return a clone in which hw1 is rendered, and started in three places."""
    course.complete()
    run_course("stage", cwd=course.root)
    run_course("start", "hw1", cwd=course.root)
    run_course("start", "hw1", "mine", cwd=course.root)
    run_course("start", "hw1", tmp_path / "elsewhere", cwd=course.root)
    return course.root


@pytest.mark.parametrize(
    ("name", "start", "expected"),
    [
        ("hw1", "", "work/hw1"),
        ("hw1", "common", "work/hw1"),
        ("hw1", "hw1/src", "work/hw1"),
        ("hw1", "work/hw1/src", "work/hw1"),
        ("hw1", "../elsewhere/src", "../elsewhere"),
        ("hw1", "mine/src", "mine"),
        ("hw2", "", "hw2"),
        ("hw2", "mine", "hw2"),
        ("hw2", "work/hw1", "hw2"),
        (None, "hw1/src", "hw1"),
        (None, "work/hw1", "work/hw1"),
        (None, "../elsewhere/src", "../elsewhere"),
        ("hw1", "..", None),
        (None, "common", None),
        ("work/hw1", "", "work/hw1"),
        ("work/hw1/src", "", "work/hw1"),
        (".", "hw1", "hw1"),
        ("elsewhere", "..", "../elsewhere"),
        ("nothing", "", None),
        ("common", "", None),
    ],
)
def test_a_students_folder_is_found(places, name, start, expected):
    if expected is None:
        with pytest.raises(CourseError):
            StudentFolder.find(name, start=places / start)
        return
    found = StudentFolder.find(name, start=places / start)
    assert found.path == (places / expected).resolve()
    assert found.is_copy == (expected not in ("hw1", "hw2"))
    assert found.homework == (name if name == "hw2" else "hw1")


def test_an_unpacked_bundle_is_found_from_beside_it(places, tmp_path):
    bundle = tmp_path / "download/hw1"
    bundle.parent.mkdir()
    (tmp_path / "elsewhere").rename(bundle)
    assert StudentFolder.find("hw1", start=bundle.parent).path == bundle
    assert StudentFolder.find("hw1", start=bundle / "src").path == bundle


def test_the_error_says_how_to_get_a_folder(tmp_path):
    with pytest.raises(CourseError, match="course start hw1"):
        StudentFolder.find("hw1", start=tmp_path)
