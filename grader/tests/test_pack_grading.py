"""With a pack everything works that works in a clone, and comes out the same."""

from __future__ import annotations

import builtins
import json
import time
from pathlib import Path

import pytest
from coursekit.course import Course
from coursekit.student import StudentFolder
from grader.commands.opening import library_for
from grader.library import Packs, from_word
from grader.pack import installed
from grader.pack.make import make_pack
from mini_course import HALF, SOLVED, write, write_work
from mugrade.__main__ import main as mugrade
from pack_kit import leave_checkout, mini_pack, verdict, whole_course
from running import Shell

from grader import ahead

TRAP = "\nimport builtins\nbuiltins.suite_was_run = True\n"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return whole_course(tmp_path / "course")


@pytest.fixture
def bundle(tmp_path: Path, course: Course) -> Path:
    return write_work(course, tmp_path / "bundle", HALF)


@pytest.fixture
def grader(
    tmp_path: Path,
    bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:
    shell = Shell(tmp_path / "records", monkeypatch, capsys)
    leave_checkout(monkeypatch, tmp_path)
    shell.go(bundle)
    return shell


def install(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(data)
    installed.install(path)


@pytest.fixture
def packed(grader: Shell, course: Course, tmp_path: Path) -> None:
    install(tmp_path, make_pack(course, "hw0"))


@pytest.mark.usefixtures("packed")
def test_a_day_without_the_repository(grader: Shell, bundle: Path) -> None:
    broken = grader("submit")
    assert broken.code == 0, broken.err
    assert "10 / 15" in broken.out
    assert "Two integers." in broken.out
    assert broken.err == ""
    write(bundle / "src" / "small.py", SOLVED)
    mended = grader("submit", "hw0", "-k", "test_add and not twice")
    assert "hw0 so far: 15 of 15 points" in mended.out
    assert "15 / 15" in grader("status").out
    assert grader("status", "hw0", "--json").json["standings"][0]["earned"] == 15
    assert "Two integers." in grader("report", 1).out
    page = bundle / "report.html"
    assert grader("report", "--html", page).code == 0
    assert "Two small functions" in page.read_text()
    for words in ([], ["hw0"]):
        assert "15" in grader("gradebook", *words).out
    again = grader("grade", "--submission", 1, "--json").json
    assert again["result"]["earned"] == 10


@pytest.mark.usefixtures("packed")
def test_the_original_command_too(
    grader: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        mugrade(["submit", "KEY", "hw0", "-k", "add_twice"])
    assert end.value.code in (0, None)
    out = capsys.readouterr().out
    assert "Adding twice" in out
    assert "hw0 so far: 10 of 15 points" in out


@pytest.mark.usefixtures("packed")
def test_edited_public_tests_change_no_selection(grader: Shell, bundle: Path) -> None:
    write(bundle / "tests" / "hw0" / "test_small.py", "def test_(:")
    assert grader("submit", "-k", "add_twice").code == 0
    assert "selects no test of hw0" in grader("submit", "-k", "conv").err


@pytest.mark.usefixtures("packed")
@pytest.mark.parametrize("work", [SOLVED, HALF, "def add(:", None])
def test_a_submission_gets_what_the_clone_gives_it(
    grader: Shell, course: Course, bundle: Path, work: str | None
) -> None:
    if work is None:
        write_work(course, bundle.parent / "stubs")
        bundle = bundle.parent / "stubs"
    else:
        write(bundle / "src" / "small.py", work)
    results = []
    for place, library in ((course.root, str(course.root)), (bundle, "packs")):
        grader.go(place)
        assert library_for(bundle, foreign=True).word == library
        words = ["--seed", 5, "--no-store", "--json"]
        results.append(verdict(grader("grade", bundle, *words).json["result"]))
    assert [len(each["cases"]) for each in results[0]["questions"]] == [2, 1]
    assert results[0] == results[1]


def test_no_line_of_the_suite_runs_in_the_process_that_decides(
    grader: Shell, course: Course, tmp_path: Path
) -> None:
    suite = course.root / "grader" / "suites" / "hw0" / "suite.py"
    suite.write_text(suite.read_text() + TRAP)
    data = make_pack(course, "hw0")
    # The clone's own suite is read here, as ever, which shows that the trap works.
    assert builtins.__dict__.pop("suite_was_run") is True
    install(tmp_path, data)
    done = grader("submit", "--json")
    assert done.json["result"]["earned"] == 10
    assert "suite_was_run" not in builtins.__dict__


def test_a_checkout_among_what_is_handed_in_is_not_taken(
    grader: Shell, course: Course, bundle: Path, tmp_path: Path
) -> None:
    install(tmp_path, make_pack(course, "hw0"))
    theirs = whole_course(bundle / "clone").root / "grader/suites/hw0/suite.py"
    theirs.write_text(TRAP)
    assert grader("grade", bundle, "--no-store").code == 0
    grader.go(bundle / "clone")
    assert grader("grade", bundle, "--no-store").code == 0
    assert "suite_was_run" not in builtins.__dict__


def test_the_instructors_policy_comes_with_the_pack(
    grader: Shell, course: Course, bundle: Path, tmp_path: Path
) -> None:
    config = course.root / "course.toml"
    config.write_text(config.read_text() + '\n[grading]\ncounts = "latest"\n')
    install(tmp_path, make_pack(Course(course.root), "hw0"))
    assert grader("submit").code == 0
    write(bundle / "src" / "small.py", "def add(x, y):\n    return 0\n")
    assert "hw0 so far: 0 of 15 points" in grader("submit").out
    assert set(
        grader("gradebook", "--json").json["students"][0]["earned"].values()
    ) == {0}
    assert grader("status", "--json").json["standings"][0]["earned"] == 0


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("1.0", ""),
        ("1.10", "`course update` brings your folder up to date"),
        ("0.9", "What grades here is the older one"),
    ],
)
def test_another_version_is_said_and_graded_all_the_same(
    version: str, said: str, grader: Shell, tmp_path: Path
) -> None:
    install(tmp_path, mini_pack(tmp_path / "other", version))
    done = grader("submit", "--json")
    assert done.json["result"]["earned"] == 10
    assert done.json["result"]["version"] == version
    assert said in done.err
    assert bool(done.err) == bool(said)


def test_other_homeworks_packs_are_named(
    grader: Shell, bundle: Path, tmp_path: Path
) -> None:
    install(tmp_path, mini_pack(tmp_path / "one"))
    manifest = bundle / ".course" / "manifest.json"
    data = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**data, "homework": "hw1"}))
    assert StudentFolder.find(bundle).homework == "hw1"
    done = grader("submit")
    assert done.code == 1
    assert "takes the grading pack of hw1" in done.err
    assert "Installed here: hw0." in done.err


def test_with_nothing_at_all_each_command_says_what_is_needed(
    grader: Shell, bundle: Path
) -> None:
    for words in (
        ["submit"],
        ["grade", bundle],
        ["grade", "--hw", "hw0", bundle],
        ["grade", "--all", bundle.parent],
        ["gradebook"],
        ["gradebook", "hw0"],
    ):
        done = grader(*words)
        assert done.code == 1, words
        assert "grader install" in done.err
        assert "Traceback" not in done.err
        assert len(done.err.splitlines()) == 1
    assert grader("status").code == 0


@pytest.mark.usefixtures("packed")
def test_a_class_is_graded_with_a_pack(
    grader: Shell, course: Course, bundle: Path, tmp_path: Path
) -> None:
    class_of = tmp_path / "class"
    for name, text in (("ada", SOLVED), ("ben", HALF)):
        write_work(course, class_of / name, text)
    grader.go(class_of)
    done = grader("grade", "--all", class_of, "-o", tmp_path / "out", "--json")
    assert done.code == 0, done.err
    earned = {each["student"]: each["earned"] for each in done.json["submissions"]}
    assert earned == {"ada": 15, "ben": 10}
    assert (tmp_path / "out" / "reports" / "ada.html").exists()


@pytest.mark.usefixtures("packed")
def test_the_next_submission_is_prepared_from_the_pack(
    grader: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(from_word(Packs().word), Packs)
    monkeypatch.setenv(ahead.OFF, "1")
    assert grader("submit").code == 0
    deadline = time.monotonic() + 120
    while not list(grader.home.glob("cache/prepared/*/[0-9a-f]*")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
