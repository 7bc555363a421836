"""Everything that can be wrong with a homework's closure, planted at once."""

from __future__ import annotations

import textwrap
from pathlib import Path

from proof_course import change, line_of

TOML = "common/hw0/homework.toml"
SMALL = "common/hw0/src/small.py"
TESTS = "common/hw0/tests/hw0/test_small.py"
SUITE = "grader/suites/hw0/suite.py"
HANDOUT = "common/hw0/handout.md"
MORE = "common/hw0/tests/hw0/test_more.py"
BROKEN = "common/hw0/tests/hw0/test_broken.py"

FRAME = """

def frame():
    raise NotImplementedError("to do")
"""
PUBLIC = """

def test_add_needs_area():
    assert small.add(1, 2) == 3
    assert small.area(2, 2, 1) == 4


def test_add_given():
    assert small.add(1, 1) == 2


def test_passes():
    assert small.label()


def test_inner():
    from small import _inner

    assert _inner(4, 5, 1) == 6


def test_frame():
    assert small.frame()


def test_undeclared():
    assert small.area(small.add(1, 2), 3, 1) == 8


def test_wrong():
    assert small.area(4, 5, 1) == 15
"""
HIDDEN = """

@case("hw0.add", points=1)
def add_needs_area(t):
    '''Needs what comes later.'''
    t.answer("sum", small.add(1, t.input(2)), check=exact())
    t.answer("area", small.area(2, 2, 0), check=exact())


@case("hw0.area", points=1)
def label_again(t):
    '''Passes from the start.'''
    t.answer("label", small.label(), check=exact())


@case("hw0.area", points=1)
def inner_itself(t):
    '''Uses what only solutions have.'''
    t.answer("inner", small._inner(4, 5, t.input(1)), check=exact())
"""
COLLECTED = """
from small import _inner


def test_more():
    assert _inner(4, 5, 1) == 6
"""
UNCOLLECTED = """
LIMIT = undefined_name


def test_broken():
    pass
"""


def plant_all(root: Path) -> dict[str, str]:
    """Break hw0 in every way; return a part of each finding and its place."""
    _plant_questions(root)
    _append(root, SMALL, FRAME)
    _append(root, TESTS, PUBLIC)
    _append(root, SUITE, HIDDEN)
    (root / MORE).write_text(COLLECTED)
    (root / BROKEN).write_text(UNCOLLECTED)
    code = "    return add(outer, -_inner(width, height, border))"
    change(root, HANDOUT, "The area of a frame.", f"The area:\n\n```py\n{code}\n```")
    places = {
        "gives away a solution's code": (HANDOUT, "return add"),
        "test_add_needs_area stops with everything up to hw0.add solved": (
            TESTS,
            "def test_add_needs_area",
        ),
        "add_needs_area stops with everything up to hw0.add solved": (
            SUITE,
            "def add_needs_area",
        ),
        "test_add_given is listed in `given`": (TESTS, "def test_add_given"),
        "test_passes passes with nothing": (TESTS, "def test_passes"),
        "label_again passes with nothing": (SUITE, "def label_again"),
        "test_inner fails with nothing": (TESTS, "def test_inner"),
        "inner_itself fails with nothing": (SUITE, "def inner_itself"),
        "test_frame stops with nothing": (SMALL, '"to do"'),
        "test_undeclared needs hw0.add": (TESTS, "def test_undeclared"),
        "test_area (and 3 more) needs hw0.add": (TOML, 'id = "hw0.area"'),
        "test_wrong fails with everything up to hw0.area solved": (
            TESTS,
            "def test_wrong",
        ),
        "cannot be collected with nothing": (MORE, "from small import _inner"),
        "NameError: name 'undefined_name' is not defined": (BROKEN, "LIMIT ="),
        "test_unwritten (and 1 more) is in no file": (TOML, 'id = "hw0.area"'),
        "lists test_gone": (TOML, 'id = "hw0.area"'),
    }
    return {part: line_of(root, *where) for part, where in places.items()}


def _plant_questions(root: Path) -> None:
    """List what is planted, and take back what the questions declared."""
    change(root, TOML, "points = 2", "points = 3")
    second = 'section = "Question 2"'
    change(root, TOML, f"points = 3\n{second}", f"points = 5\n{second}")
    change(
        root,
        TOML,
        'tests = ["test_add"]',
        'tests = ["test_add", "test_add_needs_area", "test_add_given"]\n'
        'given = ["test_add_given"]',
    )
    change(
        root,
        TOML,
        'tests = ["test_area", "test_label_is_given"]\nneeds = ["hw0.add"]',
        'tests = ["test_area", "test_label_is_given", "test_passes", "test_inner",'
        ' "test_frame", "test_undeclared", "test_wrong", "test_more", "test_broken",'
        ' "test_unwritten", "test_unwritten_too"]',
    )
    change(root, TOML, '"label_is_given"]', '"label_is_given", "test_gone"]')


def _append(root: Path, path: str, text: str) -> None:
    with (root / path).open("a") as file:
        file.write(textwrap.dedent(text))
