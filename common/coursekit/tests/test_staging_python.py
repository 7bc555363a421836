"""Tests of what a student sees of Python code, and of what happens when it runs."""

from __future__ import annotations

import textwrap

import pytest
from coursekit.staging import ALL, NONE, render
from coursekit.staging.render import render_folder


def rendered(mini, text: str, solved=NONE, homework: str = "hw1") -> str:
    mini.write(f"common/{homework}/src/a.py", textwrap.dedent(text))
    return render(mini.course, homework, solved)["src/a.py"].decode()


def run(code: str) -> dict:
    names: dict = {}
    exec(compile(code, "a.py", "exec"), names)
    return names


def raised(function, *arguments) -> str:
    with pytest.raises(NotImplementedError) as caught:
        function(*arguments)
    return str(caught.value)


FUNCTION = """\
def f(x):
    \"\"\"Say what f does.\"\"\"
    ### BEGIN YOUR SOLUTION hw1.backward
    y = x + 1

    return y
    ### END YOUR SOLUTION
"""


def test_a_region_in_a_function_becomes_one_statement(mini):
    assert rendered(mini, FUNCTION) == (
        "def f(x):\n"
        '    """Say what f does."""\n'
        "    ### BEGIN YOUR SOLUTION hw1.backward\n"
        '    raise NotImplementedError("hw1.backward: f is yours to write'
        ' (handout, question 2)")\n'
        "    ### END YOUR SOLUTION\n"
    )


def test_a_stub_of_an_earlier_homework_says_which_and_how_to_bring_it(mini):
    names = run(rendered(mini, FUNCTION, homework="hw2"))
    assert raised(names["f"], 1) == (
        "hw1.backward: f is yours to write (handout, question 2 of hw1;"
        " `course carry hw1 hw2` brings yours)"
    )


def test_solved_it_is_the_source(mini):
    assert rendered(mini, FUNCTION, ALL) == FUNCTION


def test_solving_one_question_leaves_the_others(mini):
    text = FUNCTION + FUNCTION.replace("backward", "forward").replace("f(", "g(")
    names = run(rendered(mini, text, {"hw1.forward"}))
    assert names["g"](1) == 2
    assert raised(names["f"], 1).startswith("hw1.backward: f is yours")


def test_tabs_keep(mini):
    code = rendered(mini, FUNCTION.replace("    ", "\t"))
    assert '\n\traise NotImplementedError("' in code
    assert raised(run(code)["f"], 1)


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_become_newlines(mini, newline):
    text = FUNCTION.replace("\n", newline)
    mini.write("common/hw1/src/a.py", text.encode())
    files = render(mini.course, "hw1", ALL)
    assert files["src/a.py"].decode() == FUNCTION


def test_non_ascii_names_and_text_survive(mini):
    text = FUNCTION.replace("f(x)", "größe(x)").replace("Say", "Säg ∇ 梯度")
    code = rendered(mini, text)
    assert "Säg ∇ 梯度" in code
    assert "größe is yours" in raised(run(code)["größe"], 1)


def test_a_file_without_a_last_newline_stays_without(mini):
    assert not rendered(mini, FUNCTION.rstrip("\n")).endswith("\n")


def test_a_nested_place_is_named_in_full(mini):
    code = rendered(
        mini,
        """\
        class Op:
            if True:
                class Inner:
                    @property
                    def value(self):
                        def helper():
                            ### BEGIN YOUR SOLUTION hw1.forward
                            return 1
                            ### END YOUR SOLUTION
                        return helper()
        """,
    )
    op = run(code)["Op"]
    message = raised(lambda: op.Inner().value)
    assert message.startswith("hw1.forward: Op.Inner.value.helper is yours")


def test_helpers_defined_in_a_region_of_a_function_do_not_name_it(mini):
    code = rendered(
        mini,
        """\
        def outer():
            ### BEGIN YOUR SOLUTION hw1.forward
            def inner():
                return 1
            return inner()
            ### END YOUR SOLUTION
        """,
    )
    assert raised(run(code)["outer"]).startswith("hw1.forward: outer is yours")


def test_at_module_level_names_raise_when_used_and_not_at_import(mini):
    code = rendered(
        mini,
        """\
        before = 1
        ### BEGIN YOUR SOLUTION hw1.forward
        import math
        @staticmethod
        def helper(x):
            inner = x
            return math.sin(inner)
        class Thing(Exception):
            field = 1
        if before:
            table, (first, *rest) = [n for n in "ab"], (1, 2)
        number: int = 3
        ### END YOUR SOLUTION
        after = 2
        """,
    )
    names = run(code)
    assert names["after"] == 2
    for name in ("helper", "Thing", "table", "first", "rest", "number"):
        assert f"hw1.forward: {name} is yours" in raised(names[name], 1)
    assert isinstance(names["Thing"], type)
    assert {"inner", "field", "n", "math"}.isdisjoint(names)


def test_in_a_class_methods_raise_when_called(mini):
    code = rendered(
        mini,
        """\
        class Op:
            name = "op"

            ### BEGIN YOUR SOLUTION hw1.forward
            def compute(self, a):
                return a

            def gradient(self, a):
                return a
            ### END YOUR SOLUTION
        """,
    )
    op = run(code)["Op"]()
    assert "hw1.forward: Op.compute is yours" in raised(op.compute, 1)
    assert "hw1.forward: Op.gradient is yours" in raised(op.gradient, 1)


ONLY = """\
import os
### SOLUTION ONLY
import math
### END SOLUTION ONLY


def g():
    return 1


### SOLUTION ONLY hw1.backward
def helper(x):
    return x + 1


### END SOLUTION ONLY


def f(x):
    ### BEGIN YOUR SOLUTION hw1.backward
    return helper(x)
    ### END YOUR SOLUTION


def h(x):
    ### BEGIN YOUR SOLUTION hw1.forward
    return math.floor(x)
    ### END YOUR SOLUTION
"""


def test_solution_only_vanishes_with_the_blank_lines_around_it(mini):
    code = rendered(mini, ONLY)
    assert "math" not in code
    assert "helper" not in code
    assert code.startswith("import os\n\n\ndef g():\n    return 1\n\n\ndef f(x):\n")


@pytest.mark.parametrize(
    ("before", "after", "left"), [(0, 0, 0), (2, 0, 2), (0, 2, 2), (1, 3, 3), (3, 1, 3)]
)
def test_the_longer_run_of_blank_lines_stays(mini, before, after, left):
    only = "### SOLUTION ONLY\nx = 1\n### END SOLUTION ONLY\n"
    text = "a = 1\n" + "\n" * before + only + "\n" * after + "b = 1\n"
    assert rendered(mini, text) == "a = 1\n" + "\n" * left + "b = 1\n"


def test_nothing_is_left_of_helpers_at_the_ends_of_a_file(mini):
    only = "### SOLUTION ONLY\nx = 1\n### END SOLUTION ONLY\n"
    assert rendered(mini, f"{only}\n\na = 1\n\n\n{only}") == "a = 1\n"


def test_a_decorator_may_be_given_and_its_function_not(mini):
    code = rendered(
        mini,
        """\
        @staticmethod
        ### BEGIN YOUR SOLUTION hw1.forward
        def f():
            return 1
        ### END YOUR SOLUTION
        """,
    )
    assert "hw1.forward: f is yours" in raised(run(code)["f"])


def test_helpers_come_with_the_questions_that_use_them(mini):
    forward = rendered(mini, ONLY, {"hw1.forward"})
    assert "import math" in forward
    assert "helper" not in forward
    assert run(forward)["h"](1.5) == 1
    backward = run(rendered(mini, ONLY, {"hw1.backward"}))
    assert backward["f"](1) == 2


def test_helpers_in_a_file_of_their_own_come_with_any_question(mini):
    text = "### SOLUTION ONLY\nx = 1\n### END SOLUTION ONLY\n"
    assert rendered(mini, text) == ""
    assert "x = 1" in rendered(mini, text, {"hw1.backward"})


STAGED = """\
### STAGE hw1
#| backend = "numpy"
### END STAGE
### STAGE hw2+
backend = "own"
### END STAGE


def f(x):
    ### BEGIN YOUR SOLUTION hw1.forward; hw2+: hw2.fit id=port
    return x
    ### END YOUR SOLUTION


### STAGE hw2+
def g(x):
    ### BEGIN YOUR SOLUTION hw2.fit
    return -x
    ### END YOUR SOLUTION
### END STAGE
"""


def test_stage_blocks_exist_at_their_stages_and_held_lines_come_alive(mini):
    assert run(STAGED)["backend"] == "own"
    first = rendered(mini, STAGED)
    names = run(first)
    assert names["backend"] == "numpy"
    assert "g" not in names
    assert "STAGE" not in first
    assert first.endswith("    ### END YOUR SOLUTION\n")
    assert run(rendered(mini, STAGED, homework="hw2"))["backend"] == "own"


def test_an_owner_changes_with_the_stage(mini):
    assert "### BEGIN YOUR SOLUTION hw1.forward id=port\n" in rendered(mini, STAGED)
    second = rendered(mini, STAGED, homework="hw2")
    assert "### BEGIN YOUR SOLUTION hw2.fit id=port\n" in second
    assert "hw2.fit: f is yours" in raised(run(second)["f"], 1)


def test_a_region_held_for_earlier_stages_works(mini):
    text = """\
    def f(x):
        return x
    ### STAGE hw1
    #| def f(x):
    #|     ### BEGIN YOUR SOLUTION hw1.forward
    #|     return -x
    #|
    #|     ### END YOUR SOLUTION
    ### END STAGE
    """
    assert run(textwrap.dedent(text))["f"](1) == 1
    assert run(rendered(mini, text, ALL))["f"](1) == -1
    assert raised(run(rendered(mini, text))["f"], 1)


def test_ids_are_stable_names(mini):
    text = """\
    class A:
        def f(self):
            ### BEGIN YOUR SOLUTION hw1.forward
            x = 1
            ### END YOUR SOLUTION
            ### BEGIN YOUR SOLUTION hw1.forward
            return x
            ### END YOUR SOLUTION
    def g():
        ### BEGIN YOUR SOLUTION hw1.backward id=named
        return 1
        ### END YOUR SOLUTION
    """
    mini.write("common/hw1/src/a.py", text)
    regions = render_folder(mini.course, "hw1", NONE).regions
    expected = ["src/a.py::A.f", "src/a.py::A.f#2", "named"]
    assert [region.id for region in regions] == expected
