"""The next submission's reference answers are computed while nobody waits."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from coursekit.course import Course
from grader.material import Material
from grader.submission import Submission
from mini_course import SOLVED, write, write_course

from grader import ahead, engine, reference

QUESTIONS = ["hw0.add"]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return write_course(tmp_path / "course")


@pytest.fixture
def material(course: Course) -> Material:
    return Material.from_course(course, "hw0")


def prepared(material: Material) -> bool:
    return reference.has_prepared(material, engine.select(material, QUESTIONS))


def wait_until_prepared(material: Material) -> None:
    deadline = time.monotonic() + 60
    while not prepared(material):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_started_in_the_background_it_serves_the_next_run_once(
    course: Course, material: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ahead.OFF, raising=False)
    assert not prepared(material)
    ahead.start(str(course.root), "hw0", QUESTIONS)
    wait_until_prepared(material)
    write(tmp_path / "small.py", SOLVED)
    work = Submission.from_files({"src/small.py": (tmp_path / "small.py").read_bytes()})
    monkeypatch.setattr(reference.Reference, "_run_all", lambda self: 1 / 0)
    result = engine.grade(material, work, questions=QUESTIONS)
    assert result.earned == 5
    assert not prepared(material)


def test_it_can_be_turned_off(
    course: Course, material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ahead.OFF, "0")
    monkeypatch.setattr("grader.ahead.subprocess.Popen", lambda *a, **k: 1 / 0)
    ahead.start(str(course.root), "hw0", QUESTIONS)


def test_what_it_cannot_do_troubles_nobody(course: Course, tmp_path: Path) -> None:
    ahead.main([str(tmp_path / "nowhere"), "hw0", *QUESTIONS])
    ahead.main([str(course.root), "hw7"])
