"""Planted bugs are found; tests that find too little or too much are told."""

from __future__ import annotations

import json

import pytest
from bug_course import bench, bug_course, hunted, write_catalogue
from coursekit.errors import CourseError
from grader.proof.bugs.catalogue import read_catalogue
from grader.proof.bugs.hunt import hunt
from grader.proof.bugs.outcome import Kill, Outcome
from grader.proof.bugs.table import block, survivors
from grader.proof.slices import Slice
from mini_course import write
from running import Shell


def bug(name, replace, *more):
    lines = [f'name = "{name}"', 'misconception = "This is a mistake."']
    lines += ['find = "return x + y"', f"replace = '''\n{replace}\n'''", *more]
    return "\n".join(["[[bug]]", *lines])


MINUS = bug("minus", "return x - y")
FLOATS = bug("floats", "return float(x + y) if type(x) is int else x + y")
SAME = bug("same", "return y + x", 'equivalent = "Addition commutes."')
FINDS_MINUS = "import small\n\n\ndef test_add():\n    assert small.add(2, 3) == 5\n"
FINDS_NOTHING = "import small\n\n\ndef test_add():\n    assert small.add(2, 0) == 2\n"
OTHER = "\n\ndef test_add_twice():\n    assert small.add_twice(2, 3) == 8\n"


def findings(course):
    return [str(finding) for finding in hunted(course).findings()]


def test_what_both_sides_find_is_no_finding(tmp_path):
    found = hunted(bug_course(tmp_path, f"{MINUS}\n{SAME}"))
    minus, same = found.results
    assert minus.outcome == Outcome(
        public=(Kill("test_add", "hw0.add", "failed"),),
        hidden=(
            Kill("add_integers", "hw0.add", "failed"),
            Kill("add_arrays", "hw0.add", "failed"),
        ),
    )
    assert same.outcome == Outcome()
    assert found.findings() == []


def test_a_survivor_of_the_public_tests_is_told(tmp_path):
    course = bug_course(tmp_path, MINUS, FINDS_NOTHING + OTHER)
    one, share = findings(course)
    assert one.startswith("grader/bugs/hw0/add.toml:3: minus: no public test finds it")
    assert share.startswith("grader/bugs/hw0:1: public tests find 0% of the planted")


def test_only_declared_survivors_that_were_tried_are_listed(tmp_path):
    declared = bug("minus", "return x - y", 'survives_public = "They are weak here."')
    undeclared = bug("twice", "return x + y + y")
    stale = bug("stale", "return x").replace("return x + y", "return x * y")
    entries = "\n".join([declared, undeclared, stale])
    course = bug_course(tmp_path, entries, FINDS_NOTHING + OTHER)
    found = hunted(course)
    assert [(r.entry.name, why) for r, why in survivors(found)] == [
        ("minus", "They are weak here.")
    ]


def test_a_declared_survivor_is_no_finding_but_counts(tmp_path):
    declared = bug("minus", "return x - y", 'survives_public = "They are weak here."')
    course = bug_course(tmp_path, declared, FINDS_NOTHING + OTHER)
    (share,) = findings(course)
    assert "find 0%" in share


def test_a_declared_survivor_that_is_found_is_told(tmp_path):
    declared = bug("minus", "return x - y", 'survives_public = "They are weak here."')
    (told,) = findings(bug_course(tmp_path, declared))
    assert "declared to survive the public tests, but test_add finds it" in told


def test_a_survivor_of_the_hidden_suite_is_told(tmp_path):
    course = bug_course(tmp_path, MINUS)
    suite = tmp_path / "grader/suites/hw0/suite.py"
    weak = suite.read_text().replace("small.add(x, y)", "small.add(x, 0)")
    suite.write_text(weak.replace("small.add(x, x)", "small.add(x, 0 * x)"))
    (told,) = findings(course)
    assert "minus: no hidden case finds it: add one to grader/suites/hw0" in told


def test_what_is_equivalent_and_found_is_told(tmp_path):
    declared = bug("minus", "return x - y", 'equivalent = "Nobody minds the sign."')
    (told,) = findings(bug_course(tmp_path, declared))
    assert "declared equivalent, but test_add (failed) finds it" in told


def test_tests_that_refuse_another_right_solution_are_told(tmp_path):
    variant = """
[[variant]]
name = "by-hand"
about = "The type of the result is another."
body = "    return float(x + y) if type(x) is int else x + y"
"""
    (told,) = findings(bug_course(tmp_path, variant))
    assert told == (
        "grader/bugs/hw0/add.toml:3: by-hand: add_integers (failed) refuses this right "
        "solution: loosen it, or mend the variant"
    )


def test_crashes_and_loops_count_and_are_named(tmp_path):
    crash = bug("crash", "import ctypes; ctypes.string_at(0)")
    course = bug_course(tmp_path, crash)
    (found,) = hunted(course).results
    assert {kill.how for kill in found.outcome.public} == {"crashed"}
    assert {kill.how for kill in found.outcome.hidden} == {"crashed"}
    assert "by a crash" in block(course.homework("hw0"), hunted(course))


@pytest.mark.slow
def test_a_loop_without_end_is_named(tmp_path):
    course = bug_course(tmp_path, bug("loop", "while True: pass"))
    (found,) = hunted(course).results
    assert {kill.how for kill in found.outcome.public} == {"timeout"}
    assert {kill.how for kill in found.outcome.hidden} == {"timeout"}


def test_a_stale_entry_costs_no_other_its_trial(tmp_path):
    stale = MINUS.replace("minus", "stale").replace('"return x + y"', '"x * y"')
    found = hunted(bug_course(tmp_path, f"{stale}\n{MINUS}"))
    assert [bool(result.outcome.hidden) for result in found.results] == [False, True]
    (told,) = map(str, found.findings())
    assert told.startswith("grader/bugs/hw0/add.toml:3: stale: 'x * y' is not in the")


def test_a_reference_that_fails_is_no_judge(tmp_path):
    course = bug_course(tmp_path, MINUS, FINDS_MINUS.replace("5", "6") + OTHER)
    with pytest.raises(CourseError, match="test_add failed on the reference without"):
        hunted(course)


CALLING = """
    def add(x, y):
        ### BEGIN YOUR SOLUTION hw0.add
        return x + y
        ### END YOUR SOLUTION


    def add_twice(x, y):
        ### BEGIN YOUR SOLUTION hw0.add_twice
        return add(add(x, y), y)
        ### END YOUR SOLUTION
    """


def test_what_its_own_question_misses_is_tried_on_those_that_call_it(tmp_path):
    course = bug_course(tmp_path, FLOATS, FINDS_NOTHING + OTHER)
    write(tmp_path / "common/hw0/src/small.py", CALLING)
    test = tmp_path / "common/hw0/tests/hw0/test_small.py"
    test.write_text(
        test.read_text() + "    assert type(small.add_twice(2, 3)) is int\n"
    )
    (found,) = hunted(course).results
    assert found.outcome.public == (Kill("test_add_twice", "hw0.add_twice", "failed"),)
    assert [kill.name for kill in found.outcome.hidden] == ["add_integers"]


def test_outcomes_are_kept_until_a_test_changes(tmp_path, monkeypatch):
    course = bug_course(tmp_path, MINUS)
    assert hunted(course).findings() == []

    def never(*_, **__):
        raise AssertionError("run again")

    monkeypatch.setattr("grader.proof.bugs.trial.run_public", never)
    assert hunted(course).findings() == []
    test = tmp_path / "common/hw0/tests/hw0/test_small.py"
    test.write_text(test.read_text() + "\n\ndef test_more():\n    pass\n")
    with pytest.raises(AssertionError, match="run again"):
        hunted(course)


def test_what_could_not_be_judged_is_told_and_tried_again(tmp_path, monkeypatch):
    course = bug_course(tmp_path, MINUS)
    ready = bench(course)
    entries = read_catalogue(course, ready.homework)
    ready.check_reference({"hw0.add"})
    with monkeypatch.context() as broken:
        broken.setattr("grader.judge.answers_told", lambda *_: 1 / 0)
        (told,) = map(str, hunt(ready, entries).findings())
    assert "minus: add_integers, add_arrays could not be judged" in told
    assert hunt(ready, entries).findings() == []


def test_slices_partition_a_catalogue(tmp_path):
    listed = "\n".join(bug(f"bug-{i}", f"return x - y - {i}") for i in range(20))
    course = bug_course(tmp_path, listed)
    entries = read_catalogue(course, course.homework("hw0"))
    names = [f"hw0/{entry.name}" for entry in entries]
    parts = [[name for name in names if name in Slice(i, 3)] for i in (1, 2, 3)]
    assert sorted(name for part in parts for name in part) == sorted(names)
    assert all(parts)


def test_a_slice_says_nothing_about_shares(tmp_path):
    course = bug_course(tmp_path, MINUS, FINDS_NOTHING + OTHER)
    ready = bench(course)
    entries = read_catalogue(course, ready.homework)
    found = hunt(ready, entries, whole=False)
    assert len(found.findings()) == 1


# ------------------------------------------------------------------------- the command


@pytest.fixture
def shell(grader_home, monkeypatch, capsys):
    return Shell(grader_home, monkeypatch, capsys)


def test_the_command_shows_a_table_and_ends_well(tmp_path, shell):
    bug_course(tmp_path, f"{MINUS}\n{SAME}")
    shell.go(tmp_path)
    done = shell("prove", "bugs", "hw0")
    assert done.code == 0, done.err
    row = next(line for line in done.out.splitlines() if "1 add" in line)
    assert row.split() == [
        "1",
        "add",
        "1",
        "1",
        "(100%)",
        "1",
        "(100%)",
        "1",
        "of",
        "1",
    ]


def test_the_command_fails_on_a_survivor_and_names_it(tmp_path, shell):
    bug_course(tmp_path, MINUS, FINDS_NOTHING + OTHER)
    shell.go(tmp_path)
    done = shell("prove", "bugs")
    assert done.code == 1
    assert "grader/bugs/hw0/add.toml:3: minus: no public test finds it" in done.out
    assert "2 things are wrong with the planted bugs of hw0" in done.err


def test_the_command_speaks_json(tmp_path, shell):
    bug_course(tmp_path, MINUS, FINDS_NOTHING + OTHER)
    shell.go(tmp_path)
    (found,) = json.loads(shell("prove", "bugs", "--json").out)
    assert found["public_share"] == 0
    assert found["findings"][0]["line"] == 3
    (entry,) = found["entries"]
    assert entry["misconception"] == "This is a mistake."
    assert [kill["name"] for kill in entry["hidden"]] == ["add_integers", "add_arrays"]


def test_the_command_takes_single_entries_and_questions(tmp_path, shell):
    course = bug_course(tmp_path, f"{MINUS}\n{FLOATS}")
    write_catalogue(tmp_path, "add_twice", MINUS.replace("minus", "second"))
    shell.go(tmp_path)
    for only, names in [("minus", ["minus"]), ("add", ["minus", "floats"])]:
        (found,) = json.loads(shell("prove", "bugs", "--json", "--only", only).out)
        assert [entry["name"] for entry in found["entries"]] == names
    done = shell("prove", "bugs", "--only", "plus")
    assert done.code == 1
    assert "has no entry and no question plus" in done.err
    assert course.homework("hw0").name == "hw0"


def test_the_table_is_written_between_its_markers(tmp_path, shell):
    bug_course(tmp_path, MINUS)
    page = tmp_path / "docs/proof.md"
    write(page, "# Proof")
    shell.go(tmp_path)
    assert shell("prove", "bugs", "--write").code == 0
    assert "<!-- generated: bugs hw0 " in page.read_text()
    assert "| 1 add | 1 | 1 (100%) | 1 (100%) | none |" in page.read_text()
    refused = shell("prove", "bugs", "--write", "--slice", "1/2")
    assert "--write takes the whole table" in refused.err
