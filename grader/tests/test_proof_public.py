"""Running public tests: every one gets an outcome, whatever the code does."""

from __future__ import annotations

import pytest
from coursekit.homework import Homework
from grader.proof.public import run_each, run_public

MODEL = {
    "name": "hw0",
    "title": "For tests",
    "question": [
        {
            "id": "hw0.one",
            "title": "One",
            "points": 1,
            "section": "Question 1",
            "tests": ["test_passes", "test_parameters", "test_stub", "test_setup"],
        },
        {
            "id": "hw0.two",
            "title": "Two",
            "points": 1,
            "section": "Question 2",
            "tests": ["test_skipped", "test_crashes", "test_after", "test_gone"],
        },
    ],
    "submission": {"files": ["*.py"]},
}
TESTS = b"""
import os
import pytest
from work import stub

def test_passes(tmp_path):
    assert os.environ["OMP_NUM_THREADS"] == "1"

@pytest.mark.parametrize("x", [0, 1, 2, 3])
def test_parameters(x):
    if x == 0:
        pytest.skip("nothing to be seen here")
    assert x < 2, "too large"

def test_stub():
    stub()

@pytest.fixture
def broken():
    raise KeyError("no such thing")

def test_setup(broken):
    pass

def test_skipped():
    pytest.skip("not here")

def test_crashes():
    os._exit(3)

def test_after():
    pass

def test_unlisted():
    raise AssertionError("nobody asked for this one")
"""
WORK = b"""
def stub():
    raise NotImplementedError("hw0.one: stub is yours to write (handout, question 1)")
"""
CONFTEST = b"import sys; sys.path.insert(0, '.')\n"
FILES = {
    "tests/hw0/test_a.py": TESTS,
    "tests/hw0/conftest.py": CONFTEST,
    "work.py": WORK,
}


def homework(**question_two):
    first, second = MODEL["question"]
    questions = [first, {**second, **question_two}]
    return Homework.model_validate({**MODEL, "question": questions})


@pytest.fixture(scope="module")
def outcomes():
    return {each.name: each for each in run_public(homework(), FILES, build=False)}


def test_every_listed_test_has_an_outcome(outcomes):
    assert {name: (o.status, o.kind) for name, o in outcomes.items()} == {
        "test_passes": ("passed", ""),
        "test_parameters": ("failed", "AssertionError"),
        "test_stub": ("failed", "NotImplementedError"),
        "test_setup": ("error", "KeyError"),
        "test_skipped": ("skipped", "Skipped"),
        "test_crashes": ("error", "Crash"),
        "test_after": ("passed", ""),
        "test_gone": ("error", "NotFound"),
    }


def test_an_outcome_says_what_happened_and_where(outcomes):
    stub = outcomes["test_stub"]
    said = "hw0.one: stub is yours to write (handout, question 1)"
    assert (stub.question, stub.message) == ("hw0.one", said)
    assert (stub.file, stub.line, stub.at) == ("tests/hw0/test_a.py", 15, "work.py:3")
    failed = outcomes["test_parameters"]
    assert failed.item == "test_parameters[2]"  # the first that failed
    assert failed.message.startswith("too large")
    assert "status 3" in outcomes["test_crashes"].message


def test_every_set_of_parameters_can_be_had():
    found = run_each(homework(), FILES, questions=["one"], build=False)
    statuses = {each.item: each.status for each in found if "parameters" in each.name}
    assert statuses == {
        "test_parameters[0]": "skipped",
        "test_parameters[1]": "passed",
        "test_parameters[2]": "failed",
        "test_parameters[3]": "failed",
    }
    assert {each.question for each in found} == {"hw0.one"}


def test_a_loop_without_end_costs_itself_only():
    endless = b"\ndef test_endless():\n    while True: pass\n\ndef test_later(): pass\n"
    files = {**FILES, "tests/hw0/test_a.py": TESTS + endless}
    two = homework(tests=["test_endless", "test_later"])
    found = run_public(two, files, questions=["hw0.two"], build=False, seconds=2)
    assert [(o.status, o.kind) for o in found] == [("error", "Timeout"), ("passed", "")]


@pytest.mark.parametrize(
    ("body", "kind"),
    [("assert False", "AssertionError"), ("os._exit(3)", "Crash")],
)
def test_one_failure_is_enough_where_only_that_is_asked(tmp_path, body, kind):
    told = f"open({str(tmp_path / 'later')!r}, 'w')"
    text = f"\ndef test_first():\n    {body}\n\ndef test_later():\n    {told}\n"
    files = {**FILES, "tests/hw0/test_a.py": TESTS + text.encode()}
    two = homework(tests=["test_after", "test_first", "test_later"])
    for until_failure in (True, False):
        found = run_public(
            two, files, questions=["hw0.two"], build=False, until_failure=until_failure
        )
        last = "skipped" if until_failure else "passed"
        assert [o.status for o in found[::2]] == ["passed", last]
        assert (found[1].kind, found[1].status != "passed") == (kind, True)
        assert (tmp_path / "later").exists() is not until_failure


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("def test_lost(): pass\nimport work\nwork.other\n", "AttributeError", 3),
        ("from work import other\ndef test_lost(): pass\n", "ImportError", 1),
        ("def test_lost(): pass\nx = = 1\n", "SyntaxError", 2),
    ],
)
def test_a_file_that_cannot_be_collected_costs_its_own_tests(text, kind, line):
    files = {**FILES, "tests/hw0/test_b.py": text.encode()}
    two = homework(tests=["test_lost", "test_after"])
    lost, after = run_public(two, files, questions=["hw0.two"], build=False)
    assert (lost.status, lost.kind, lost.line) == ("error", kind, 0)
    assert lost.at == f"tests/hw0/test_b.py:{line}"
    assert after.status == "passed"


def test_a_folder_that_refuses_its_tests_says_why():
    files = {**FILES, "tests/hw0/conftest.py": b"import sys\nsys.nothing\n"}
    found = run_public(homework(), files, build=False)
    assert {(o.kind, o.at) for o in found if o.name != "test_gone"} == {
        ("AttributeError", "tests/hw0/conftest.py:2")
    }


BUILD = {"command": ["make"], "inputs": ["*.c"], "outputs": ["out.so"], "seconds": 60}


@pytest.mark.parametrize("compiles", [True, False])
def test_native_code_is_built_and_a_failure_is_told(compiles):
    model = {**MODEL, "build": BUILD}
    model["question"] = [MODEL["question"][0], {**MODEL["question"][1], "built": True}]
    built = Homework.model_validate(model).model_copy()
    recipe = "cp one.c out.so" if compiles else "echo one.c:1: error: no >&2; false"
    test = b"\ndef test_gone():\n    assert open('out.so').read() == 'one'\n"
    files = {
        **FILES,
        "Makefile": f"all:\n\t{recipe}\n".encode(),
        "one.c": b"one",
        "tests/hw0/test_b.py": test,
    }
    found = {o.name: o for o in run_public(built, files, build=True)}
    assert found["test_passes"].status == "passed"
    gone = found["test_gone"]
    assert gone.status == ("passed" if compiles else "error")
    assert gone.kind == ("" if compiles else "BuildFailed")
    assert compiles or "does not compile" in gone.message


ON = {
    "id": "hw0.three",
    "title": "Three",
    "points": 1,
    "section": "Question 3",
    "tests": ["test_parameters", "test_passes"],
    "on": "3",
}


def test_a_test_with_one_parameter_may_be_another_questions():
    first, second = MODEL["question"]
    three = Homework.model_validate({**MODEL, "question": [first, second, ON]})
    items = {
        (each.question, each.item): each.status
        for each in run_each(three, FILES, questions=["one", "three"], build=False)
        if each.name in ON["tests"]
    }
    assert items == {
        ("hw0.one", "test_passes"): "passed",
        ("hw0.one", "test_parameters[0]"): "skipped",
        ("hw0.one", "test_parameters[1]"): "passed",
        ("hw0.one", "test_parameters[2]"): "failed",
        ("hw0.three", "test_parameters[3]"): "failed",
        ("hw0.three", "test_passes"): "error",
    }
    alone = run_public(three, FILES, questions=["three"], build=False)
    assert [(each.item, each.kind) for each in alone] == [
        ("test_parameters[3]", "AssertionError"),
        ("test_passes", "NotFound"),
    ]
    assert alone[1].message.endswith("with the parameter 3")
