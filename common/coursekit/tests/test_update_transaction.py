"""Tests of changing several files as one: all of them, or none, and nothing lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from coursekit.errors import CourseError
from coursekit.staging.folder import write_folder
from coursekit.staging.manifest import MANIFEST, with_manifest
from coursekit.update import transaction
from coursekit.update.transaction import Change, is_unfinished, perform, recover
from cut_kit import cut_at

OLD = with_manifest(
    {"a.py": b"a1", "src/b.py": b"b1", "gone/c.py": b"c1", "same.py": b"s1"},
    homework="hw1",
    version="1",
)
NEW = with_manifest(
    {"a.py": b"a2", "src/b.py": b"b2", "new/d.py": b"d2", "same.py": b"s1"},
    homework="hw1",
    version="2",
)
CHANGES = [
    Change(path, OLD.get(path), NEW.get(path))
    for path in sorted({*OLD, *NEW})
    if OLD.get(path) != NEW.get(path)
]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.relative_to(folder).as_posix().startswith(ASIDE)
    }


ASIDE = (".course/backup", ".course/changing")


@pytest.fixture
def folder(tmp_path) -> Path:
    write_folder(OLD, tmp_path / "hw1")
    return tmp_path / "hw1"


def kept(folder: Path) -> dict[str, bytes]:
    (backup,) = (folder / ".course/backup").glob("*-test")
    before = backup / "before"
    return {
        path.relative_to(before).as_posix(): path.read_bytes()
        for path in before.rglob("*")
        if path.is_file()
    }


def test_all_files_change_and_the_old_ones_are_kept(folder):
    done = perform(folder, CHANGES, kind="test", title="1 -> 2")
    assert contents(folder) == NEW
    assert kept(folder) == {each.path: each.before for each in CHANGES if each.before}
    assert done.backup.parent == folder / ".course/backup"
    assert sorted(path.name for path in (folder / ".course").iterdir()) == [
        "backup",
        "manifest.json",
    ]
    assert not (folder / "gone").exists()
    assert recover(folder) is None


def test_a_students_repository_does_not_take_backups_up(folder):
    perform(folder, CHANGES, kind="test")
    assert (folder / ".course/backup/.gitignore").read_text() == "*\n"


def test_backups_sort_by_age_even_within_a_second(folder):
    names = []
    for number in range(3):
        change = Change("a.py", (folder / "a.py").read_bytes(), b"%d" % number)
        names.append(perform(folder, [change], kind="test").backup.name)
    assert names == sorted(names)


def test_what_cannot_be_prepared_changes_nothing(folder, monkeypatch):
    def full(path, content, mode):
        raise OSError(28, "No space left on device", str(path))

    (folder / ".course/backup").write_text("in the way")
    with pytest.raises(CourseError, match=r"File exists.*nothing was changed"):
        perform(folder, CHANGES, kind="test")
    (folder / ".course/backup").unlink()
    monkeypatch.setattr(transaction, "_write", full)
    with pytest.raises(CourseError, match=r"No space left.*nothing was changed"):
        perform(folder, CHANGES, kind="test")
    assert contents(folder) == OLD
    assert not list((folder / ".course").glob("changing*"))


def test_a_file_saved_in_the_meantime_stops_everything(folder):
    (folder / "src/b.py").write_text("saved a moment ago")
    before = contents(folder)
    with pytest.raises(CourseError, match=r"src/b\.py: changed while"):
        perform(folder, CHANGES, kind="test")
    assert contents(folder) == before
    assert not list((folder / ".course").glob("changing*"))


@pytest.mark.parametrize("fail_at", range(1, 7))
def test_an_error_half_way_brings_everything_back(folder, monkeypatch, fail_at):
    real = transaction._carry_out
    count = 0

    def fail(folder, current, step, aside):
        nonlocal count
        count += 1
        if count == fail_at:
            raise PermissionError(13, "Permission denied", str(folder / step.path))
        real(folder, current, step, aside)

    monkeypatch.setattr(transaction, "_carry_out", fail)
    if fail_at > len(CHANGES):
        perform(folder, CHANGES, kind="test")
        assert contents(folder) == NEW
        return
    with pytest.raises(
        CourseError, match=r"Permission denied.*everything is as it was"
    ):
        perform(folder, CHANGES, kind="test")
    assert contents(folder) == OLD
    assert not list((folder / ".course").glob("changing*"))


def test_a_cut_at_any_moment_leaves_what_the_next_run_brings_to_an_end(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(os, "fsync", lambda file: None)  # half of the time
    seen = set()
    for event in range(1, 500):
        folder = tmp_path / str(event) / "hw1"
        write_folder(OLD, folder)
        (folder / "mine.py").write_text("my work")
        finished = cut_at(event, lambda: perform(folder, CHANGES, kind="test"))  # noqa: B023
        found = contents(folder)
        assert found.pop("mine.py") == b"my work"
        for path, content in found.items():  # every file is whole
            assert content in (OLD.get(path), NEW.get(path)), path
        if not is_unfinished(folder):
            assert found in (OLD, NEW)
        seen.add("old" if found == OLD else "new" if found == NEW else "half")
        cut_at(1 + event % 20, lambda: recover(folder))  # noqa: B023  # cut as well
        recover(folder)
        after = contents(folder)
        assert after.pop("mine.py") == b"my work"
        assert after in (OLD, NEW)
        if after == NEW:
            assert kept(folder) == {e.path: e.before for e in CHANGES if e.before}
        assert not list((folder / ".course").glob("changing*"))
        if finished:
            break
    else:
        pytest.fail("the child never got through")
    assert seen == {"old", "half", "new"}


def test_work_between_a_cut_and_the_next_run_is_kept_aside(folder, monkeypatch):
    real = transaction._carry_out

    def die(folder, current, step, aside):
        if step.path == "src/b.py":
            raise KeyboardInterrupt
        real(folder, current, step, aside)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(transaction, "_carry_out", die)
        perform(folder, CHANGES, kind="test")
    assert is_unfinished(folder)
    (folder / "a.py").write_text("written later, over the new one")
    (folder / "src/b.py").write_text("written later, over the old one")
    done = recover(folder)
    assert done is not None
    assert done.aside == {"a.py": "a.py.orig-1", "src/b.py": "src/b.py.orig-1"}
    assert (folder / "a.py.orig-1").read_text() == "written later, over the new one"
    assert (folder / "src/b.py.orig-1").read_text() == "written later, over the old one"
    assert (folder / "src/b.py").read_bytes() == b"b2"
    assert (folder / MANIFEST).read_bytes() == NEW[MANIFEST]
