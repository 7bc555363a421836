"""A suite is its own files and the shared helpers that it uses, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from coursekit.course import Course
from coursekit.errors import CourseError
from grader.engine import grade
from grader.material import Material
from grader.pack.contents import Pack
from grader.pack.make import make_pack
from grader.proof.closure.table import sources
from grader.submission import Submission
from grader.suite import read_suite
from grader.suite_files import suite_files, suite_paths
from mini_course import write
from pack_kit import whole_course

CASES = """
    from gradebox import case, exact, student

    from ._numbers import draw
    from . import _words

    small = student("small")


    @case("hw0.add", points=5)
    def add_integers(t):
        '''Two integers.'''
        x = t.input(draw(t))
        t.answer(_words.SUM, small.add(x, x), check=exact())


    @case("hw0.add_twice", points=10)
    def add_twice_integers(t):
        '''Two integers, the second one twice.'''
        x = t.input(draw(t))
        t.answer(_words.SUM, small.add_twice(x, x), check=exact())
"""
NUMBERS = """
    from ._below import LOW


    def draw(t):
        return int(t.rng.randint(LOW, 100))
"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Write a course whose suite uses three shared helpers of four."""
    found = whole_course(tmp_path / "course")
    suites = found.root / "grader" / "suites"
    write(suites / "hw0" / "suite.py", CASES)
    write(suites / "_numbers.py", NUMBERS)
    write(suites / "_below.py", "LOW = 10\n")
    write(suites / "_words.py", "SUM = 'sum'\n")
    write(suites / "_other.py", "raise RuntimeError('of another homework')\n")
    return found


def suite_of(course: Course) -> Path:
    return course.root / "grader" / "suites" / "hw0"


def test_the_helpers_that_are_used_belong_to_it(course: Course) -> None:
    found = suite_files(suite_of(course))
    assert list(found) == ["_below.py", "_numbers.py", "_words.py", "suite.py"]
    assert found["_below.py"] == b"LOW = 10\n"


def test_cases_that_use_them_are_read_and_graded(course: Course) -> None:
    material = Material.from_course(course, "hw0")
    assert [case.name for case in material.cases] == [
        "add_integers",
        "add_twice_integers",
    ]
    solved = Submission.from_files({"src/small.py": material.reference["src/small.py"]})
    assert grade(material, solved, seed=1).earned == 15


def test_a_helper_of_its_own_comes_first(course: Course) -> None:
    own = suite_of(course) / "_below.py"
    own.write_text("LOW = 99\n")
    assert suite_paths(suite_of(course))["_below.py"] == own
    (suite_of(course).parent / "_below.py").write_text("raise RuntimeError\n")
    read_suite(course.homework("hw0"), suite_of(course))


def test_a_mistake_in_a_helper_is_told_with_its_place(course: Course) -> None:
    write(suite_of(course).parent / "_below.py", "LOW = 10\nHIGH = LOW / 0\n")
    with pytest.raises(CourseError, match=r"suites/_below\.py:2: ZeroDivisionError"):
        Material.from_course(course, "hw0")
    write(suite_of(course).parent / "_below.py", "LOW = = 10\n")
    with pytest.raises(CourseError, match=r"_below\.py:1: not valid Python"):
        Material.from_course(course, "hw0")


def test_only_what_is_used_counts_for_digests(course: Course) -> None:
    def digests() -> tuple[str, str]:
        return Material.from_course(course, "hw0").suite, sources(course, "hw0")

    before = digests()
    write(suite_of(course).parent / "_other.py", "OTHER = 2\n")
    assert digests() == before
    write(suite_of(course).parent / "_below.py", "LOW = 20\n")
    after = digests()
    assert after[0] != before[0]
    assert after[1] != before[1]


def test_a_pack_holds_them(course: Course) -> None:
    data = make_pack(course, "hw0")  # compared, when it is made, with the checkout
    found = Pack.from_bytes(data, "the pack").material()
    assert found.suite_files == suite_files(suite_of(course))
