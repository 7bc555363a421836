"""Whatever a student did and whatever a release changed, an update loses nothing."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from coursekit.errors import CourseError
from coursekit.staging import NONE, render
from coursekit.staging.folder import write_folder
from coursekit.staging.manifest import digest, with_pristine
from coursekit.student import StudentFolder
from coursekit.update.incoming import Release
from coursekit.update.run import Updated, update_folder
from coursekit.update.undo import undo_last
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CODE = '''\
"""Given code."""

import math

SCALE = 3


def f(x):
    """Return x."""
    ### BEGIN YOUR SOLUTION hw1.forward
    return x
    ### END YOUR SOLUTION


class Net:
    """A network."""

    def g(self, x):
        """Return minus x."""
        ### BEGIN YOUR SOLUTION hw1.backward
        return -x
        ### END YOUR SOLUTION

    def h(self):
        """Return the scale."""
        return SCALE
'''
NATIVE = """\
// A kernel.
void scale(float *a, int n) {
    /// BEGIN YOUR SOLUTION hw1.forward
    for (int i = 0; i < n; ++i) a[i] *= 2;
    /// END YOUR SOLUTION
}
"""
HANDOUT = (
    "# One\n\nRead.\n\n## Question 1\n\nDo it.\n\n```python\nf(1)\n```\n\n## End\n"
)
SOURCES = {
    "src/a.py": CODE,
    "src/kernel.cpp": NATIVE,
    "src/given.py": "one = 1\ntwo = 2\nthree = 3\nfour = 4\n",
    "handout.md": HANDOUT,
    "notes.txt": "First.\r\nSecond.\r\n",
}
PLACES = ["Given code", "math", "Return x", "A network", "Return the scale", "A kernel"]
PLACES += ["one = 1", "four = 4", "Read.", "Do it.", "f(1)", "First.", "SCALE = 3"]
PLACES += ["hw1.forward", "## End\n"]


@st.composite
def upstream(draw) -> dict[str, str]:
    """Draw the sources of a newer release."""
    files = dict(SOURCES)
    for place in draw(st.lists(st.sampled_from(PLACES), max_size=5, unique=True)):
        word = "hw1.ahead" if place == "hw1.forward" else f"{place} and new"
        if place in ("one = 1", "four = 4", "SCALE = 3"):
            word = f"{place}\nfresh{place}"
        if place == "math":
            word = "cmath"
        if place == "f(1)":
            word = "f(2)"
        files = {path: text.replace(place, word) for path, text in files.items()}
    for path in draw(st.lists(st.sampled_from(sorted(SOURCES)), max_size=1)):
        if path not in ("src/a.py", "handout.md"):
            del files[path]
    for name in draw(st.lists(st.sampled_from(["own.py", "src/mine.py"]), max_size=1)):
        files[name] = "released = 1\n"
    return files


COMMON = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
EDITED = [*SOURCES, "hw1.ipynb", "requirements.txt", "own.py", "src/mine.py"]


class Student:
    """Somebody at work: every line they write is one that nobody else has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written: list[str] = []

    def line(self, indent: str = "") -> str:
        self.written.append(f"mine {len(self.written):04}")
        return f"{indent}# {self.written[-1]}"

    def act(self, draw) -> None:
        """Do one thing to one file."""
        file = self.folder / draw(st.sampled_from(EDITED))
        what = draw(st.sampled_from(["insert", "delete", "replace", "ends", "cell"]))
        if not file.exists():
            file.write_text(self.line() + "\n")
        elif what == "cell" and file.suffix == ".ipynb":
            self._edit_cell(file, draw)
        elif what == "ends":
            content = file.read_bytes().replace(b"\r\n", b"\n")
            file.write_bytes(content.replace(b"\n", b"\r\n"))
        else:
            self._edit_lines(file, what, draw)

    def _edit_lines(self, file: Path, what: str, draw) -> None:
        lines = file.read_bytes().decode().splitlines(keepends=True)
        at = draw(st.integers(0, len(lines)))
        cut = 0 if what == "insert" else draw(st.integers(0, 3))
        gone = "".join(lines[at : at + cut])
        if any(word in gone for word in self.written):
            return  # what they take back themselves need not survive
        indent = " " * draw(st.sampled_from([0, 4, 8]))
        new = [] if what == "delete" else [self.line(indent) + "\n"]
        lines[at : at + cut] = new
        file.write_bytes("".join(lines).encode())

    def _edit_cell(self, file: Path, draw) -> None:
        try:
            notebook = json.loads(file.read_bytes())
        except ValueError:
            return
        cells = notebook["cells"]
        at = draw(st.integers(0, len(cells) - 1))
        if draw(st.booleans()):
            cells[at]["source"] = [*cells[at]["source"], "\n", self.line()]
        else:
            own = {"cell_type": "markdown", "id": f"own-{len(self.written)}"}
            cells.insert(at, {**own, "metadata": {}, "source": [self.line()]})
        file.write_text(json.dumps(notebook, indent=1))


@contextlib.contextmanager
def at_work(release: Release, draw) -> Iterator[Student]:
    """Yield a student who has done a few things in a folder of their own."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "hw1"
        write_folder(release.files, folder)
        student = Student(folder)
        for _ in range(draw(st.integers(0, 8))):
            student.act(draw)
        yield student


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files a student sees; not the records and backups."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".course" not in path.relative_to(folder).parts
    }


def update(folder: Path, release: Release) -> Updated:
    found = StudentFolder.at(folder)
    assert found is not None
    return update_folder(found, release)


@pytest.fixture
def released(mini, monkeypatch):
    """Return a function from sources to the release that is made of them."""
    monkeypatch.setattr(os, "fsync", lambda file: None)  # half of the time
    known: dict[str, Release] = {}

    def cached(sources: dict[str, str], version: str) -> Release:
        key = repr((sorted(sources.items()), version))
        if key not in known:
            known[key] = make(sources, version)
        return known[key]

    def make(sources: dict[str, str], version: str) -> Release:
        ahead = any("hw1.ahead" in text for text in sources.values())
        mini.homeworks.clear()
        shutil.rmtree(mini.root / "common")
        mini.homework("hw1", "ahead" if ahead else "forward", "backward")
        toml = mini.root / "course.toml"
        toml.write_text(toml.read_text().replace('"1"', f'"{version}"'))
        for path, text in sources.items():
            mini.write(f"common/hw1/{path}", text.encode())
        return Release.of(with_pristine(render(mini.course, "hw1", NONE)), "here")

    return cached


@given(data=st.data(), sources=upstream())
@settings(COMMON, max_examples=40)
def test_nothing_is_lost(released, data, sources):
    old, new = released(SOURCES, "1"), released(sources, "2")
    with at_work(old, data.draw) as student:
        folder, before = student.folder, contents(student.folder)
        result = update(folder, new)
        after = contents(folder)
        _check_lines(student, before, after)
        _check_untouched(old, new, before, after)
        _check_twice(folder, new, result, after)


def _check_lines(student: Student, before, after) -> None:
    """Every line the student wrote is still in the folder, once at least."""
    there = b"\n".join(after.values())
    for word in student.written:
        if any(word.encode() in content for content in before.values()):
            assert word.encode() in there, word


def _check_untouched(old: Release, new: Release, before, after) -> None:
    """What the student left alone is the release's, byte for byte; or it is gone."""
    for path, content in before.items():
        if old.manifest.files.get(path) == digest(content):
            assert after.get(path) == new.files.get(path), path
    for path in new.manifest.files.keys() - before.keys():
        assert after[path] == new.files[path]


def _check_twice(folder: Path, new: Release, result: Updated, after) -> None:
    if result.plan.conflicts:
        with pytest.raises(CourseError, match="conflicts are still to be"):
            update(folder, new)
    else:
        again = update(folder, new)
        assert again.done is None
        assert not again.plan.touched
    assert contents(folder) == after


@given(data=st.data(), sources=upstream())
@settings(COMMON, max_examples=15)
def test_undo_brings_back_exactly_what_was(released, data, sources):
    old, new = released(SOURCES, "1"), released(sources, "2")
    with at_work(old, data.draw) as student:
        folder, before = student.folder, contents(student.folder)
        if update(folder, new).done is None:
            return
        found = StudentFolder.at(folder)
        assert found is not None
        undo_last(found, "update")
        assert contents(folder) == before
