"""Tests of what a homework must have before it is staged or released."""

from __future__ import annotations

import pytest
from coursekit.errors import CourseError
from coursekit.release import bundle
from coursekit.staging.complete import refuse_incomplete
from coursekit.staging.render import render_folder
from coursekit.staging.solved import NONE

TESTS = """\
def test_one():
    pass


class TestMore:
    def test_two(self):
        pass
"""


@pytest.fixture
def course(mini):
    mini.complete()
    mini.write("common/hw1/tests/hw1/test_a.py", TESTS)
    listed(mini, "test_one", "test_two")
    return mini


def listed(course, *tests: str) -> None:
    file = course.root / "common/hw1/homework.toml"
    head, mark, rest = file.read_text().partition('section = "Question 1"\n')
    rest = "\n".join(line for line in rest.split("\n") if not line.startswith("tests"))
    file.write_text(f"{head}{mark}tests = {list(tests)!r}\n{rest}")


def refusal(course) -> str:
    with pytest.raises(CourseError) as caught:
        refuse_incomplete(render_folder(course.course, "hw1", NONE))
    return str(caught.value)


def replace(course, path: str, old: str, new: str) -> None:
    file = course.root / "common/hw1" / path
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def test_a_complete_homework_is_accepted(course):
    refuse_incomplete(render_folder(course.course, "hw1", NONE))


def test_a_question_without_a_region_would_give_its_solution_away(course):
    for words in ("BEGIN YOUR SOLUTION hw1.forward", "END YOUR SOLUTION"):
        replace(course, "src/forward.py", f"### {words}", "# ")
    said = refusal(course)
    assert "common/hw1/homework.toml: question hw1.forward has no region" in said
    assert "hw1.backward" not in said


@pytest.mark.parametrize(
    ("tests", "words"),
    [
        (
            ["test_one", "test_2"],
            "hw1.forward, tests: no file tests/**/test_*.py has a",
        ),
        (
            ["test_two"],
            "common/hw1/tests/hw1/test_a.py: test_one belongs to no question",
        ),
    ],
)
def test_listed_and_written_tests_are_the_same(course, tests, words):
    listed(course, *tests)
    assert words in refusal(course)


def test_a_homework_without_a_handout_is_refused(course):
    (course.root / "common/hw1/handout.md").unlink()
    assert "common/hw1/handout.md: there is no handout" in refusal(course)


def test_every_section_is_a_heading_of_the_handout(course):
    replace(course, "handout.md", "## Question 2", "## Question 20: the end")
    assert "no heading begins with 'Question 2', which is" in refusal(course)
    replace(course, "handout.md", "## Question 20", "## Question 2")
    refuse_incomplete(render_folder(course.course, "hw1", NONE))


def test_pictures_and_links_of_the_handout_exist(course):
    (course.root / "common/hw1/handout.md").open("a").write(
        "\n[web](https://example.org/x) [here](#question-1) [code](src/forward.py)\n"
        "\n![a picture](figures/no%20such.svg)\n"
    )
    said = refusal(course)
    assert "handout.md:8: figures/no such.svg is not in the homework's folder" in said
    assert len(said.splitlines()) == 2


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ("from .signs import minus", "python/lib/signs.py"),
        ("from .deep.er import minus", "python/lib/deep/er.py"),
        ("from ..other import minus", "python/other.py"),
        ("from .....other import minus", "other.py"),
        ("def f():\n    from .signs import minus", "python/lib/signs.py"),
        ("from lib.signs import minus", "python/lib/signs.py"),
    ],
)
def test_modules_that_are_imported_are_carried(course, statement, wanted):
    course.write("common/hw1/python/lib/__init__.py", "")
    course.write("common/hw1/python/lib/ops.py", statement)
    assert (
        f"common/hw1/python/lib/ops.py: imports {wanted}, which is not in the"
        " homework's folder: list it in common/hw1/homework.toml, [carried]"
    ) in refusal(course)
    course.write(f"common/hw1/{wanted}", "minus = -1")
    refuse_incomplete(render_folder(course.course, "hw1", NONE))


def test_imports_of_others_and_of_names_are_no_matter_of_staging(course):
    course.write("common/hw1/python/lib/__init__.py", "from .ops import add")
    course.write(
        "common/hw1/python/lib/ops.py",
        """\
        import numpy as np
        from collections.abc import Iterator
        from . import add
        from .deep import nothing
        """,
    )
    course.write("common/hw1/python/lib/deep/more.py", "")
    course.write("common/hw1/python/lib/unfinished.py", "from .nowhere import (")
    refuse_incomplete(render_folder(course.course, "hw1", NONE))


def test_nothing_incomplete_is_staged_checked_or_released(course, run_course):
    listed(course)
    for options in ([], ["--check"], ["--force"]):
        result = run_course("stage", *options, cwd=course.root)
        assert "test_one belongs to no question" in str(result.exception)
    assert not (course.root / "hw1").exists()
    with pytest.raises(CourseError, match="belongs to no question"):
        bundle(course.course, course.course.homework("hw1"), {})


def test_what_the_build_takes_from_students_is_handed_in(course):
    course.write("common/hw1/src/kernels.cc", "int f();\n")
    build = '\n[build]\ncommand = ["make"]\ninputs = ["src/*.cc"]\noutputs = ["x.so"]\n'
    file = course.root / "common/hw1/homework.toml"
    file.write_text(file.read_text() + build)
    said = refusal(course)
    assert "hw1/homework.toml: build, inputs: src/kernels.cc is not handed in" in said
    replace(course, "homework.toml", '"src/*.py"', '"src/*.py", "src/kernels.cc"')
    refuse_incomplete(render_folder(course.course, "hw1", NONE))
