"""Submissions as they arrive: packed once more, or a few folders down."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from coursekit.errors import CourseError
from grader.read import read_submission
from grader.submission import Submission
from mini_homework import mini_model

HOMEWORK = mini_model()


def put(folder: Path, text: str = "x = 1") -> None:
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "mini.py").write_text(text)


def pack(path: Path, prefix: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{prefix}src/mini.py", "x = 1")
        archive.writestr(f"__MACOSX/{prefix}src/._mini.py", "clutter")


def take(path: Path) -> Submission:
    found = read_submission(path, HOMEWORK)
    assert found.files == {"src/mini.py": b"x = 1"}
    return found


@pytest.mark.parametrize("prefix", ["", "hw0/", "Users/ada/My work/hw0/"])
def test_archive_in_an_archives_folders(prefix: str, tmp_path: Path) -> None:
    pack(tmp_path / "a.zip", prefix)
    assert take(tmp_path / "a.zip").notes == []


def test_learning_platforms_put_an_archive_into_a_folder(tmp_path: Path) -> None:
    pack(tmp_path / "Ada_4711_file" / "hw0 final.ZIP", "hw0/")
    (tmp_path / "Ada_4711_file" / "onlinetext.html").write_text("Here it is.")
    (tmp_path / "Ada_4711_file" / "__MACOSX").mkdir()
    assert take(tmp_path / "Ada_4711_file").notes == ["read from hw0 final.ZIP"]


def test_folder_a_few_folders_down(tmp_path: Path) -> None:
    put(tmp_path / "in" / "Desktop" / "course" / "hw0")
    put(tmp_path / "in" / "Desktop" / "course" / "hw0" / "backup", "x = 2")
    assert take(tmp_path / "in").notes == ["read from Desktop/course/hw0"]


def test_two_in_one_folder_are_not_chosen_from(tmp_path: Path) -> None:
    put(tmp_path / "in" / "first" / "hw0")
    pack(tmp_path / "in" / "second.zip")
    with pytest.raises(CourseError, match="holds nothing to grade"):
        read_submission(tmp_path / "in", HOMEWORK)


def test_hidden_folders_and_links_are_not_looked_into(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere")
    put(tmp_path / "in" / ".history")
    (tmp_path / "in" / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CourseError, match="holds nothing to grade"):
        read_submission(tmp_path / "in", HOMEWORK)


def test_a_folder_too_deep_is_not_found(tmp_path: Path) -> None:
    put(tmp_path / "out" / "1" / "2" / "3" / "4")
    assert take(tmp_path / "out").notes == ["read from 1/2/3/4"]
    put(tmp_path / "in" / "1" / "2" / "3" / "4" / "5")
    with pytest.raises(CourseError, match="holds nothing to grade"):
        read_submission(tmp_path / "in", HOMEWORK)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b").chmod(0)
    with pytest.raises(CourseError, match="cannot read"):
        read_submission(tmp_path, HOMEWORK)
