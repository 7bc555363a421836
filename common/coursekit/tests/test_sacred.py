"""Whatever command runs, a file that a student edited keeps what they wrote."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from coursekit.commands import release as release_command

STUB = """\
def f(x):
    ### BEGIN YOUR SOLUTION hw1.forward
    return x
    ### END YOUR SOLUTION
"""
WORK = "def f(x):\n    return 'a night of work'\n"
COMMANDS = [
    ["start", "hw1"],
    ["start", "hw1", "{folder}"],
    ["stage"],
    ["stage", "hw1"],
    ["stage", "--check"],
    ["stage", "--force"],
    ["solution", "hw1", "-o", "{folder}"],
    ["solution", "hw1", "--upto", "forward", "-o", "{folder}"],
    ["release", "hw1", "-o", "{parent}"],
    ["notebook", "hw1", "-o", "{folder}/hw1.ipynb"],
]


@pytest.fixture
def course(mini, run_course, monkeypatch):
    monkeypatch.setattr(release_command, "build_wheels", lambda course: {})
    mini.write("common/hw1/src/a.py", STUB)
    mini.write("common/hw1/handout.md", "# One\n\n## Question 1\n\n## Question 2\n")
    mini.complete()
    for command in (
        ["stage"],
        ["start", "hw1"],
        ["solution", "hw1", "-o", "solution/hw1"],
        ["release", "hw1", "-o", "dist"],
    ):
        assert run_course(*command, cwd=mini.root).exit_code == 0
    return mini


def copies_of(root: Path, work: str) -> list[Path]:
    return [
        path
        for path in root.rglob("*")
        if path.is_file() and path.read_bytes() == work.encode()
    ]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("where", ["hw1", "work/hw1", "dist/hw1", "solution/hw1"])
def test_an_edited_file_survives_every_command(course, run_course, where, command):
    folder = course.root / where
    (folder / "src/a.py").write_text(WORK)
    (folder / "src/new.py").write_text(WORK)
    # The source moves on, so that every command has something new to write.
    course.write("common/hw1/src/a.py", STUB.replace("f(x)", "f(x, y)"))
    course.write("common/hw1/src/new.py", "new = 1\n")
    words = [word.format(folder=folder, parent=folder.parent) for word in command]
    run_course(*words, cwd=course.root)
    kept = copies_of(course.root, WORK)
    if command == ["stage", "--force"] and where == "hw1":
        assert {path.name for path in kept} == {"a.py.orig-1", "new.py.orig-1"}
    else:
        assert set(kept) == {folder / "src/a.py", folder / "src/new.py"}


UPDATES = [
    ["update", "hw1"],
    ["update", "{folder}", "--dry-run"],
    ["update", "{folder}", "--force"],
    ["update", "{folder}", "--undo"],
]


@pytest.mark.parametrize("command", UPDATES, ids=" ".join)
@pytest.mark.parametrize("where", ["hw1", "work/hw1", "dist/hw1", "solution/hw1"])
def test_an_edited_file_survives_every_update(course, run_course, where, command):
    folder = course.root / where
    (folder / "src/a.py").write_text(WORK)
    (folder / "src/new.py").write_text(WORK)
    course.write("common/hw1/src/a.py", STUB.replace("f(x)", "f(x, y)"))
    course.write("common/hw1/src/new.py", "new = 1\n")
    run_course(*[word.format(folder=folder) for word in command], cwd=course.root)
    # Merged, and whole in the backup; or as it was.
    assert "a night of work" in (folder / "src/a.py").read_text()
    assert len(copies_of(folder, WORK)) >= 2


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_edited_notebook_survives_every_command(course, run_course, command):
    folder = course.root / "work/hw1"
    (folder / "hw1.ipynb").write_text(WORK)
    course.write(
        "common/hw1/handout.md", "# One, better\n\n## Question 1\n\n## Question 2\n"
    )
    words = [word.format(folder=folder, parent=folder.parent) for word in command]
    run_course(*words, cwd=course.root)
    assert copies_of(course.root, WORK) == [folder / "hw1.ipynb"]


@pytest.mark.parametrize(
    "command",
    [
        ["start", "hw1", "file/hw1"],
        ["solution", "hw1", "-o", "file/hw1"],
        ["release", "hw1", "-o", "file"],
        ["release", "hw1", "-o", "file/dist"],
    ],
    ids=" ".join,
)
def test_a_file_in_the_way_is_an_error_and_stays(course, run_course, command):
    course.write("file", WORK)
    result = run_course(*command, cwd=course.root)
    assert result.exit_code != 0
    assert (course.root / "file").read_text() == WORK


def test_force_twice_keeps_both_edits(course, run_course):
    file = course.root / "hw1/src/a.py"
    for work in ("first", "second"):
        file.write_text(work)
        assert run_course("stage", "--force", cwd=course.root).exit_code == 0
    assert file.with_name("a.py.orig-1").read_text() == "first"
    assert file.with_name("a.py.orig-2").read_text() == "second"


def test_a_copy_outside_the_clone_survives_the_clone(course, run_course, tmp_path):
    run_course("start", "hw1", tmp_path / "mine", cwd=course.root)
    (tmp_path / "mine/src/a.py").write_text(WORK)
    shutil.rmtree(course.root)
    assert (tmp_path / "mine/src/a.py").read_text() == WORK
