"""Tests of ``course update``: versions, options, and which folder is meant."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from coursekit.errors import CourseError
from coursekit.staging.manifest import MANIFEST, Manifest
from update_kit import (
    GIVEN,
    STUB,
    backup_of,
    contents,
    edit,
    released,
    solve,
)

pytest_plugins = ["update_fixtures"]


# -- versions ------------------------------------------------------------------------


def test_an_older_release_is_refused_unless_forced(course, work, update):
    course.write("common/hw1/src/given.py", GIVEN + "six = 6\n")
    update(version="2026.11")
    solve(work)
    course.write("common/hw1/src/given.py", GIVEN)
    with pytest.raises(CourseError, match=r"2026\.9, older than the 2026\.11"):
        update(version="2026.9")
    update("--force", version="2026.9")
    assert (work / "src/given.py").read_text() == GIVEN
    assert "# solved" in (work / "src/a.py").read_text()


def test_a_release_of_another_course_is_refused_unless_forced(course, work, update):
    edit(course.root / "course.toml", "Mini", "Maxi")
    with pytest.raises(CourseError, match="of the course 'Maxi'"):
        update()
    update("--force")


def test_a_change_without_a_new_version_arrives_too(course, work, update):
    course.write("common/hw1/src/given.py", GIVEN + "six = 6\n")
    assert "from version 1 to 1" in update(version="1")
    assert contents(work) == released(course)


# -- options -------------------------------------------------------------------------


def test_a_dry_run_changes_nothing_and_says_the_same(course, work, update):
    solve(work)
    course.write("common/hw1/src/given.py", GIVEN + "six = 6\n")
    before = contents(work)
    said = update("--dry-run")
    assert "would go from version 1 to 2" in said
    assert "updated   src/given.py" in said
    assert contents(work) == before
    assert not (work / ".course/backup").exists()


def test_json(course, work, update):
    edit(work / "src/given.py", "three = 3", "three = 'mine'")
    course.write("common/hw1/src/given.py", GIVEN.replace("three = 3", "three = 'new'"))
    told = json.loads(update("--json", status=1))
    backup = Path(told.pop("backup"))
    assert backup == backup_of(work)
    files = {each["path"]: each for each in told.pop("files")}
    assert files["src/given.py"] == {
        "path": "src/given.py",
        "what": "conflict",
        "other": None,
        "conflict_lines": [3],
        "notes": [],
    }
    assert told == {
        "homework": "hw1",
        "folder": str(work),
        "from": "1",
        "to": "2",
        "changed": True,
        "dry_run": False,
        "recovered": False,
        "conflicts": 1,
    }


def test_undo_brings_everything_back(course, work, update):
    solve(work)
    (work / "src/fresh.py").write_text("my helper\n")
    course.write("common/hw1/src/fresh.py", "fresh = 1\n")
    course.write("common/hw1/more/new.py", "new = 1\n")
    course.write("common/hw1/src/a.py", STUB.replace("Return x.", "Return x itself."))
    (course.root / "common/hw1/picture.png").unlink()
    before = contents(work)
    update()
    after = contents(work)
    update("--undo", "--dry-run")
    assert contents(work) == after
    assert "as before the update 1 -> 2" in update("--undo")
    assert contents(work) == before
    assert not (work / "more").exists()
    with pytest.raises(CourseError, match="no update was made"):
        update("--undo")
    update()
    assert contents(work) == after


def test_undo_does_not_take_later_work_along(course, work, update):
    course.write("common/hw1/src/a.py", STUB.replace("Return x.", "Return x itself."))
    update()
    solve(work)
    mine = (work / "src/a.py").read_text()
    with pytest.raises(CourseError, match=r"edited after the update:\n  src/a.py\n"):
        update("--undo")
    assert (work / "src/a.py").read_text() == mine
    update("--undo", "--force")
    assert "Return x." in (work / "src/a.py").read_text()
    assert (work / "src/a.py.orig-1").read_text() == mine


def test_undo_refuses_a_backup_with_a_gap(course, work, update):
    course.write("common/hw1/src/given.py", "new = 1\n")
    update()
    (backup_of(work) / "before/src/given.py").unlink()
    before = contents(work)
    with pytest.raises(CourseError, match=r"given\.py: is missing"):
        update("--undo")
    assert contents(work) == before


def test_two_updates_are_taken_back_one_by_one(course, work, update):
    states = [contents(work)]
    for version in ("2", "3"):
        course.write("common/hw1/src/given.py", f"version = {version}\n")
        update(version=version)
        states.append(contents(work))
    for state in (states[1], states[0]):
        told = json.loads(update("--undo", "--json"))
        assert told["changed"]
        assert contents(work) == state


# -- which folder --------------------------------------------------------------------


def test_a_copy_anywhere_follows_its_course(course, work, run_course, tmp_path):
    shutil.copytree(work, course.root / "mine")
    course.write("common/hw1/src/given.py", "new = 1\n")
    result = run_course("update", cwd=course.root / "mine/src")
    assert result.exit_code == 0
    assert (course.root / "mine/src/given.py").read_text() == "new = 1\n"
    assert (work / "src/given.py").read_text() == GIVEN


def test_the_clones_own_folder_is_left_to_git(course, run_course):
    shutil.rmtree(course.root / "work")
    course.complete()
    run_course("stage", cwd=course.root)
    folder = course.root / "hw1"
    edit(folder / "src/given.py", "one = 1", "one = 'mine'")
    before = contents(folder)
    result = run_course("update", "hw1", cwd=course.root)
    assert result.exit_code == 0
    assert "`git pull` updates it" in result.output
    told = run_course("update", "hw1", "--json", cwd=course.root).output
    assert json.loads(told)["changed"] is False
    course.write("common/hw1/src/given.py", "new = 1\n")
    result = run_course("update", "hw1", cwd=course.root)
    assert "older than common/ beside it" in str(result.exception)
    (folder / "src/a.py").write_text("<<<<<<< Updated upstream\n=======\n>>>>>>> S\n")
    result = run_course("update", "hw1", cwd=course.root)
    assert "git left conflicts here:\n  src/a.py:1\n" in str(result.exception)
    (folder / "src/a.py").write_bytes(before["src/a.py"])
    assert contents(folder) == before


def test_a_folder_with_solutions_is_not_updated(course, run_course):
    run_course("solution", "hw1", "-o", "solution", cwd=course.root)
    result = run_course("update", "solution", cwd=course.root)
    assert "shows solutions" in str(result.exception)


def test_no_folder_says_how_to_get_one(course, run_course):
    result = run_course("update", "hw2", cwd=course.root)
    assert "course start hw2" in str(result.exception)


def test_the_new_manifest_is_the_releases(course, work, update):
    solve(work)
    course.write("common/hw1/src/given.py", "new = 1\n")
    update()
    assert Manifest.of_folder(work) == Manifest.from_bytes(released(course)[MANIFEST])


def test_a_file_that_cannot_be_read_is_named(course, work, update, monkeypatch):
    real = Path.read_bytes

    def refused(self):
        if self == work / "src/given.py":
            raise PermissionError(13, "Permission denied", str(self))
        return real(self)

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(CourseError, match=r"Permission denied: .*given\.py"):
        update()


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_without_permission_stays_as_it_is(course, work, update):
    course.write("common/hw1/src/given.py", "new = 1\n")
    (work / "src").chmod(0o555)
    before = contents(work)
    try:
        with pytest.raises(CourseError, match="Permission denied"):
            update()
    finally:
        (work / "src").chmod(0o755)
    assert contents(work) == before
