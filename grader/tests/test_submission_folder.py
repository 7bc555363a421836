"""A submission's folder: allowed files only, nothing followed, everything bounded."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from coursekit.errors import CourseError
from coursekit.globs import matches, may_hold
from grader.submission import Submission
from mini_homework import mini_model

HOMEWORK = mini_model()


def write(folder: Path, **files: str) -> Path:
    (folder / "src").mkdir(parents=True)
    for stem, text in files.items():
        (folder / "src" / f"{stem}.py").write_text(text)
    return folder


def test_allowed_files_and_nothing_else(tmp_path: Path) -> None:
    folder = write(tmp_path / "hw0", mini="x = 1", helper="y = 2")
    (folder / "src" / "fast.so").write_bytes(b"binary")
    (folder / "src" / "deeper").mkdir()
    (folder / "src" / "deeper" / "more.py").write_text("z")
    (folder / "Makefile").write_text("all:\n\trm -rf /")
    (folder / "conftest.py").write_text("import os")
    (folder / "data").mkdir()
    taken = Submission.from_folder(folder, HOMEWORK)
    assert taken.files == {"src/helper.py": b"y = 2", "src/mini.py": b"x = 1"}
    assert taken.notes == []


def test_the_digest_is_of_names_and_contents(tmp_path: Path) -> None:
    one = Submission.from_folder(write(tmp_path / "a", mini="x"), HOMEWORK)
    same = Submission.from_folder(write(tmp_path / "b", mini="x"), HOMEWORK)
    text = Submission.from_folder(write(tmp_path / "c", mini="y"), HOMEWORK)
    name = Submission.from_folder(write(tmp_path / "d", other="x"), HOMEWORK)
    assert one.digest == same.digest
    assert len({one.digest, text.digest, name.digest}) == 3
    # Where one part ends and the next begins counts.
    left, right = (
        Submission.from_files({"a": b"bc"}),
        Submission.from_files({"ab": b"c"}),
    )
    assert left.digest != right.digest


def test_links_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.write_text("the secret")
    folder = write(tmp_path / "hw0", mini="x")
    (folder / "src" / "link.py").symlink_to(secret)
    (folder / "src" / "dangling.py").symlink_to(tmp_path / "nothing")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "stolen.py").write_text("the secret")
    taken = Submission.from_folder(folder, HOMEWORK)
    assert list(taken.files) == ["src/mini.py"]
    assert len(taken.notes) == 2
    assert all("it is a link" in note for note in taken.notes)


def test_a_linked_folder_is_not_entered(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", stolen="the secret")
    folder = tmp_path / "hw0"
    folder.mkdir()
    (folder / "src").symlink_to(outside / "src")
    assert Submission.from_folder(folder, HOMEWORK).files == {}


@pytest.mark.timeout(20)
def test_a_fifo_does_not_block(tmp_path: Path) -> None:
    folder = write(tmp_path / "hw0", mini="x")
    os.mkfifo(folder / "src" / "pipe.py")
    taken = Submission.from_folder(folder, HOMEWORK)
    assert list(taken.files) == ["src/mini.py"]
    assert "not a regular file" in taken.notes[0]


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make files of others")
def test_a_hard_link_to_a_file_of_somebody_else(tmp_path: Path) -> None:
    folder = write(tmp_path / "hw0", mini="x")
    theirs = tmp_path / "theirs"
    theirs.write_text("the secret")
    os.chown(theirs, 1234, 1234)
    os.link(theirs, folder / "src" / "hard.py")
    taken = Submission.from_folder(folder, HOMEWORK)
    assert list(taken.files) == ["src/mini.py"]
    assert "hard link" in taken.notes[0]


def test_a_hard_link_of_ones_own_is_a_file(tmp_path: Path) -> None:
    folder = write(tmp_path / "hw0", mini="x")
    os.link(folder / "src" / "mini.py", tmp_path / "backup")
    assert list(Submission.from_folder(folder, HOMEWORK).files) == ["src/mini.py"]


def test_limits_on_size_and_number(tmp_path: Path) -> None:
    big = write(tmp_path / "big", mini="x" * 1_000_001)
    with pytest.raises(CourseError, match="larger than 1,000,000 bytes"):
        Submission.from_folder(big, HOMEWORK)
    sparse = write(tmp_path / "sparse", mini="")
    with (sparse / "src" / "mini.py").open("r+b") as file:
        file.truncate(2**40)
    with pytest.raises(CourseError, match="larger than"):
        Submission.from_folder(sparse, HOMEWORK)
    many = write(tmp_path / "many", **{f"f{n}": "x" for n in range(51)})
    with pytest.raises(CourseError, match="more than 50 files"):
        Submission.from_folder(many, HOMEWORK)


def test_a_crowded_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.intake.folder.MAX_ENTRIES", 20)
    folder = write(tmp_path / "hw0", mini="x")
    for number in range(20):
        (folder / "src" / f"{number}.txt").touch()
    with pytest.raises(CourseError, match="more than 20 entries"):
        Submission.from_folder(folder, HOMEWORK)


def test_odd_names_are_left_out_or_normalised(tmp_path: Path) -> None:
    folder = write(tmp_path / "hw0", mini="x")
    (folder / "src" / "a\nb.py").write_text("x")
    (folder / "src" / "a:b.py").write_text("x")
    (folder / "src" / "\u202eevil.py").write_text("x")
    (folder / "src" / "-rf.py").write_text("x")
    decomposed = unicodedata.normalize("NFD", "é")
    (folder / "src" / f"{decomposed}.py").write_text("one")
    (folder / "src" / "é.py").write_text("two")
    taken = Submission.from_folder(folder, HOMEWORK)
    assert set(taken.files) == {"src/mini.py", "src/-rf.py", "src/é.py"}
    assert len(taken.notes) == 4
    assert not any(letter in note for note in taken.notes for letter in "\n\u202e")


def test_an_empty_folder_is_an_empty_submission(tmp_path: Path) -> None:
    assert Submission.from_folder(tmp_path, HOMEWORK).files == {}
    with pytest.raises(CourseError, match="cannot read the folder"):
        Submission.from_folder(tmp_path / "nothing", HOMEWORK)


@pytest.mark.parametrize(
    "path, glob, expected",
    [
        ("src/a.py", "src/*.py", True),
        ("src/b/a.py", "src/*.py", False),
        ("src/b/a.py", "src/**/*.py", True),
        ("src/a.py", "src/**/*.py", True),
        ("xsrc/a.py", "src/*.py", False),
        ("src/a.pyc", "src/*.py", False),
        ("src/a.py\n", "src/*.py", False),
        ("src/.py", "src/*.py", True),
        ("src/a+b.py", "src/a+b.py", True),
        ("src/aab.py", "src/a+b.py", False),
        ("a1.py", "a?.py", True),
    ],
)
def test_globs(path: str, glob: str, expected: bool) -> None:
    assert matches(path, [glob]) is expected


@pytest.mark.parametrize(
    "folder, glob, expected",
    [
        ("src", "src/*.py", True),
        ("src/b", "src/*.py", False),
        ("data", "src/*.py", False),
        ("src/a/b/c", "src/**/*.py", True),
        ("python", "python/needle/*.py", True),
        ("python/needle", "python/needle/*.py", True),
        ("src", "*.py", False),
    ],
)
def test_folders_worth_entering(folder: str, glob: str, expected: bool) -> None:
    assert may_hold(folder, [glob]) is expected
