"""Tests of ``course update``: what becomes of each file of a folder in use."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from coursekit.errors import CourseError
from update_kit import (
    GIVEN,
    RAISES,
    STUB,
    backup_of,
    contents,
    edit,
    mode,
    released,
    solve,
)

pytest_plugins = ["update_fixtures"]


def test_an_untouched_folder_becomes_the_new_release(course, work, update):
    course.write("common/hw1/src/given.py", "one = 'new'\n")
    course.write("common/hw1/src/fresh.py", "fresh = 1\n")
    (course.root / "common/hw1/picture.png").unlink()
    output = update()
    assert contents(work) == released(course)
    assert "from version 1 to 2" in output
    assert "updated   src/given.py" in output
    assert "new       src/fresh.py" in output
    assert "removed   picture.png" in output


@pytest.mark.parametrize(
    "path", ["src/kernels.cc", "src/kernels.h", "Makefile", "CMakeLists.txt"]
)
def test_what_has_to_be_built_again_is_said(course, work, update, path):
    course.write("common/hw1/src/given.py", "one = 'new'\n")
    assert "run `make`" not in update()
    course.write(f"common/hw1/{path}", "")
    assert "in that folder run `make`" in update(version="3")


def test_an_update_twice_is_an_update_once(course, work, update):
    course.write("common/hw1/src/given.py", GIVEN + "six = 6\n")
    solve(work)
    update()
    before = contents(work)
    assert update() == (
        "hw1 is up to date with this clone: version 2."
        " `git pull` fetches what is newer.\n"
    )
    assert contents(work) == before
    assert len(list((work / ".course/backup").iterdir())) == 2  # and .gitignore


def test_a_solution_stays_while_the_given_code_around_it_changes(course, work, update):
    solve(work)
    new = STUB.replace("Return x.", "Return x itself.").replace("math", "cmath")
    course.write("common/hw1/src/a.py", new)
    assert "merged    src/a.py" in update()
    text = (work / "src/a.py").read_text()
    assert "return x + 0  # solved" in text
    assert "Return x itself." in text
    assert "import cmath" in text
    assert text.count(RAISES) == 1


def test_a_stub_that_says_something_else_is_no_conflict(course, work, update):
    solve(work)
    edit(course.root / "common/hw1/homework.toml", "hw1.forward", "hw1.ahead")
    edit(course.root / "common/hw1/src/a.py", "hw1.forward", "hw1.ahead")
    update()
    text = (work / "src/a.py").read_text()
    assert "BEGIN YOUR SOLUTION hw1.ahead\n    return x + 0  # solved\n" in text
    assert "<<<<<<<" not in text


def test_a_stub_that_a_formatter_wrapped_is_no_solution(course, work, update):
    file = work / "src/a.py"
    edit(file, f'{RAISES}"hw1.forward: f', f'{RAISES}\n        "hw1.forward: f')
    edit(course.root / "common/hw1/homework.toml", "hw1.forward", "hw1.ahead")
    edit(course.root / "common/hw1/src/a.py", "hw1.forward", "hw1.ahead")
    update()
    text = file.read_text()
    assert "hw1.forward" not in text
    assert f'\n{RAISES}"hw1.ahead: f is yours' in text


def test_a_question_added_by_the_release_arrives(course, work, update):
    solve(work)
    more = STUB.replace("def g", "def h").split("import math\n")[1]
    more = more[more.index("def h") :]
    course.write("common/hw1/src/a.py", STUB + "\n\n" + more)
    update()
    text = (work / "src/a.py").read_text()
    assert "return x + 0  # solved" in text
    assert "def h(x):" in text
    assert text.count(RAISES) == 2


def test_lines_that_both_changed_are_a_conflict_in_place(course, work, update):
    edit(work / "src/given.py", "three = 3", "three = 'mine'")
    course.write("common/hw1/src/given.py", GIVEN.replace("three = 3", "three = 'new'"))
    output = update(status=1)
    assert "CONFLICT  src/given.py" in output
    assert "src/given.py:3: yours and the release's" in output
    assert "Decide the 1 place" in output
    assert (work / "src/given.py").read_text() == (
        "one = 1\ntwo = 2\n<<<<<<< yours\nthree = 'mine'\n=======\nthree = 'new'\n"
        ">>>>>>> 2\nfour = 4\nfive = 5\n"
    )


def test_conflicts_left_over_stop_the_next_update(course, work, update):
    edit(work / "src/given.py", "three = 3", "three = 'mine'")
    course.write("common/hw1/src/given.py", GIVEN.replace("three = 3", "three = 'new'"))
    update(status=1)
    before = contents(work)
    with pytest.raises(CourseError, match=r"\n  src/given.py:3\n"):
        update(version="3")
    assert contents(work) == before
    (work / "src/given.py").write_text(GIVEN)
    update(version="3")


def test_a_released_file_may_speak_of_conflict_markers(course, work, update):
    text = "one\n<<<<<<< yours\na\n=======\nb\n>>>>>>> theirs\n"
    course.write("common/hw1/notes.txt", text)
    update()
    course.write("common/hw1/notes.txt", f"{text}more\n")
    update(version="3")
    assert (work / "notes.txt").read_text() == f"{text}more\n"


def test_a_given_file_that_was_edited_is_merged(course, work, update):
    edit(work / "src/given.py", "one = 1", "one = 'mine'")
    course.write("common/hw1/src/given.py", GIVEN.replace("five = 5", "five = 'new'"))
    update()
    merged = "one = 'mine'\ntwo = 2\nthree = 3\nfour = 4\nfive = 'new'\n"
    assert (work / "src/given.py").read_text() == merged
    assert (backup_of(work) / "before/src/given.py").read_text().startswith("one = 'm")


def test_a_binary_file_that_was_edited_is_kept_under_another_name(course, work, update):
    (work / "picture.png").write_bytes(b"\x89PNG\0mine")
    course.write("common/hw1/picture.png", b"\x89PNG\0two")
    output = update()
    assert (work / "picture.png").read_bytes() == b"\x89PNG\0two"
    assert (work / "picture.png.orig-1").read_bytes() == b"\x89PNG\0mine"
    assert "picture.png: yours is picture.png.orig-1" in output
    assert "could not be merged: it is not text" in output


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_without_its_base_a_file_is_not_guessed(course, work, update, damage):
    solve(work)
    mine = (work / "src/a.py").read_text()
    edit(work / "src/given.py", "one = 1", "one = 'mine'")
    if damage == "missing":
        shutil.rmtree(work / ".course/pristine")
    else:
        (work / ".course/pristine/src/a.py").write_text(mine)
        (work / ".course/pristine/src/given.py").write_text("x")
    course.write("common/hw1/src/a.py", STUB.replace("Return x.", "Return x itself."))
    course.write("common/hw1/src/given.py", GIVEN + "six = 6\n")
    output = update()
    new = released(course)
    assert (work / "src/a.py").read_text() == mine
    assert (work / "src/a.py.new").read_bytes() == new["src/a.py"]
    assert (work / "src/given.py").read_bytes() == new["src/given.py"]
    assert "'mine'" in (work / "src/given.py.orig-1").read_text()
    assert "the new one is src/a.py.new" in output
    assert (work / ".course/pristine/src/a.py").read_bytes() == new["src/a.py"]


def test_a_new_file_whose_name_is_taken(course, work, update):
    (work / "src/fresh.py").write_text("my helper\n")
    course.write("common/hw1/src/fresh.py", "fresh = 1\n")
    output = update()
    assert (work / "src/fresh.py").read_text() == "fresh = 1\n"
    assert (work / "src/fresh.py.orig-1").read_text() == "my helper\n"
    assert "you have a file of that name already" in output


def test_a_removed_file_stays_if_it_was_edited(course, work, update):
    edit(work / "src/given.py", "one = 1", "one = 'mine'")
    (course.root / "common/hw1/src/given.py").unlink()
    (course.root / "common/hw1/picture.png").unlink()
    output = update()
    assert "'mine'" in (work / "src/given.py").read_text()
    assert not (work / "picture.png").exists()
    assert "kept      src/given.py: no longer part of the homework" in output
    assert "given.py" not in update()  # now it is the student's own


def test_an_emptied_folder_goes_and_one_in_use_stays(course, work, update):
    for name in ("extra", "used"):
        course.write(f"common/hw1/{name}/x.py", "x = 1\n")
    update()
    (work / "used/mine.txt").write_text("mine")
    for name in ("extra", "used"):
        shutil.rmtree(course.root / "common/hw1" / name)
    update(version="3")
    assert not (work / "extra").exists()
    assert [path.name for path in (work / "used").iterdir()] == ["mine.txt"]


def test_a_file_the_student_deleted_comes_back(course, work, update):
    (work / "src/given.py").unlink()
    assert "back      src/given.py: it was missing" in update(version="1")
    assert (work / "src/given.py").read_text() == GIVEN


def test_what_is_the_students_own_is_untouched(course, work, update):
    mine = {
        "data/train.gz": b"data",
        "results/run1/loss.csv": b"1,2",
        "src/ext.so": b"\x7fELF",
        "src/helper.py": b"mine",
        ".git/HEAD": b"ref: refs/heads/main\n",
        ".venv/bin/python": b"",
    }
    for path, content in mine.items():
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_bytes(content)
    (work / "data/test.gz").symlink_to("/nowhere/test.gz")
    inodes = {path: (work / path).stat().st_ino for path in [*mine, "src", "."]}
    course.write("common/hw1/src/given.py", "new = 1\n")
    update()
    for path, content in mine.items():
        assert (work / path).read_bytes() == content
    assert (work / "data/test.gz").readlink() == Path("/nowhere/test.gz")
    # The folders are the same ones: a shell or an editor that is open in them goes on.
    assert {path: (work / path).stat().st_ino for path in inodes} == inodes


def test_modes_follow_and_stay(course, work, update):
    (work / "src/given.py").chmod(0o600)
    (work / "src/a.py").chmod(0o755)
    course.write("common/hw1/src/given.py", "new = 1\n")
    course.write("common/hw1/src/a.py", STUB + "\n")
    course.write("common/hw1/tool.sh", "#!/bin/sh\n", executable=True)
    edit(work / "run.sh", "one", "mine")
    course.write("common/hw1/run.sh", "#!/bin/sh\necho one\n\n\nexit 0\n")
    update()
    assert mode(work / "src/given.py") == 0o600
    assert mode(work / "src/a.py") == 0o755
    assert mode(work / "tool.sh") & 0o111
    assert mode(work / "run.sh") & 0o111
    (course.root / "common/hw1/tool.sh").chmod(0o644)
    assert "updated   tool.sh" in update(version="3")
    assert not mode(work / "tool.sh") & 0o111


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
def test_line_ends_bom_and_foreign_letters_stay(course, work, update, ending):
    solve(work, 'return x + 0  # gelöst: "π"')
    text = (work / "src/a.py").read_text()
    mine = "\ufeff" + text.rstrip("\n").replace("\n", ending)
    (work / "src/a.py").write_bytes(mine.encode())
    course.write("common/hw1/src/a.py", STUB.replace("Return x.", "Return x itself."))
    update()
    after = (work / "src/a.py").read_bytes().decode()
    assert after == mine.replace("Return x.", "Return x itself.")


def test_bytes_that_are_not_utf8_stay(course, work, update):
    solve(work)
    content = (work / "src/a.py").read_bytes().replace(b"solved", b"gel\xf6st")
    (work / "src/a.py").write_bytes(content)
    course.write("common/hw1/src/a.py", STUB.replace("Return x.", "Return x itself."))
    update()
    assert b"gel\xf6st" in (work / "src/a.py").read_bytes()
    assert b"Return x itself." in (work / "src/a.py").read_bytes()


def test_damaged_markers_lose_nothing_and_are_named(course, work, update):
    solve(work)
    edit(work / "src/a.py", "    ### BEGIN YOUR SOLUTION hw1.forward\n", "")
    course.write("common/hw1/src/a.py", STUB.replace("minus x", "the opposite"))
    output = update()
    text = (work / "src/a.py").read_text()
    assert "return x + 0  # solved" in text
    assert "the opposite" in text
    assert "src/a.py: with what you changed\n            line " in output


def test_a_damaged_marker_is_named_by_its_line_after_the_update(course, work, update):
    edit(work / "src/a.py", "    ### BEGIN YOUR SOLUTION hw1.forward\n", "")
    course.write("common/hw1/src/a.py", STUB.replace('code."""', 'code."""' + "\n" * 9))
    output = update()
    lines = (work / "src/a.py").read_text().splitlines()
    assert f"line {lines.index('def f(x):') + 1}: the markers of src/a.py::f" in output


# -- notebooks -----------------------------------------------------------------------


def test_a_notebook_in_use_is_merged_cell_by_cell(course, work, update):
    notebook = json.loads((work / "hw1.ipynb").read_text())
    notebook["cells"][0]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": ["0.93\n"]}
    ]
    own = {"cell_type": "markdown", "metadata": {}, "source": ["My answer"], "id": "me"}
    notebook["cells"].append(own)
    (work / "hw1.ipynb").write_text(json.dumps(notebook))
    course.write(
        "common/hw1/handout.md", "# One\n\nBetter.\n\n## Question 1\n\nDo it.\n"
    )
    assert "merged    hw1.ipynb" in update()
    after = json.loads((work / "hw1.ipynb").read_text())
    texts = ["".join(cell["source"]) for cell in after["cells"]]
    assert "Better." in texts[1]
    assert texts[-1] == "My answer"
    assert after["cells"][0]["outputs"]


def test_a_cell_that_both_changed_is_named(course, work, update):
    edit(work / "hw1.ipynb", "Text.", "Text. Mine.")
    course.write(
        "common/hw1/handout.md", "# One\n\nBetter.\n\n## Question 1\n\nDo it.\n"
    )
    assert "cell 3: the new version of the cell above it" in update()


@pytest.mark.parametrize("content", [b"", b"{", b"<<<<<<< HEAD\n", b"\xff\xfe{\0}\0"])
def test_a_damaged_notebook_is_kept_and_the_new_one_is_beside(
    course, work, update, content
):
    (work / "hw1.ipynb").write_bytes(content)
    (work / "hw1.new.ipynb").write_text("older")
    course.write("common/hw1/handout.md", "# One\n\nBetter.\n")
    output = update()
    assert (work / "hw1.ipynb").read_bytes() == content
    assert (work / "hw1.new-2.ipynb").read_bytes() == released(course)["hw1.ipynb"]
    assert (work / "hw1.new.ipynb").read_text() == "older"
    assert "hw1.ipynb: the new one is hw1.new-2.ipynb" in output


# -- links and folders in the way ------------------------------------------------------


def test_a_link_in_the_place_of_a_file_is_refused_only_if_that_file_changes(
    course, work, update, tmp_path
):
    elsewhere = tmp_path / "a.py"
    elsewhere.write_text("mine")
    (work / "src/a.py").unlink()
    (work / "src/a.py").symlink_to(elsewhere)
    course.write("common/hw1/src/given.py", "new = 1\n")
    update()
    assert (work / "src/a.py").is_symlink()
    course.write("common/hw1/src/a.py", STUB + "\n")
    before = contents(work)
    with pytest.raises(CourseError, match=r"src/a\.py is a link"):
        update(version="3")
    assert contents(work) == before
    assert elsewhere.read_text() == "mine"


@pytest.mark.parametrize("what", ["link", "file", "folder"])
def test_what_is_in_the_way_of_a_new_file_is_refused(
    course, work, update, tmp_path, what
):
    if what == "link":
        (work / "new").symlink_to(tmp_path)
    elif what == "file":
        (work / "new").write_text("mine")
    else:
        (work / "new/fresh.py").mkdir(parents=True)
    course.write("common/hw1/new/fresh.py", "fresh = 1\n")
    before = contents(work)
    with pytest.raises(CourseError, match="nothing was changed"):
        update()
    assert contents(work) == before
    assert not (tmp_path / "fresh.py").exists()
