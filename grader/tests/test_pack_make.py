"""``grader pack``: the same file from the same sources, and nothing odd in it."""

from __future__ import annotations

import hashlib
import json
import socket
from pathlib import Path

import pytest
from coursekit.course import Course
from coursekit.errors import CourseError
from coursekit.release.archive import archive
from grader.material import Material
from grader.pack import make
from grader.pack.contents import Pack
from grader.pack.make import make_pack, pack_name
from mini_course import write
from pack_kit import files_of, mini_pack, whole_course
from running import Shell

REPO = Path(__file__).parents[2]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return whole_course(tmp_path / "course")


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


@pytest.mark.parametrize("name", ["mini", "hw0"])
def test_what_is_packed_grades_as_the_checkout_does(name: str, course: Course) -> None:
    origin = course if name == "mini" else Course(REPO)
    material = Material.from_course(origin, "hw0")
    found = Pack.from_bytes(make_pack(origin, "hw0"), "it").material()
    assert found == material
    assert (found.key, found.suite) == (material.key, material.suite)
    assert found.tests
    assert found.policy == origin.config.grading
    for question in material.homework.questions:
        earlier = material.before(question.id)
        assert found.before(question.id) == earlier
        assert found.rendered(earlier) == material.rendered(earlier)


def test_partial_solutions_are_what_staging_makes_of_them(course: Course) -> None:
    found = Pack.from_bytes(make_pack(course, "hw0"), "it").material()
    assert found.before("hw0.add") == frozenset()
    assert found.rendered(frozenset()) == found.pristine
    half = found.rendered(found.before("add_twice"))["src/small.py"].decode()
    assert "    return x + y\n" in half
    assert "return x + y + y" not in half
    with pytest.raises(CourseError, match="has no folder with just these solved"):
        found.rendered(frozenset({"hw0.add_twice"}))


def test_the_same_sources_make_the_same_bytes(tmp_path: Path) -> None:
    one, two = mini_pack(tmp_path / "one"), mini_pack(tmp_path / "another" / "place")
    assert one == two


def test_an_archive_is_the_same_on_every_machine() -> None:
    """Nothing is compressed, and no time, owner or order of a folder is in it."""
    files = {"b/ä.txt": b"two" * 50, "a": b""}
    data = archive(files, executable={"a"}, deflate=False)
    # Made with Python 3.7 to 3.13, each with a zlib of its own.
    known = "7a6184ba01b7ea3fbe289222f903acf2708d4ca47b1958b76e2ba466e7a51731"
    assert hashlib.sha256(data).hexdigest() == known


def test_no_trace_of_the_machine_is_in_it(tmp_path: Path) -> None:
    data = make_pack(Course(REPO), "hw0") + mini_pack(tmp_path / "course")
    traces = {str(REPO), str(tmp_path), str(Path.home()), socket.gethostname()}
    traces |= {str(Path("~").expanduser()), "/home/", "/tmp/"}
    assert [each for each in traces if len(each) > 3 and each.encode() in data] == []


def test_the_command_writes_it_and_tells_its_digest(
    grader: Shell, course: Course
) -> None:
    done = grader("pack", "hw0")
    assert done.code == 0
    place = course.root / "hw0-grading-1.0.zip"
    digest = hashlib.sha256(place.read_bytes()).hexdigest()
    assert f"SHA-256: {digest}" in done.out
    told = grader("pack", "hw0", "--json", "-o", course.root / "dist").json
    assert told["file"] == str(course.root / "dist" / place.name)
    assert told["sha256"] == digest
    named = grader("pack", "hw0", "-o", course.root / "other.zip", "--json").json
    assert named["file"] == str(course.root / "other.zip")
    assert Path(named["file"]).read_bytes() == place.read_bytes()


def test_only_an_earlier_pack_is_replaced(grader: Shell, course: Course) -> None:
    place = course.root / "hw0-grading-1.0.zip"
    assert grader("pack", "hw0").code == 0
    assert grader("pack", "hw0").code == 0
    place.write_bytes(b"somebody's thesis")
    done = grader("pack", "hw0")
    assert done.code == 1
    assert "is there already and is no pack of hw0" in done.err
    assert place.read_bytes() == b"somebody's thesis"


def test_what_cannot_be_packed_is_said(grader: Shell, course: Course) -> None:
    assert "no homework 'hw7'" in grader("pack", "hw7").err
    write(course.root / "grader/suites/hw0/suite.py", "import nothing_like_this")
    assert "suite.py:1: ModuleNotFoundError" in grader("pack", "hw0").err
    write(
        course.root / "common/hw0/src/small.py",
        """
        def add(x, y):
            ### BEGIN YOUR SOLUTION hw0.add
            return x + y
            ### END YOUR SOLUTION
        """,
    )
    assert "hw0.add_twice" in grader("pack", "hw0").err
    assert not list(course.root.glob("*.zip"))


def test_a_pack_that_would_grade_otherwise_is_not_given_away(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(material: Material) -> dict[str, bytes]:
        files = packed(material)
        return {path: files[path] for path in files if path != "suite/suite.py"}

    packed = make.pack_files
    monkeypatch.setattr(make, "pack_files", forgetful)
    with pytest.raises(CourseError, match="does not read back as it was made"):
        make_pack(course, "hw0")


def test_names_of_files_are_plain() -> None:
    assert pack_name("hw0", "2026.11") == "hw0-grading-2026.11.zip"
    assert pack_name("hw0", "a/b ä") == "hw0-grading-a_b__.zip"


def test_the_index_can_be_read_by_people(tmp_path: Path) -> None:
    index = json.loads(files_of(mini_pack(tmp_path))["pack.json"])
    assert index["format"] == 1
    assert [case["name"] for case in index["cases"]] == [
        "add_integers",
        "add_arrays",
        "add_twice_arrays",
    ]
    assert index["earlier"] == {"hw0.add": [], "hw0.add_twice": ["hw0.add"]}
    assert index["policy"]["counts"] == "best"
