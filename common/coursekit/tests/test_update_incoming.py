"""Tests of where a newer release comes from: bundles, folders, damaged ones."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest
from coursekit.errors import CourseError
from coursekit.release import bundle, zip_bytes
from coursekit.staging.folder import write_folder
from coursekit.staging.manifest import MANIFEST, Manifest, with_manifest
from coursekit.update import incoming
from coursekit.update.incoming import of_bundle
from coursekit.versions import is_older

STUB = """\
def f(x):
    ### BEGIN YOUR SOLUTION hw1.forward
    return x
    ### END YOUR SOLUTION
"""


@pytest.fixture
def course(mini):
    mini.write("common/hw1/src/a.py", STUB)
    mini.write("common/hw1/handout.md", "# One\n\n## Question 1\n\n## Question 2\n")
    mini.complete()
    return mini


def bundled(course, version: str = "1", wheel: str = "kit-1.whl") -> dict[str, bytes]:
    """Return the bundle's files as the course is now."""
    file = course.root / "course.toml"
    text = file.read_text().splitlines()
    lines = [f'version = "{version}"' if "version" in line else line for line in text]
    file.write_text("\n".join(lines) + "\n")
    wheels = {wheel: b"PK\0" + wheel.encode()}
    return bundle(course.course, course.course.homework("hw1"), wheels)


def zipped(path: Path, files: dict[str, bytes], top: str = "hw1") -> Path:
    path.write_bytes(zip_bytes(files, top))
    return path


@pytest.fixture
def old(course, tmp_path) -> Path:
    """Return an unpacked bundle, far from any checkout."""
    write_folder(bundled(course), tmp_path / "mine/hw1")
    return tmp_path / "mine/hw1"


@pytest.fixture
def new(course, old) -> dict[str, bytes]:
    course.write("common/hw1/src/a.py", "# new\n" + STUB)
    return bundled(course, "2", "kit-2.whl")


def test_a_bundle_follows_a_newer_bundle_wheels_and_all(old, new, run_course, tmp_path):
    archive = zipped(tmp_path / "hw1.zip", new)
    (old / "src/mine.py").write_text("mine")
    result = run_course("update", "--from", archive, cwd=old)
    assert result.exit_code == 0
    assert "`python -m pip install -r requirements.txt`" in result.output
    assert "--force-reinstall --no-deps wheels/*.whl" in result.output
    for path, content in new.items():
        assert (old / path).read_bytes() == content
    assert [path.name for path in (old / "wheels").iterdir()] == ["kit-2.whl"]
    assert (old / "src/mine.py").read_text() == "mine"


@pytest.mark.parametrize("top", ["hw1", "hw1 (1)", "download/hw1"])
def test_the_folder_inside_the_archive_may_be_called_anything(new, tmp_path, top):
    found = of_bundle(zipped(tmp_path / "hw1.zip", new, top))
    assert found.files == new
    assert found.manifest.version == "2"


def test_an_archive_without_a_folder(new, tmp_path):
    archive = tmp_path / "hw1.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for path, content in new.items():
            opened.writestr(path, content)
    assert of_bundle(archive).files == new


def test_an_unpacked_bundle_that_somebody_worked_in_will_do(new, tmp_path):
    write_folder(new, tmp_path / "new")
    (tmp_path / "new/src/a.py").write_text("my work, in the wrong folder")
    assert of_bundle(tmp_path / "new").files == new


def test_without_a_name_a_bundle_asks_for_the_newer_one(course, old, run_course):
    result = run_course("update", cwd=old)
    assert "course update --from hw1.zip" in str(result.exception)
    result = run_course("update", old, cwd=course.root)
    assert "course update --from hw1.zip" in str(result.exception)


def test_what_is_older_or_of_another_homework_is_refused(
    course, old, new, run_course, tmp_path
):
    write_folder(new, tmp_path / "new")
    before = (old / MANIFEST).read_bytes()
    result = run_course("update", "--from", old, cwd=tmp_path / "new")
    assert "older than" in str(result.exception)
    other = with_manifest({"x.py": b""}, homework="hw2", version="9")
    archive = zipped(tmp_path / "hw2.zip", other)
    result = run_course("update", "--from", archive, cwd=old)
    assert "is hw2, and" in str(result.exception)
    assert (old / MANIFEST).read_bytes() == before


def test_a_folder_of_solutions_is_no_release(tmp_path):
    solved = with_manifest({}, homework="hw1", version="2", solved=["hw1.forward"])
    write_folder(solved, tmp_path / "solution")
    with pytest.raises(CourseError, match=r"holds solutions \(hw1.forward\)"):
        of_bundle(tmp_path / "solution")


def damaged(files: dict[str, bytes], path: str, content: bytes | None) -> bytes:
    """Return an archive in which one file is missing or another."""
    files = {key: value for key, value in files.items() if key != path}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        for name, text in {**files, path: content}.items():
            if text is not None:
                opened.writestr(f"hw1/{name}", text)
    return out.getvalue()


def flipped(files: dict[str, bytes]) -> bytes:
    """Return an archive in which the packed bytes of one file are wrong."""
    content = bytearray(zip_bytes(files, "hw1"))
    name = b"hw1/src/a.py"
    start = content.index(name) + len(name)
    content[start : start + 8] = b"\xff" * 8
    return bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        lambda files: b"",
        lambda files: b"<html>not found</html>",
        lambda files: zip_bytes(files, "hw1")[:-100],
        flipped,
        lambda files: damaged(files, MANIFEST, None),
        lambda files: damaged(files, MANIFEST, b"{"),
        lambda files: damaged(files, "src/a.py", None),
        lambda files: damaged(files, "src/a.py", b"changed"),
    ],
)
def test_a_damaged_bundle_changes_nothing(old, new, run_course, tmp_path, damage):
    archive = tmp_path / "hw1.zip"
    archive.write_bytes(damage(new))
    before = {p: p.read_bytes() for p in old.rglob("*") if p.is_file()}
    result = run_course("update", "--from", archive, cwd=old)
    assert isinstance(result.exception, CourseError)
    assert "hw1.zip" in str(result.exception)
    assert {p: p.read_bytes() for p in old.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize(
    "path",
    [
        *("../outside.py", "/etc/outside", "a/../../b", ".course/x", ".git/hooks/x"),
        *(".GIT/hooks/x", "git~1/hooks/x", ".g\u200cit/x", "C:/x", "a//b", "./a", "a/"),
        *("", "a\nb", "\x1b]0;title\x07", "\u202egnp.py", "-rf", "a\\..\\b"),
    ],
)
def test_a_bundle_that_names_files_elsewhere_is_refused(tmp_path, path):
    manifest = Manifest(homework="hw1", version="2", files={path: "0"})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        opened.writestr(f"hw1/{MANIFEST}", manifest.to_bytes())
        opened.writestr(f"hw1/{path}", "x")
    (tmp_path / "hw1.zip").write_bytes(out.getvalue())
    with pytest.raises(CourseError, match="which no homework has"):
        of_bundle(tmp_path / "hw1.zip")


def test_what_is_not_there_or_no_release_says_so(tmp_path):
    with pytest.raises(CourseError, match="no such file"):
        of_bundle(tmp_path / "hw1.zip")
    with pytest.raises(CourseError, match="is no release"):
        of_bundle(tmp_path)


def test_a_folder_without_its_pristine_copies_is_given_them(old, new, run_course):
    shutil.rmtree(old / ".course/pristine")
    archive = zipped(old.parent / "hw1.zip", new)
    assert run_course("update", "--from", archive, cwd=old).exit_code == 0
    pristine = ".course/pristine/src/a.py"
    assert (old / pristine).read_bytes() == new[pristine]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2026.9", "2026.11"),
        ("2026.11", "2026.11.1"),
        ("1", "2"),
        ("9", "10"),
        ("2026.11", "2027.1"),
        ("1.0a", "1.0b"),
        ("1", "9" * 5000),  # more digits than Python reads as a number
    ],
)
def test_versions_are_ordered_as_people_do(one, other):
    assert is_older(one, other)
    assert not is_older(other, one)
    assert not is_older(one, one)


def test_an_archive_that_swells_is_refused(monkeypatch, new, tmp_path):
    """Each file alone may be small enough, and all of them together not."""
    archive = zipped(tmp_path / "hw1.zip", new)
    largest = max(map(len, new.values()))
    for limit, words in (
        (len(new[MANIFEST]) - 1, "is damaged"),
        (largest, "more than any homework"),
    ):
        monkeypatch.setattr(incoming, "LARGEST", limit)
        with pytest.raises(CourseError, match=words):
            of_bundle(archive)
    monkeypatch.setattr(incoming, "LARGEST", sum(map(len, new.values())))
    assert of_bundle(archive).files == new
