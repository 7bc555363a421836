"""The command ``grader prove closure``: what it shows, refuses and keeps."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from proof_course import change, line_of, write_proof_course
from running import Shell

TESTS = "common/hw0/tests/hw0/test_small.py"


@pytest.fixture
def course(tmp_path):
    return write_proof_course(tmp_path / "course")


@pytest.fixture
def grader(grader_home, shared_home, course, monkeypatch, capsys):
    shell = Shell(shared_home, monkeypatch, capsys)
    shell.go(course.root)
    return shell


def test_a_closure_that_holds_is_shown_as_a_table(grader):
    done = grader("prove", "closure", "hw0")
    assert (done.code, done.err) == (0, "")
    rows = [line.split() for line in done.out.splitlines()]
    assert ["nothing", ".", "~"] in rows  # one test of the second is of given code
    assert ["1", "to", "2", "x", "x"] in rows


def test_a_finding_is_a_line_and_the_status_is_1(grader, course):
    change(course.root, TESTS, "assert small.area(4, 5, 1) == 14", "pass")
    done = grader("prove", "closure", "hw0", "--slice", "all")
    assert done.code == 1
    place = line_of(course.root, TESTS, "def test_area")
    assert f"{place}: public test test_area passes with nothing" in done.out
    assert "1 thing is wrong with the closure of hw0" in done.err


def test_json_is_all_that_is_printed(grader, course):
    change(course.root, TESTS, "assert small.area(4, 5, 1) == 14", "pass")
    done = grader("prove", "closure", "hw0", "--json")
    [found] = done.json
    assert done.code == 1
    assert found["homework"] == "hw0"
    assert [column["solved"] for column in found["columns"]] == [
        "nothing",
        "hw0.add",
        "hw0.area",
    ]
    first = found["columns"][0]["questions"]["hw0.area"]
    assert first == {"public": [2, 2], "hidden": [1, 2]}
    assert found["given"] == {"hw0.area": ["test_label_is_given", "label_is_given"]}
    [finding] = found["findings"]
    assert f"{finding['file']}:{finding['line']}" == line_of(
        course.root, TESTS, "def test_area"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["hw7"], "the course has no homework 'hw7'; it has hw0, hw1"),
        (["--slice", "3"], "'3' is not a slice: write 2/6"),
        (["--slice", "7/6"], "slices are numbered from 1 to 6"),
        (["--slice", "1/2", "--write"], "--write takes the whole table"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(grader, words, said):
    done = grader("prove", "closure", *words)
    assert (done.code, done.out) == (1, "")
    assert said in done.err


def test_an_unknown_proof_is_refused_and_the_known_ones_listed(grader):
    assert "No such command 'everything'" in grader("prove", "everything").err
    shown = grader("prove", "--help").out
    assert all(name in shown for name in ("closure", "bugs", "flaky"))


def test_the_table_is_written_between_its_markers(grader, course):
    page = course.root / "docs" / "proof.md"
    refused = grader("prove", "closure", "hw0", "--write")
    assert "proof.md is missing" in refused.err
    page.parent.mkdir()
    page.write_text("# Proof\n\nBefore.\n")
    assert grader("prove", "closure", "hw0", "--write").code == 0
    written = page.read_text()
    assert "Before.\n\n<!-- generated: closure hw0 " in written
    assert "| 1 to 2 | **1/1, 1/1** | **2/2, 2/2** |" in written
    page.write_text(written + "\nAfter.\n")
    assert grader("prove", "closure", "hw0", "--write").code == 0
    assert page.read_text() == written + "\nAfter.\n"


def test_a_broken_homework_is_not_written(grader, course):
    page = course.root / "docs" / "proof.md"
    page.parent.mkdir()
    page.write_text("# Proof\n")
    change(course.root, TESTS, "assert small.area(4, 5, 1) == 14", "pass")
    assert grader("prove", "closure", "hw0", "--write").code == 1
    assert page.read_text() == "# Proof\n"


def test_a_stopped_proof_ends_in_words_with_status_130(course, tmp_path):
    started = tmp_path / "started"
    test = f"    open({str(started)!r}, 'w').close()\n    import time; time.sleep(60)\n"
    change(course.root, TESTS, "    assert small.area(4, 5, 1) == 14\n", test)
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from grader.cli import main; main()",
            "prove",
            "closure",
        ],
        cwd=course.root,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ},
    )
    while not started.exists() and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.strip() == "Stopped. It is safe to run the command again."
