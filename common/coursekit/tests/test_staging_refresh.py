"""Tests of refreshing a folder: edits survive, and a cut leaves the old or the new."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from coursekit.errors import CourseError
from coursekit.staging import refresh, swap
from coursekit.staging.manifest import with_manifest
from coursekit.staging.refresh import refresh_folder
from cut_kit import cut_at


def folder(executable=(), **files: str) -> dict[str, bytes]:
    named = {name.replace("__", "/"): text.encode() for name, text in files.items()}
    return with_manifest(named, homework="hw1", version="1", executable=executable)


OLD = folder(a="a1", b="b1", src__c="c1", gone="g1")
NEW = folder(a="a2", b="b1", src__c="c2", fresh="f2")


def contents(dest: Path) -> dict[str, bytes]:
    return {
        path.relative_to(dest).as_posix(): path.read_bytes()
        for path in dest.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def dest(tmp_path) -> Path:
    refresh_folder(OLD, tmp_path / "hw1")
    return tmp_path / "hw1"


@pytest.fixture(params=["exchange", "two renames"])
def either_way(request, monkeypatch):
    """Run a test with the one-step exchange and with the fallback."""
    if request.param == "two renames":
        monkeypatch.setattr(swap, "exchange", lambda one, other: False)


def test_this_system_can_exchange_folders(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    assert swap.exchange(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "a/b").exists()


def test_an_unedited_folder_follows_the_sources(dest, either_way):
    assert refresh_folder(NEW, dest).changed
    assert contents(dest) == NEW
    assert list(dest.parent.iterdir()) == [dest]


def test_nothing_is_touched_when_nothing_changed(dest):
    before = dest.stat().st_ino
    assert not refresh_folder(OLD, dest).changed
    assert dest.stat().st_ino == before


def test_unchanged_files_keep_their_time(dest):
    os.utime(dest / "b", (1, 1))
    refresh_folder(NEW, dest)
    assert (dest / "b").stat().st_mtime == 1


def test_a_missing_file_comes_back(dest):
    (dest / "b").unlink()
    assert refresh_folder(OLD, dest).changed
    assert contents(dest) == OLD


def test_modes_follow_too(dest):
    (dest / "a").chmod(0o755)
    assert refresh_folder(OLD, dest).changed
    assert not (dest / "a").stat().st_mode & 0o111
    refresh_folder(folder(executable=["a"], a="a1"), dest)
    assert (dest / "a").stat().st_mode & 0o111


def test_files_of_the_student_survive(dest, either_way):
    (dest / "src/helper.py").write_text("mine")
    (dest / "src/ext.so").write_bytes(b"\x7fELF")
    (dest / "data").mkdir()
    (dest / "data/train.gz").symlink_to("/somewhere/else")
    (dest / "results/empty").mkdir(parents=True)
    refresh_folder(NEW, dest)
    assert (dest / "src/helper.py").read_text() == "mine"
    assert (dest / "src/ext.so").read_bytes() == b"\x7fELF"
    assert (dest / "data/train.gz").readlink() == Path("/somewhere/else")
    assert (dest / "results/empty").is_dir()
    assert (dest / "a").read_text() == "a2"


def test_backups_and_what_was_carried_survive(dest, either_way):
    kept = [".course/carried.json", ".course/backup/then-carry/before/a"]
    for path in kept:
        (dest / path).parent.mkdir(parents=True, exist_ok=True)
        (dest / path).write_text("mine")
    refresh_folder(NEW, dest)
    assert [(dest / path).read_text() for path in kept] == ["mine", "mine"]


@pytest.mark.parametrize("edited", ["a", "b", "src/c", "gone"])
def test_an_edited_file_stops_everything(dest, edited):
    (dest / edited).write_text("my work")
    before = contents(dest)
    with pytest.raises(CourseError) as caught:
        refresh_folder(NEW, dest)
    assert f"\n  {edited}\n" in str(caught.value)
    assert contents(dest) == before


def test_a_new_file_does_not_replace_a_students_of_the_same_name(dest):
    (dest / "fresh").write_text("my work")
    with pytest.raises(CourseError, match=r"\n  fresh\n"):
        refresh_folder(NEW, dest)
    assert (dest / "fresh").read_text() == "my work"


def test_an_edit_that_equals_the_new_version_is_none(dest):
    (dest / "a").write_text("a2")
    assert refresh_folder(NEW, dest).changed


def test_force_keeps_every_edited_file_beside(dest, either_way):
    for name in ("a", "gone", "fresh"):
        (dest / name).write_text(f"my {name}")
    (dest / "a.orig-1").write_text("an older one")
    done = refresh_folder(NEW, dest, force=True)
    assert done.backups == {
        "a": "a.orig-2",
        "gone": "gone.orig-1",
        "fresh": "fresh.orig-1",
    }
    for name, backup in done.backups.items():
        assert (dest / backup).read_text() == f"my {name}"
    assert (dest / "a.orig-1").read_text() == "an older one"
    kept = contents(dest)
    assert {path: kept[path] for path in NEW} == NEW
    assert "gone" not in kept


def test_a_folder_without_a_manifest_is_nobodys_to_overwrite(dest):
    (dest / ".course/manifest.json").unlink()
    with pytest.raises(CourseError, match="has files but no"):
        refresh_folder(NEW, dest)
    done = refresh_folder(NEW, dest, force=True)
    assert set(done.backups) == {"a", "src/c"}
    assert (dest / "gone").read_text() == "g1"


def test_a_damaged_manifest_is_an_error(dest):
    (dest / ".course/manifest.json").write_text("{")
    with pytest.raises(CourseError, match="is damaged"):
        refresh_folder(NEW, dest, force=True)


@pytest.mark.parametrize("name", ["fresh/mine", "src"])
def test_a_file_where_a_folder_is_to_be_is_refused(tmp_path, name):
    dest = tmp_path / "hw1"
    refresh_folder(folder(a="1"), dest)
    (dest / name).parent.mkdir(exist_ok=True)
    (dest / name).write_text("my work")
    for force in (False, True):
        with pytest.raises(CourseError, match="in the way"):
            refresh_folder(NEW, dest, force=force)
    assert (dest / name).read_text() == "my work"


def test_a_link_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real/x").touch()
    (tmp_path / "hw1").symlink_to("real")
    with pytest.raises(CourseError, match="is a link"):
        refresh_folder(NEW, tmp_path / "hw1")


def test_an_error_on_the_way_changes_nothing(dest, monkeypatch):
    def fail(new, dest):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(refresh, "replace_folder", fail)
    with pytest.raises(CourseError, match=r"No space left.*nothing was changed"):
        refresh_folder(NEW, dest)
    assert contents(dest) == OLD
    assert list(dest.parent.iterdir()) == [dest]


def test_a_cut_at_any_moment_leaves_the_old_or_the_new(tmp_path, either_way):
    old_seen = new_seen = False
    for event in range(1, 500):
        dest = tmp_path / str(event) / "hw1"
        refresh_folder(OLD, dest)
        (dest / "mine").write_text("my work")
        finished = cut_at(event, lambda: refresh_folder(NEW, dest))  # noqa: B023
        if dest.exists():  # the fallback may need the next run to put it back
            found = contents(dest)
            assert found.pop("mine") == b"my work"
            assert found in (OLD, NEW)
            old_seen, new_seen = old_seen or found == OLD, new_seen or found == NEW
        refresh_folder(NEW, dest)
        assert contents(dest) == {**NEW, "mine": b"my work"}
        assert list(dest.parent.iterdir()) == [dest]
        if finished:
            break
    else:
        pytest.fail("the child never got through")
    assert old_seen
    assert new_seen
