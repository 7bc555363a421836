"""Solutions are found by their tokens: in any file, layout, comment or notebook."""

from __future__ import annotations

import json

import pytest
from coursekit.errors import CourseError
from coursekit.leaks import find_leaks
from coursekit.leaks.secrets import says_something
from coursekit.leaks.tokens import all_tokens, code_tokens
from coursekit.staging import NONE, render
from coursekit.staging.dialect import CPP, PYTHON

PY_LINE = "shifted = Z - Z.max(axis=1, keepdims=True)"
CPP_LINE = "for (int c = 0; c < k; ++c) sum += z[c] = std::exp(z[c] - largest);"
PY_SOURCE = f'''\
def helper(a, b):
    return given(a, scale=2) + given(b, scale=2)


### SOLUTION ONLY
def _hidden(Z):
    """Return what nobody but a solution has, and say it in many words."""
    return exps / exps.sum(axis=1, keepdims=True) * 3


### END SOLUTION ONLY


def forward(Z):
    ### BEGIN YOUR SOLUTION hw1.forward
    # take the maximum away, so that nothing at all can overflow in here
    {PY_LINE}
    both = given(a, scale=2) + given(b, scale=2)
    return both
    ### END YOUR SOLUTION
'''
CPP_SOURCE = f"""\
void backward(float *z) {{
  /// BEGIN YOUR SOLUTION hw1.backward
  {CPP_LINE}
  /// END YOUR SOLUTION
}}
"""
AT = "common/hw1/src/a.py:17"


@pytest.fixture
def course(mini):
    mini.write("common/hw1/src/a.py", PY_SOURCE)
    mini.write("common/hw1/src/b.cpp", CPP_SOURCE)
    mini.complete()
    return mini


def leaks(course, path: str, text: str) -> list[str]:
    """Return ``line: origin`` of the solutions in one file."""
    homework = course.course.homework("hw1")
    found = find_leaks(course.course, homework, {path: text.encode()})
    return [f"{leak.line}: {leak.origin}" for leak in found]


def notebook(*lines: str) -> str:
    return json.dumps({"cells": [{"source": list(lines)}]}, indent=1)


HIDDEN = {
    "as it is": ("a.txt", f"x\n\n{PY_LINE}\n"),
    "another layout": ("a.txt", "\n\nshifted=Z - Z.max(\n  axis = 1,keepdims=True )"),
    "a part": ("a.txt", "\n\nuse Z.max(axis=1, keepdims=True) here"),
    "a fence": ("a.md", f"x\n```py\n    {PY_LINE}\n```\n"),
    "a span in prose": ("a.md", f"x\n\nTry `{PY_LINE}`, then go on.\n"),
    "a comment": ("a.py", f"x = 1\n\n# {PY_LINE}\n"),
    "a docstring": ("a.py", f'def f():\n    """Do\n    >>> {PY_LINE}\n    """\n'),
    "a comment between": (
        "a.py",
        "\n\ny = Z.max(axis=1,  # of the row\nkeepdims=True) - 1",
    ),
    "many comments": (
        "a.py",
        "\n\n# shifted = Z -\n# Z.max(axis=1,\n# keepdims=True)\n",
    ),
    "a string": ("a.py", f"\n\nhint = '{PY_LINE}'\n"),
    "a notebook": ("a.ipynb", notebook("some text\n").replace("some text", PY_LINE)),
    "a figure": ("a.svg", f"<svg>\n<g\nid='1'><text>{PY_LINE}</text></svg>"),
    "a figure's note": ("a.svg", f"<svg>\n\n<!-- {PY_LINE} --></svg>"),
    "escaped": ("a.svg", f"<svg>\n\n<t>{PY_LINE.replace('=', '&#61;')}</t></svg>"),
    "strings of a binary": ("a.bin", f"\0\n\n\0{'x' * 20}\0\n{PY_LINE}\0"),
}


@pytest.mark.parametrize(("path", "text"), HIDDEN.values(), ids=list(HIDDEN))
def test_a_piece_of_a_solution_is_found(course, path, text):
    line = {"a.bin": 2, "a.ipynb": 5}.get(path, 3)  # of a binary: of its strings
    assert leaks(course, path, text) == [f"{line}: a solution's code ({AT})"]


def test_eight_tokens_are_a_piece_and_seven_are_none(course):
    seven = "max(axis=1, keepdims"
    assert leaks(course, "a.md", f"`{seven}`") == []
    assert leaks(course, "a.md", f"`.{seven}`") == [f"1: a solution's code ({AT})"]


def test_cpp_is_found_across_its_comments(course):
    first, second = CPP_LINE.split("sum", 1)
    text = f"{first} // go on\n  /* add */ sum{second}\n"
    origin = "a solution's code (common/hw1/src/b.cpp:3)"
    for path in ("b.cu", "b.h", "handout.md"):
        assert leaks(course, path, text) == [f"1: {origin}"]
    assert leaks(course, "a.h", f"\n// {CPP_LINE}\n") == [f"2: {origin}"]


@pytest.mark.parametrize(
    "text",
    [
        "return given(a, scale=2) + given(b, scale=2)",  # the library gives it
        "take the maximum away, so that nothing at all can overflow in here",
        "Return what nobody but a solution has, and say it in many words.",
        "shifted = Z - mean(axis=1, keepdims=True)",  # other words in the middle
        "for (int c = 0; c < k; ++c) ",  # what every program has
        ") / (((()))) : return",
    ],
)
def test_what_gives_nothing_away_is_no_leak(course, text):
    for path in ("a.md", "a.py", "a.cpp"):
        assert leaks(course, path, text) == []


def test_a_helper_of_solutions_is_as_secret_as_they_are(course):
    found = leaks(course, "a.py", "p = exps / exps.sum(axis=1, keepdims=True)")
    assert found == ["1: a solution's code (common/hw1/src/a.py:8)"]


def test_a_later_homeworks_solution_is_secret_too(course):
    line = "loss = sum(model(x, y) for x, y in batches) / len(batches)"
    course.write(
        "common/hw2/src/fit.py",
        f"def fit():\n    ### BEGIN YOUR SOLUTION hw2.fit\n    {line}\n"
        "    ### END YOUR SOLUTION\n",
    )
    origin = "1: a solution's code (common/hw2/src/fit.py:3)"
    assert leaks(course, "a.md", line) == [origin]


def test_nothing_is_found_in_what_students_get(course):
    homework = course.course.homework("hw1")
    files = render(course.course, "hw1", NONE)
    assert find_leaks(course.course, homework, files) == []


def test_staging_refuses_a_leak_and_names_both_places(course, run_course):
    text = (course.root / "common/hw1/handout.md").read_text()
    line = len(text.split("\n"))
    course.write("common/hw1/handout.md", text + f"{PY_LINE}\n")
    for check in ([], ["--check"]):
        result = run_course("stage", "hw1", *check, cwd=course.root)
        assert isinstance(result.exception, CourseError)
        said = str(result.exception)
        place = f"common/hw1/handout.md:{line}"
        assert f"{place}: contains a solution's code ({AT})" in said
        assert "hw1.ipynb" not in said  # made from the handout
        assert not (course.root / "hw1").exists()


def test_tokens_drop_layout_comments_and_quotes():
    python = 'x += f("a b")  # c\n\n"""doc\nmore"""\nif x**2 >= 1.5: pass'
    words = " ".join(token.text for token in code_tokens(python, PYTHON))
    assert words == "x += f ( a b ) if x ** 2 >= 1.5 : pass"
    cpp = 'a->b /* c\n */ << "//d"; // e\nn /= 2'
    assert [(t.text, t.line) for t in code_tokens(cpp, CPP)] == [
        *(("a", 1), ("->", 1), ("b", 1), ("<<", 2), ("//", 2), ("d", 2), (";", 2)),
        *(("n", 3), ("/=", 3), ("2", 3)),
    ]
    prose = "> | `a`\n  // b\n  # c 'd'"
    assert [t.text for t in all_tokens(prose)] == ["a", "b", "c", "d"]


def test_a_run_says_something_by_the_names_in_it():
    for plain in (
        "for i in range(len(x)",
        "for (int c = 0; c < k; ++c)",
        ")))) : return",
    ):
        assert not says_something(texts_of(plain))
    for telling in ("Z.max(axis=1, keepdims=True)", "theta -= lr * X.T"):
        assert says_something(texts_of(telling))


def texts_of(text: str) -> tuple[str, ...]:
    return tuple(token.text for token in all_tokens(text))
