"""Files of earlier homeworks need not be handed in where nothing is asked in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from coursekit.course import Course
from grader.engine import grade
from grader.material import Material
from grader.result import GradeResult
from grader.sandbox import by_name
from graft_course import FAST, PARTS, graft_material, handed_in, written
from mini_course import write

OLD = "src/old.py"
SOURCE = '''
    """What only the first homework asks for."""


    def half(x):
        """Return half of x."""
        ### BEGIN YOUR SOLUTION hw0.scale
        return x / 2
        ### END YOUR SOLUTION
    '''
CASE = """

old = student("old")


@case("hw1.quadruple", points=1)
def halves(t):
    '''Half of a number.'''
    t.answer("half", old.half(t.input(3.0)), check=close())
"""


@pytest.fixture
def material(tmp_path: Path) -> Material:
    """The course for grafting, with a module that its second homework only uses."""
    root = tmp_path / "course"
    graft_material(root)
    write(root / "common/needle" / OLD, SOURCE)
    suite = root / "grader/suites/hw1/suite.py"
    text = suite.read_text().replace("points=5", "points=4")
    suite.write_text(text + CASE)
    return Material.from_course(Course(root), "hw1")


def graded(material: Material, files: dict[str, str]) -> GradeResult:
    questions = ("double", "quadruple")
    sandbox = by_name("none")
    return grade(
        material, handed_in(files), questions=questions, seed=7, sandbox=sandbox
    )


def test_what_is_not_handed_in_is_as_it_was_given(material: Material) -> None:
    result = graded(material, written(material))
    double, quadruple = result.questions
    assert double.earned == double.points
    statuses = {case.name: case.status for case in quadruple.cases}
    assert statuses.pop("halves") == "not_written"
    assert set(statuses.values()) == {"passed"}
    # So that the reference can be tried in it, too.
    assert quadruple.grafted is not None
    assert quadruple.grafted.replaced == ["hw0.scale"]
    assert quadruple.grafted.passed == ["halves"]


def test_what_is_handed_in_counts(material: Material) -> None:
    text = material.pristine[OLD].decode()
    stub = next(line for line in text.splitlines() if "raise" in line)
    files = {**written(material), OLD: text.replace(stub, "    return 0.5 * x")}
    assert graded(material, files).earned == 10


def test_a_folder_in_its_place_is_left_out(material: Material) -> None:
    files = {**written(material), f"{OLD}/mine.py": "x = 1\n"}
    result = graded(material, files)
    assert any(f"{OLD}/mine.py was left out" in note for note in result.notes)
    assert result.questions[0].earned == 4


def test_a_file_in_which_something_is_asked_is_missed(material: Material) -> None:
    result = graded(material, {FAST: written(material)[FAST]})
    assert {case.status for case in result.questions[0].cases} == {"missing"}
    assert PARTS in result.questions[0].cases[0].message
