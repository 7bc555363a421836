"""Tests of markers: what is refused, and where the error points."""

from __future__ import annotations

import textwrap

import pytest
from coursekit.errors import CourseError
from coursekit.staging import NONE, render

GOOD = """\
def f(x):
    ### BEGIN YOUR SOLUTION hw1.forward
    return x
    ### END YOUR SOLUTION
"""


def refusal(mini, text: str, name: str = "src/a.py", homework: str = "hw1") -> str:
    mini.write(f"common/{homework}/{name}", text)
    with pytest.raises(CourseError) as caught:
        render(mini.course, homework, NONE)
    return str(caught.value)


@pytest.mark.parametrize(
    ("replace", "line", "words"),
    [
        ([("    ### END YOUR SOLUTION\n", "")], 2, "never closed"),
        ([("    ### BEGIN YOUR SOLUTION hw1.forward\n", "")], 3, "nothing is open"),
        ([("return x", "### BEGIN YOUR SOLUTION hw1.forward")], 3, "do not nest"),
        ([("return x", "### SOLUTION ONLY")], 3, "do not nest"),
        ([("return x", "### STAGE hw2+")], 3, "cannot start inside"),
        ([("return x", "### END SOLUTION ONLY")], 3, "another block is open"),
        ([("return x", "### END STAGE")], 3, "not across"),
        ([(" hw1.forward", "")], 2, "no owner"),
        ([("hw1.forward", "forward")], 2, "no question's id"),
        ([("hw1.forward", "hw1.sideways")], 2, "unknown owner hw1.sideways"),
        ([("hw1.forward", "hw8.forward")], 2, "no homework 'hw8'"),
        ([("hw1.forward", "hw1.forward; hw2.fit")], 2, "from which stage on"),
        ([("hw1.forward", "hw1.forward; hw2+: hw2.x")], 2, "unknown owner hw2.x"),
        ([("hw1.forward", "hw1.forward; hw2-: hw2.fit")], 2, "no range of stages"),
        ([("hw1.forward", "hw1.forward; hw2..hw1: hw2.fit")], 2, "backwards"),
        ([("hw1.forward", "hw1.forward id=")], 2, "no name"),
        ([("hw1.forward", "hw2.fit")], 2, "comes after hw1"),
        ([("### BEGIN", "/// BEGIN")], 2, "in Python write `### BEGIN YOUR"),
        ([("### BEGIN", "# BEGIN")], 2, "looks like a marker"),
        ([("SOLUTION hw", "SOLUTON hw")], 2, "write `### BEGIN YOUR SOLUTION ...`"),
        ([("BEGIN YOUR SOLUTION", "begin your solution")], 2, "looks like a marker"),
        ([("### END YOUR SOL", "## End your sol")], 4, "write `### END YOUR SOLUTION"),
        ([("return x", "### SOLUTIONS ONLY")], 3, "write `### SOLUTION ONLY"),
        ([("### BEGIN", "###  BEGIN")], 2, "looks like a marker"),
        ([("### END YOUR", "x ### END YOUR")], 4, "line of its own"),
        ([("### END YOUR SOLUTION", "### END YOUR SOLUTION now")], 4, "may follow"),
        ([("    ### END", "  ### END")], 4, "indented otherwise"),
        ([("return x", "")], 2, "holds no statement"),
        ([("return x", "# return x")], 2, "holds no statement"),
        ([("return x", "return (")], 3, "not valid Python as it stands"),
    ],
)
def test_a_malformed_region_is_refused_with_file_and_line(mini, replace, line, words):
    text = GOOD
    for old, new in replace:
        assert old in text
        text = text.replace(old, new, 1)
    message = refusal(mini, text)
    assert message.startswith(f"common/hw1/src/a.py:{line}: ")
    assert words in message


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("### STAGE hw1+\nx = 1\n", 1, "never closed"),
        ("x = 1\n### END STAGE\n", 2, "no stage block is open"),
        ("### STAGE hw1+\n### STAGE hw2+\n", 2, "do not nest"),
        ("### STAGE later\n### END STAGE\n", 1, "no range of stages"),
        ("### SOLUTION ONLY\nx = 1\n", 1, "never closed"),
        ("### END SOLUTION ONLY\n", 1, "nothing is open"),
        ("### SOLUTION ONLY hw1.nothing\n### END SOLUTION ONLY\n", 1, "unknown owner"),
        ("# STAGE hw1\n", 1, "looks like a marker"),
        ("### STAGE hw1+\n### SOLUTION ONLY\n### END STAGE\n", 3, "not across"),
        ("### STAGE hw1+\n" + GOOD + "### END STAGE now\n", 6, "nothing may follow"),
        (GOOD.replace("hw1.forward", "hw1.forward id=a") * 2, 6, "also the id"),
        (
            "x = 1\n" + GOOD.replace("    ", "\t").replace("return", "retrun"),
            4,
            "valid",
        ),
    ],
)
def test_other_malformed_markers_are_refused_too(mini, text, line, words):
    message = refusal(mini, text)
    assert message.startswith(f"common/hw1/src/a.py:{line}: ")
    assert words in message


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        # The region starts in f and ends in g.
        (
            """\
            def f():
                ### BEGIN YOUR SOLUTION hw1.forward
                return 1
            def g():
                return 2
                ### END YOUR SOLUTION
            """,
            2,
            "past the end",
        ),
        (
            """\
            def f(a,
                ### BEGIN YOUR SOLUTION hw1.forward
                b):
                return 1
                ### END YOUR SOLUTION
            """,
            1,
            "once rendered",
        ),
        (
            """\
            def f():
                return [
                    1,
                    ### BEGIN YOUR SOLUTION hw1.forward
                    2,
                    ### END YOUR SOLUTION
                ]
            """,
            4,
            "inside a statement",
        ),
        (
            """\
            def f():
                ### BEGIN YOUR SOLUTION hw1.forward
                return [
                    1,
                ### END YOUR SOLUTION
                ]
            """,
            2,
            "inside a statement",
        ),
        (
            """\
            ### BEGIN YOUR SOLUTION hw1.forward
            print("used at import")
            ### END YOUR SOLUTION
            """,
            1,
            "defines no name",
        ),
    ],
)
def test_a_region_that_cuts_through_code_is_refused(mini, text, line, words):
    message = refusal(mini, textwrap.dedent(text))
    assert message.startswith(f"common/hw1/src/a.py:{line}: ")
    assert words in message


def test_the_dialects_are_not_mixed(mini):
    assert "in C++ write `/// BEGIN" in refusal(mini, GOOD, name="src/a.cc")


def test_ids_are_unique_in_the_whole_homework(mini):
    text = GOOD.replace("hw1.forward", "hw1.forward id=kept")
    mini.write("common/hw1/src/a.py", text)
    message = refusal(mini, text, name="src/b.py")
    assert message.startswith("common/hw1/src/b.py:2: ")
    assert "src/a.py:2" in message


def test_a_file_that_is_not_utf8_is_refused_with_its_line(mini):
    mini.write("common/hw1/src/a.py", b"x = 1\ny = '\xff'\n")
    with pytest.raises(CourseError, match=r"src/a\.py:2: is not UTF-8"):
        render(mini.course, "hw1", NONE)


def test_plain_comments_about_stages_and_solutions_are_no_markers(mini):
    text = '# stage the data\n### a heading\nx = "END"  # the solution is only here\n'
    text += "## Begin with your data\n### End\n### The solution\n### Solutions\n"
    mini.write("common/hw1/src/a.py", text)
    assert render(mini.course, "hw1", NONE)["src/a.py"].decode() == text


def test_markers_mean_nothing_in_other_files(mini):
    mini.write("common/hw1/notes.txt", GOOD + "### STAGE nonsense\n")
    rendered = render(mini.course, "hw1", NONE)["notes.txt"].decode()
    assert rendered == GOOD + "### STAGE nonsense\n"


def test_nothing_is_written_when_a_marker_is_malformed(mini, run_course):
    mini.write("common/hw1/src/a.py", GOOD)
    mini.write("common/hw2/src/a.py", GOOD.replace("hw1.forward", ""))
    result = run_course("stage", cwd=mini.root)
    assert isinstance(result.exception, CourseError)
    assert not (mini.root / "hw1").exists()
