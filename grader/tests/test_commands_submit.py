"""A student's day: submit, read, mend, submit again, look back."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from coursekit.course import Course
from coursekit.errors import CourseError
from grader.hand_in import Order, hand_in
from grader.material import Material
from grader.progress import Event
from grader.submission import Submission
from mini_course import HALF, SOLVED, write, write_course, write_work
from mugrade.__main__ import main as mugrade
from pack_kit import leave_checkout
from running import Shell


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_course(tmp_path / "course").root


@pytest.fixture
def work(root: Path) -> Path:
    return write_work(Course(root), root / "work" / "hw0", HALF)


@pytest.fixture
def grader(
    tmp_path: Path,
    root: Path,
    work: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:
    shell = Shell(tmp_path / "records", monkeypatch, capsys)
    shell.go(root)
    return shell


def test_a_day(grader: Shell, work: Path) -> None:
    broken = grader("submit", "hw0")
    assert broken.code == 0
    assert "submission 1 by ada" in broken.out
    assert "10 / 15" in broken.out
    assert "Two integers." in broken.out
    assert "<b>bold</b>" in broken.out
    assert "hw0 so far: 10 of 15 points" in broken.out
    assert 'grader submit hw0 -k "add and not twice"' in broken.out
    assert all(len(line) <= 80 for line in broken.out.splitlines())

    write(work / "src" / "small.py", SOLVED)
    grader.go(work)
    mended = grader("submit", "-k", "test_add and not twice")
    assert mended.code == 0
    assert "Adding twice" not in mended.out
    assert "hw0 so far: 15 of 15 points" in mended.out
    assert "All of hw0 is done." in mended.out

    status = grader("status")
    assert status.code == 0
    assert "10 / 15" in status.out
    assert "15 / 15" in status.out
    report = grader("report", 1)
    assert "submission 1 by ada" in report.out
    assert "Two integers." in report.out
    assert "Two integers." not in grader("report").out


def test_json_tells_all(grader: Shell) -> None:
    done = grader("submit", "hw0", "--json", "--as", "Zoë")
    assert done.json["student"] == "Zoë"
    assert done.json["submission"] == 1
    assert done.json["result"]["earned"] == 10
    assert done.json["standing"]["earned"] == 10
    cases = [case for q in done.json["result"]["questions"] for case in q["cases"]]
    assert [case["status"] for case in cases] == ["wrong", "wrong", "passed"]
    report = grader("report", 1, "--json").json
    assert report["result"] == done.json["result"]
    status = grader("status", "hw0", "--json", "--as", "Zoë").json
    assert status["submissions"][0]["questions"] == ["hw0.add", "hw0.add_twice"]
    assert status["standings"][0] == done.json["standing"]


def test_untouched_folder_is_told_what_is_not_written(
    grader: Shell, work: Path, root: Path
) -> None:
    fresh = write_work(Course(root), root / "fresh")
    done = grader("submit", "--folder", fresh)
    assert done.code == 0
    assert "Not written yet  add, add_twice" in done.out
    assert "hw0 so far: 0 of 15 points" in done.out
    assert "Next: add (5 points): Adding (handout, Question 1)." in done.out


def test_what_is_graded_is_kept_and_the_work_untouched(
    grader: Shell, work: Path
) -> None:
    before = {path: path.read_bytes() for path in work.rglob("*") if path.is_file()}
    grader("submit", "hw0")
    after = {path: path.read_bytes() for path in work.rglob("*") if path.is_file()}
    assert after == before
    with sqlite3.connect(grader.home / "gradebook.sqlite3") as raw:
        kept = raw.execute(
            "SELECT path, content FROM submission_files JOIN blobs USING (digest)"
        ).fetchall()
    assert kept == [("src/small.py", before[work / "src" / "small.py"])]


def test_edited_public_tests_change_no_selection(grader: Shell, work: Path) -> None:
    write(work / "tests" / "hw0" / "test_small.py", "def test_(:")
    assert grader("submit", "hw0", "-k", "add_twice").code == 0


def test_wrong_words_end_in_one_clear_message(grader: Shell, work: Path) -> None:
    for words, message in (
        (["submit", "hw7"], "hw7"),
        (["submit", "hw0", "-k", "conv"], "selects no test of hw0"),
        (["submit", "hw0", "-k", "add and ("], "cannot be read at column 10"),
        (["submit", "hw0", "--sandbox", "castle"], "no sandbox level 'castle'"),
        (["submit", "hw1", "--folder", work], "is a folder of hw0, not hw1"),
        (["submit", "hw0", "--as", ""], "student's name is empty"),
        (["report", "7"], "there is no submission 7"),
        (["report", "hw0"], "ada has no graded submission of hw0 yet"),
        (["gradebook", "hw9"], "hw9"),
    ):
        done = grader(*words)
        assert (done.code, done.out) == (1, ""), words
        assert done.err.startswith("grader: ")
        assert message in done.err


def test_empty_gradebook_says_so(grader: Shell) -> None:
    assert "no graded submission yet" in grader("gradebook").out
    assert "handed in nothing yet" in grader("status").out


def test_modules_in_the_working_folder_are_not_the_graders(
    grader: Shell, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pickle.py of the student's; or one of somebody's who hopes to be run."""
    for name in ("pickle", "select", "sqlalchemy", "grader", "runpy", "gc", "os"):
        write(work / f"{name}.py", f"open({str(work / 'ran')!r}, 'w').close()")
    grader.go(work)
    monkeypatch.setenv("GRADER_AHEAD", "1")
    done = grader("submit", "-k", "add")
    assert done.code == 0, done.err
    wait_for_prepared(grader.home)
    assert not (work / "ran").exists()


def wait_for_prepared(home: Path) -> None:
    deadline = time.monotonic() + 60
    while not list(home.glob("cache/prepared/*/[0-9a-f]*")):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_without_a_course_it_says_what_works_meanwhile(
    grader: Shell, work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As installed from wheels: no checkout around the package either.
    bundle = tmp_path / "bundle"
    work.rename(bundle)
    leave_checkout(monkeypatch, tmp_path)
    grader.go(bundle)
    done = grader("submit")
    assert done.code == 1
    assert "takes the grading pack of hw0" in done.err
    assert "grader install hw0-grading-VERSION.zip" in done.err
    assert "python3 -m pytest" in done.err
    assert not (grader.home / "gradebook.sqlite3").exists()


def test_html_report_is_one_file(grader: Shell, tmp_path: Path) -> None:
    grader("submit", "hw0")
    done = grader("report", "--html", tmp_path / "out" / "report.html")
    assert done.code == 0
    page = (tmp_path / "out" / "report.html").read_text()
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<b>bold</b>" not in page


def test_unwritable_gradebook_stops_before_a_verdict(grader: Shell) -> None:
    grader.home.mkdir()
    (grader.home / "gradebook.sqlite3").write_bytes(b"no database " * 1000)
    done = grader("submit", "hw0")
    assert done.code == 1
    assert "is damaged" in done.err
    assert "10 / 15" not in done.out


class BrokenDesk:
    """A desk that has found out that it cannot write."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    def arrive(self, what: object) -> None: ...

    def arrived(self) -> bool:
        return True

    def number(self) -> int:
        raise CourseError("the disk is full")

    def finish(self, result: object) -> None:
        raise AssertionError("there is no submission to finish")

    def fail(self, said: str) -> None:
        self.failed.append(said)


def test_no_case_runs_once_it_is_known_that_nothing_can_be_recorded(
    grader: Shell, work: Path, root: Path
) -> None:
    material = Material.from_course(Course(root), "hw0")
    files = {"src/small.py": (work / "src" / "small.py").read_bytes()}
    order = Order("ada", material, Submission.from_files(files), ["hw0.add"])
    events: list[Event] = []
    desk = BrokenDesk()
    with pytest.raises(CourseError, match="the disk is full"):
        hand_in(order, desk, events.append)
    assert events == []
    assert desk.failed == ["the disk is full"]


def test_mugrade_submits_the_same_way(
    grader: Shell, work: Path, monkeypatch: pytest.MonkeyPatch, capsys: object
) -> None:
    assert isinstance(capsys, pytest.CaptureFixture)
    grader.go(work)
    with pytest.raises(SystemExit) as ended:
        mugrade(["submit", "KEY-123", "-k", "add_twice", "-s"])
    assert ended.value.code == 0
    out, err = capsys.readouterr()
    assert "Adding twice" in out
    assert "10 / 10" in out
    assert err.count("key is not needed") == 1
    assert "KEY-123" not in out + err


SLOW = """
    import time


    def add(x, y):
        time.sleep(60)


    add_twice = add
"""


def test_killed_submission_is_shown_as_interrupted_and_graded_again(
    grader: Shell, work: Path
) -> None:
    write(work / "src" / "small.py", SLOW)
    command = [sys.executable, "-m", "mugrade", "submit", "KEY", "hw0"]
    running = subprocess.Popen(command, cwd=work, start_new_session=True)
    try:
        deadline = time.monotonic() + 30
        while grader("status", "--json").json["submissions"] == []:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
    assert grader("status", "--json").json["submissions"][0]["state"] == "interrupted"
    status = grader("status").out
    assert "interrupted" in status
    assert "grader grade --submission 1" in status
    assert "is interrupted" in grader("report", 1).err
    with sqlite3.connect(grader.home / "gradebook.sqlite3") as raw:
        solved = "def add(x, y):\n    return x + y\n"
        raw.execute("UPDATE blobs SET content = ?", (solved.encode(),))
    again = grader("grade", "--submission", 1)
    assert again.code == 0
    assert "5 / 5" in again.out
    assert grader("status", "--json").json["submissions"][0]["state"] == "graded"


def test_interrupted_by_the_student_leaves_a_trace_and_no_points(
    grader: Shell, work: Path
) -> None:
    write(work / "src" / "small.py", SLOW)
    command = [sys.executable, "-m", "mugrade", "submit", "KEY", "hw0"]
    running = subprocess.Popen(
        command,
        cwd=work,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while grader("status", "--json").json["submissions"] == []:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    os.killpg(running.pid, signal.SIGINT)
    _, err = running.communicate(timeout=20)
    assert running.returncode == 130
    assert "safe to run the command again" in err
    entry = grader("status", "--json").json["submissions"][0]
    assert (entry["state"], entry["error"]) == (
        "failed",
        "stopped from the keyboard",
    )
