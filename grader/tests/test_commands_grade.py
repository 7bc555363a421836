"""An instructor's day: one submission, a folder of them, names by an enemy."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
import running as support
from coursekit.course import Course
from grader.hand_in import Order
from grader.sandbox import full, user
from grader.store.desk import Desk
from mini_course import HALF, SOLVED, write, write_course
from running import Shell, walls

from grader import batch

EVIL = ["-rf", "=HYPERLINK('x')", "two\nlines", "Zoë 学生", "a b", "CON"]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return write_course(tmp_path / "course")


@pytest.fixture
def grader(
    tmp_path: Path,
    course: Course,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:
    shell = Shell(tmp_path / "records", monkeypatch, capsys)
    shell.go(course.root)
    return shell


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two submissions, one of each kind."""
    write(tmp_path / "in" / "eve" / "hw0" / "src" / "small.py", HALF)
    pack(tmp_path / "in" / "max.zip", SOLVED, "hw0/")
    return tmp_path / "in"


def pack(path: Path, text: str, prefix: str = "") -> None:
    with zipfile.ZipFile(path, "w") as archive:
        lines = [line.removeprefix("    ") for line in text.splitlines(keepends=True)]
        archive.writestr(f"{prefix}src/small.py", "".join(lines))


def book(out: Path) -> dict[str, dict[str, str]]:
    with (out / "gradebook.csv").open(newline="") as stream:
        return {row["student"]: row for row in csv.DictReader(stream)}


def test_one_folder_and_one_archive(grader: Shell, folder: Path) -> None:
    done = grader("grade", folder / "eve", "--as", "eve")
    assert done.code == 0
    assert "submission 1, eve" in done.out
    assert "10 / 15" in done.out
    assert "15 / 15" in grader("grade", folder / "max.zip", "--as", "max").out
    shown = grader("gradebook", "hw0").out
    assert [line.split() for line in shown.splitlines()[2:4]] == [
        ["eve", "0", "10", "10"],
        ["max", "5", "10", "15"],
    ]


def test_name_with_markup_is_shown_as_it_is(grader: Shell, folder: Path) -> None:
    name = "[red]x[/red] :smile:"
    assert name in grader("grade", folder / "eve", "--as", name).out
    assert name in grader("gradebook").out
    assert name in grader("report", 1).out


def test_no_store_leaves_no_trace(grader: Shell, folder: Path) -> None:
    done = grader("grade", folder / "eve", "--no-store", "-k", "add_twice")
    assert done.code == 0
    assert "not recorded" in done.out
    assert "10 / 10" in done.out
    assert not (grader.home / "gradebook.sqlite3").exists()


def test_same_seed_same_inputs(grader: Shell, folder: Path) -> None:
    first = grader("grade", folder / "eve", "--json").json["result"]
    same = grader("grade", folder / "eve", "--seed", first["seed"], "--json").json
    other = grader("grade", folder / "eve", "--json").json["result"]

    def said(result: dict[str, object]) -> list[str]:
        return [case["output"] for case in result["questions"][0]["cases"]]  # type: ignore[index]

    assert same["result"]["seed"] == first["seed"] != other["seed"]
    assert said(same["result"]) == said(first) != said(other)


def test_bad_seeds_are_refused(grader: Shell, folder: Path) -> None:
    for text in ("x", "-1", "99999999999999999999", "0x10"):
        done = grader("grade", folder / "eve", f"--seed={text}")
        assert done.code != 0
        assert "not a seed" in done.err


def test_kept_files_are_graded_again_beside_the_old_result(
    grader: Shell, folder: Path
) -> None:
    first = grader("grade", folder / "eve", "--as", "eve", "--json").json
    write(folder / "eve" / "hw0" / "src" / "small.py", SOLVED)
    again = grader("grade", "--submission", first["submission"], "--json").json
    assert (again["student"], again["submission"]) == ("eve", 2)
    assert again["result"]["earned"] == 10
    status = grader("status", "--as", "eve", "--json").json["submissions"]
    assert status[0]["submitted_at"] == status[1]["submitted_at"]


def test_whoever_hands_in_something_else_is_not_forgotten(
    grader: Shell, folder: Path, tmp_path: Path
) -> None:
    (folder / "kim.tar.gz").write_bytes(b"\x1f\x8b no zip archive")
    (folder / "lee.7z").write_bytes(b"7z")
    (folder / "small.py").write_text("x = 1")
    (folder / ".DS_Store").write_text("")
    done = grader("grade", "--all", folder, "-o", tmp_path / "out")
    assert done.code == 1
    rows = book(tmp_path / "out")
    assert set(rows) == {"eve", "max", "kim", "lee"}
    for name in ("kim", "lee"):
        assert rows[name]["total"] == ""
        assert "not a sound zip archive" in rows[name]["problem"]
    note = "Note: left out, being neither folders nor zip archives: small.py\n"
    assert note in done.err


def test_a_case_we_cannot_judge_is_no_success(
    grader: Shell, folder: Path, tmp_path: Path
) -> None:
    suite = grader_suite(tmp_path).with_name("suite.py")
    text = suite.read_text()
    suite.write_text(
        text.replace('t.answer("sum", small.add(x, y), check=exact())', "")
    )
    done = grader("grade", folder / "max.zip")
    assert done.code == 1
    assert "the reference's run: the case hands over no answer" in done.out
    assert "grader: 1 of 3 cases could not be judged: add_integers." in done.err
    done = grader("grade", folder / "max.zip", "--json", "--no-store")
    assert (done.code, done.json["result"]["earned"]) == (1, 13)


def test_whole_class(grader: Shell, folder: Path, tmp_path: Path) -> None:
    for name in EVIL:
        write(folder / name / "src" / "small.py", SOLVED)
    (folder / "broken.zip").write_bytes(b"PK\x03\x04 no archive")
    (folder / "empty").mkdir()
    (folder / "notes.txt").write_text("not a submission")
    (folder / "link").symlink_to(folder / "eve")
    out = tmp_path / "out"
    done = grader("grade", "--all", folder, "-o", out, "--jobs", 2)

    assert done.code == 1
    assert done.err.splitlines()[-1].startswith("grader: 3 of 11 could not be graded")
    for name in ("broken", "empty", "link"):
        assert name in done.err.splitlines()[-1]
    assert all(len(line) <= 80 for line in done.out.splitlines())

    rows = book(out)
    assert rows["max"]["total"] == "15"
    assert (rows["eve"]["hw0.add"], rows["eve"]["total"]) == ("0", "10")
    for name in ("broken", "empty", "link"):
        assert (rows[name]["hw0.add"], rows[name]["total"]) == ("", "")
        assert rows[name]["problem"]
    assert rows["'-rf"]["total"] == rows["'=HYPERLINK('x')"]["total"] == "15"
    assert rows["two\\nlines"]["total"] == rows["Zoë 学生"]["total"] == "15"
    assert b"\r" not in (out / "gradebook.csv").read_bytes()

    data = json.loads((out / "gradebook.json").read_text())
    assert data["homeworks"] == {"hw0": {"hw0.add": 5, "hw0.add_twice": 10}}
    assert len(data["students"]) == 11
    reports = sorted(path.name for path in (out / "reports").iterdir())
    assert len(reports) == 8
    assert {"eve.html", "max.html"} <= set(reports)
    assert not any(name.startswith((".", "-", "=")) for name in reports)

    seeds = {
        json.loads(grader("report", number, "--json").out)["result"]["seed"]
        for number in range(1, 9)
    }
    assert len(seeds) == 1


def test_second_run_grades_only_what_is_new(
    grader: Shell, folder: Path, tmp_path: Path
) -> None:
    def skipped(*options: str) -> dict[str, bool]:
        done = grader("grade", "--all", folder, "-o", tmp_path / "out", *options)
        data = grader("grade", "--all", folder, "--json", *options).json
        assert done.code == 0
        return {each["student"]: each["skipped"] for each in data["submissions"]}

    assert grader("grade", "--all", folder, "--json").code == 0
    assert skipped() == {"eve": True, "max": True}
    count = len(grader("status", "--as", "eve", "--json").json["submissions"])
    assert count == 1
    assert skipped("--again") == {"eve": False, "max": False}
    write(folder / "eve" / "hw0" / "src" / "small.py", SOLVED)
    data = grader("grade", "--all", folder, "--json").json
    assert {each["student"]: each["skipped"] for each in data["submissions"]} == {
        "eve": False,
        "max": True,
    }
    part = grader("grade", "--all", folder, "--json", "-k", "add_twice").json
    assert not any(each["skipped"] for each in part["submissions"])
    write(grader_suite(tmp_path), SUITE_MORE)
    data = grader("grade", "--all", folder, "--json").json
    assert not any(each["skipped"] for each in data["submissions"])


SUITE_MORE = "# another suite\n"


def test_going_back_to_an_earlier_version_is_handing_in_anew(
    grader: Shell, folder: Path, tmp_path: Path, course: Course
) -> None:
    write(course.root / "course.toml", LATEST)
    totals = []
    for text in (SOLVED, HALF, SOLVED, SOLVED):
        write(folder / "eve" / "hw0" / "src" / "small.py", text)
        done = grader("grade", "--all", folder, "-o", tmp_path / "out")
        assert done.code == 0
        totals.append(book(tmp_path / "out")["eve"]["total"])
    assert totals == ["15", "10", "15", "15"]
    assert len(grader("status", "--as", "eve", "--json").json["submissions"]) == 3


LATEST = """
    [course]
    name = "A course for tests"
    version = "1.0"
    homeworks = ["hw0"]

    [grading]
    counts = "latest"
"""


def test_mended_reference_grades_everybody_again(
    grader: Shell, folder: Path, course: Course
) -> None:
    source = course.root / "common" / "hw0" / "src" / "small.py"
    right = source.read_text()
    source.write_text(right.replace("x + y + y", "x - y"))
    first = grader("grade", "--all", folder, "--json").json["submissions"]
    assert [each["earned"] for each in first] == [0, 5]
    source.write_text(right)
    again = grader("grade", "--all", folder, "--json").json["submissions"]
    assert [each["earned"] for each in again] == [10, 15]


def grader_suite(tmp_path: Path) -> Path:
    return tmp_path / "course" / "grader" / "suites" / "hw0" / "more.py"


def test_interrupted_batch_goes_on_where_it_was(
    grader: Shell, folder: Path, tmp_path: Path, course: Course
) -> None:
    # In the middle of the alphabet one that takes long.
    slow = "import time\n\n\ndef add(x, y):\n    time.sleep(2)\n    return x + y\n"
    write(folder / "kim" / "src" / "small.py", slow)
    command = [sys.executable, "-c", "from grader.cli import main; main()"]
    command += ["grade", "--all", str(folder), "--jobs", "1", "-k", "test_add"]
    command += walls()
    running = subprocess.Popen(
        command, cwd=course.root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )

    def state() -> str:
        found = grader("status", "--as", "kim", "--json").json["submissions"]
        return found[0]["state"] if found else ""

    deadline = time.monotonic() + 30
    while state() != "grading":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    assert state() == "interrupted"
    again = grader("grade", "--all", folder, "--json", "-k", "test_add").json
    assert {each["student"]: each["skipped"] for each in again["submissions"]} == {
        "eve": True,
        "kim": False,
        "max": False,
    }
    assert len(grader("status", "--as", "kim", "--json").json["submissions"]) == 1


def test_fault_of_ours_in_one_submission_stops_no_other(
    grader: Shell, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = batch.hand_in

    def faulty(order: Order, desk: Desk) -> object:
        if order.student == "eve":
            raise ZeroDivisionError("a defect")
        return right(order, desk)

    monkeypatch.setattr(batch, "hand_in", faulty)
    done = grader("grade", "--all", folder, "--json")
    assert done.code == 1
    eve, max_ = done.json["submissions"]
    assert eve["earned"] is None
    assert "the grader failed: ZeroDivisionError: a defect" in eve["problem"]
    assert max_["earned"] == 15


def test_question_we_cannot_judge_is_blank_and_graded_once_it_can_be(
    grader: Shell, folder: Path, tmp_path: Path
) -> None:
    suite = grader_suite(tmp_path).with_name("suite.py")
    sound = suite.read_text()
    broken = sound.replace(
        "    x, y = t.input", "    assert y_is_missing\n    x, y = t.input"
    )
    suite.write_text(broken)
    done = grader("grade", "--all", folder, "-o", tmp_path / "out")
    assert done.code == 1
    row = book(tmp_path / "out")["max"]
    assert (row["hw0.add"], row["hw0.add_twice"]) == ("", "10")
    assert "could not be judged: add_integers" in row["problem"]
    assert "in part" in done.out
    again = grader("grade", "--all", folder, "--json").json
    assert not any(each["skipped"] for each in again["submissions"])
    suite.write_text(sound)
    assert grader("grade", "--all", folder, "-o", tmp_path / "out").code == 0
    assert book(tmp_path / "out")["max"]["total"] == "15"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "say what to grade"),
        (["--all", "{0}", "{0}"], "say what to grade"),
        (["--all", "{0}/eve/hw0/src"], "holds no submissions"),
        (["--all", "{0}", "--as", "x"], "does not go together with --as"),
        (["{0}/eve/hw0/src/small.py"], "not a sound zip archive"),
        (["{0}"], "holds nothing to grade"),
        (["--submission", "5"], "no submission 5"),
        (["{0}/eve", "--hw", "hw8"], "no homework 'hw8'"),
    ],
)
def test_wrong_words(
    grader: Shell, folder: Path, words: list[str], message: str
) -> None:
    done = grader("grade", *(word.format(folder) for word in words))
    assert done.code == 1
    assert message in done.err


def test_other_peoples_code_is_not_run_without_walls_unless_told_to(
    grader: Shell, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "eve" / "src" / "small.py", f"open({str(folder / 'x')!r}, 'w')")
    with monkeypatch.context() as patch:
        for level in (full, user):
            patch.setattr(level, "trouble", lambda: "no bubblewrap")
        patch.setattr(support, "walls", list)
        done = grader("grade", "--all", folder)
        assert done.code == 1
        assert "no bubblewrap" in done.err
        assert "--sandbox none" in done.err
        assert not (folder / "x").exists()
        done = grader("grade", "--all", folder, "--sandbox", "none")
    assert "can read and change every file" in done.err
    assert (folder / "x").exists()


def evil_course(folder: Path, mark: Path) -> None:
    """Put a checkout of the course, whose suite gives itself away, into a folder."""
    write_course(folder)
    suite = folder / "grader" / "suites" / "hw0" / "suite.py"
    suite.write_text(f"open({str(mark)!r}, 'w').close()\n" + suite.read_text())


@pytest.mark.parametrize("standing", ["in the course", "in the submission"])
def test_a_course_that_comes_with_a_submission_is_not_used(
    grader: Shell, folder: Path, tmp_path: Path, standing: str
) -> None:
    """Its suite would run in the grader's own process, as whoever runs the grader."""
    mark = tmp_path / "ran"
    work = folder / "eve" / "hw0"
    evil_course(work, mark)
    if standing == "in the submission":
        grader.go(work)
    # The course that is installed has other homeworks beside.
    done = grader("grade", work, "--hw", "hw0", "-k", "add", "--no-store", "--json")
    assert not mark.exists()
    assert done.code == 0, done.err
    if standing == "in the course":
        evil_course(folder, mark)
        grader("grade", "--all", folder, "-k", "add")
        assert not mark.exists()


@pytest.mark.parametrize("what", ["fifo", "endless", "deep", "lie", "folder"])
def test_a_hostile_manifest_costs_nobody_anything(
    grader: Shell, folder: Path, what: str
) -> None:
    path = folder / "eve" / ".course" / "manifest.json"
    path.unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)
    if what == "fifo":
        os.mkfifo(path)
    elif what == "endless":
        path.symlink_to("/dev/zero")
    elif what == "folder":
        path.mkdir()
    else:
        path.write_text({"deep": "[" * 10**6, "lie": '{"homework": "hw9"}'}[what])
    alone = grader("grade", folder / "eve", "--no-store")
    assert alone.code == (1 if what == "lie" else 0)
    assert ("says that it is hw9" in alone.err) is (what == "lie")
    assert grader("grade", folder / "eve", "--no-store", "--hw", "hw0").code == 0
    data = grader("grade", "--all", folder, "--json").json
    graded = [each["student"] for each in data["students"] if not each["problem"]]
    assert "eve" in graded
    assert len(graded) > 1


def test_csv_of_the_gradebook(grader: Shell, folder: Path, tmp_path: Path) -> None:
    grader("grade", folder / "eve", "--as", "=eve")
    done = grader("gradebook", "--csv", tmp_path / "book.csv", "--json")
    assert done.json["students"] == [
        {
            "student": "=eve",
            "earned": {"hw0.add": 0.0, "hw0.add_twice": 10.0},
            "total": 10.0,
            "problem": None,
        }
    ]
    assert (tmp_path / "book.csv").read_text() == (
        '"student","hw0.add","hw0.add_twice","total","problem"\n"\'=eve",0,10,10,""\n'
    )
