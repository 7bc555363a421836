"""Tests of the whole rendered folder: which files, which bytes, which manifest."""

from __future__ import annotations

import hashlib
import json
import os
import stat

import pytest
from coursekit.errors import CourseError
from coursekit.staging import ALL, NONE, render, write_folder

STUB = """\
def f(x):
    ### BEGIN YOUR SOLUTION hw1.forward
    return x
    ### END YOUR SOLUTION
"""


def manifest(files: dict[str, bytes]) -> dict:
    return json.loads(files[".course/manifest.json"])


def test_a_folder_has_its_own_files_and_what_it_carries(mini):
    mini.homework(
        "hw3",
        "conv",
        more='[carried]\nlibrary = ["python/n/*.py"]\nsupport = ["s.py"]\n'
        'explore = ["e.py"]\n',
    )
    mini.write("common/needle/python/n/a.py", STUB)
    mini.write("common/needle/python/n/b.py", "b = 1\n")
    mini.write("common/needle/python/n/c.txt", "not carried\n")
    mini.write("common/testing/s.py", "s = 1\n")
    mini.write("common/explore/e.py", "e = 1\n")
    mini.write("common/hw3/explore/own.py", "own = 1\n")
    mini.write("common/hw3/Makefile", "all:\n\ttrue\n")
    mini.write("common/hw3/tests/hw3/test_a.py", "def test_a(): pass\n")
    files = render(mini.course, "hw3", NONE)
    assert list(files) == [
        ".course/manifest.json",
        "Makefile",
        "explore/e.py",
        "explore/own.py",
        "python/n/a.py",
        "python/n/b.py",
        "requirements.txt",
        "tests/hw3/test_a.py",
        "tests/support/s.py",
    ]
    assert files["Makefile"] == b"all:\n\ttrue\n"
    assert b"hw1.forward: f is yours" in files["python/n/a.py"]


def test_the_manifest_says_what_is_there(mini):
    mini.write("common/hw1/src/a.py", STUB)
    mini.write("common/hw1/src/b.py", "b = 1\n")
    mini.write("common/hw1/handout.md", "# One\n\nText.\n")
    mini.write("common/hw1/run.sh", "#!/bin/sh\n", executable=True)
    files = render(mini.course, "hw1", NONE)
    found = manifest(files)
    assert found.pop("files") == {
        path: hashlib.sha256(content).hexdigest()
        for path, content in files.items()
        if path != ".course/manifest.json"
    }
    assert found == {
        "homework": "hw1",
        "version": "1",
        "editable": ["hw1.ipynb", "src/a.py"],
        "executable": ["run.sh"],
        "solved": [],
        "course": "Mini",
        "submission": ["src/*.py"],
    }


def test_the_manifest_names_what_is_solved(mini):
    mini.write("common/hw1/src/a.py", STUB)
    assert manifest(render(mini.course, "hw1", {"hw1.forward"}))["solved"] == [
        "hw1.forward"
    ]
    everything = ["hw1.forward", "hw1.backward"]
    assert manifest(render(mini.course, "hw1", ALL))["solved"] == everything


def test_rendering_is_the_same_every_time(mini):
    mini.write("common/hw1/src/a.py", STUB)
    mini.write("common/hw1/handout.md", "# One\n\n```python\n1 + 1\n```\n")
    first = render(mini.course, "hw1", NONE)
    assert list(render(mini.course, "hw1", NONE).items()) == list(first.items())


@pytest.mark.parametrize(
    "path",
    [
        "__pycache__/a.cpython-311.pyc",
        ".hidden",
        ".ipynb_checkpoints/x.ipynb",
        "src/ext.so",
        "src/a.o",
        "data/train.gz",
        "results/curves.png",
        "build/x",
        "a.py~",
    ],
)
def test_outputs_and_hidden_files_are_not_sources(mini, path):
    mini.write("common/hw1/src/a.py", STUB)
    before = render(mini.course, "hw1", NONE)
    mini.write(f"common/hw1/{path}", "left over\n")
    assert render(mini.course, "hw1", NONE) == before


def test_requirements_have_ranges(mini):
    text = render(mini.course, "hw1", NONE)["requirements.txt"].decode()
    names = [line for line in text.splitlines() if not line.startswith("#")]
    assert names == [
        "numpy>=2.0,<3",
        "pytest>=8.2,<10",
        "jupyter>=1.0,<2",
        "matplotlib>=3.8,<4",
    ]


def test_an_unknown_package_is_an_error(mini):
    mini.homework("hw3", "a", more='[grading]\npackages = ["left-pad"]\n')
    with pytest.raises(CourseError, match="'left-pad': add it to RANGES"):
        render(mini.course, "hw3", NONE)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('[carried]\nlibrary = ["no.py"]\n', "has no file 'no.py'"),
        ('[carried]\nsupport = ["no.py"]\n', "has no file 'no.py'"),
        ('[carried]\nexplore = ["no.py"]\n', "has no file 'no.py'"),
        ('[carried]\nlibrary = ["a.py"]\n', "rename one"),
    ],
)
def test_carried_files_must_exist_and_not_collide(mini, more, words):
    mini.write("common/needle/a.py", "a = 1\n")
    mini.homework("hw3", "a", more=more)
    mini.write("common/hw3/a.py", "a = 2\n")
    with pytest.raises(CourseError, match=words):
        render(mini.course, "hw3", NONE)


@pytest.mark.parametrize("path", ["requirements.txt", "hw1.ipynb"])
def test_generated_files_are_not_written_by_hand(mini, path):
    mini.write("common/hw1/handout.md", "# One\n")
    mini.write(f"common/hw1/{path}", "x\n")
    with pytest.raises(CourseError, match=f"{path}: this file is generated"):
        render(mini.course, "hw1", NONE)


def test_a_link_among_the_sources_is_refused(mini):
    (mini.root / "common/hw1/link.txt").symlink_to("/etc/hostname")
    with pytest.raises(CourseError, match=r"link\.txt: is not a regular file"):
        render(mini.course, "hw1", NONE)


def test_unknown_questions_cannot_be_solved(mini):
    with pytest.raises(CourseError, match=r"hw1 has no question 'hw1\.nothing'"):
        render(mini.course, "hw1", {"hw1.nothing"})


def test_write_folder_writes_content_and_modes(mini, tmp_path):
    mini.write("common/hw1/run.sh", "#!/bin/sh\n", executable=True)
    mini.write("common/hw1/data.bin", bytes(range(256)))
    dest = tmp_path / "deep" / "hw1"
    files = render(mini.course, "hw1", NONE)
    write_folder(files, dest)
    found = {
        path.relative_to(dest).as_posix(): path.read_bytes()
        for path in dest.rglob("*")
        if path.is_file()
    }
    assert found == files
    modes = {name: stat.S_IMODE((dest / name).stat().st_mode) for name in files}
    assert modes["run.sh"] & 0o111 == 0o111
    assert not modes["data.bin"] & 0o111
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(dest.stat().st_mode) == 0o777 & ~umask


def test_write_folder_refuses_what_is_occupied(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine").write_text("work")
    (tmp_path / "file").write_text("work")
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    (tmp_path / "empty").mkdir()
    refusals = {"full": "exists and is not empty", "file": "way", "link": "way"}
    for name, words in refusals.items():
        with pytest.raises(CourseError, match=words):
            write_folder({"a": b"1"}, tmp_path / name)
    assert (tmp_path / "full/mine").read_text() == "work"
    write_folder({"a": b"1"}, tmp_path / "empty")
    assert (tmp_path / "empty/a").read_bytes() == b"1"


def test_write_folder_leaves_nothing_when_it_fails(tmp_path):
    with pytest.raises(CourseError, match="could not be written"):
        write_folder({"a": b"1", "a/b": b"2"}, tmp_path / "hw1")
    assert list(tmp_path.iterdir()) == []
