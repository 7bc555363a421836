"""Whatever a student does to the folders, a carry loses nothing they wrote."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from carry_kit import Student, make_chain
from coursekit.carry.copy import Copy
from coursekit.carry.run import carry_into
from coursekit.errors import CourseError
from coursekit.merge import read_regions
from coursekit.staging import NONE, render, write_folder
from coursekit.staging.manifest import with_pristine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

OPS, PARSE, APP, CC = (
    "python/lib/ops.py",
    "src/simple.py",
    "apps/simple.py",
    "src/kernel.cc",
)
NAMES = ("hw1", "hw2", "hw3")
LINES = [
    "    mine = 1",
    "        return 'é ∂'",
    "def helper():",
    "    return '''",
    "  '''",
    "### BEGIN YOUR SOLUTION hw1.forward",
    "        ### BEGIN YOUR SOLUTION hw1.backward",
    "    ### BEGIN YOUR SOLUTION hw1.parse id=parse",
    "        ### END YOUR SOLUTION",
    "### END YOUR SOLUTION",
    "  /// END YOUR SOLUTION",
    "  /// BEGIN YOUR SOLUTION hw1.kernel",
    "import math",
    "}",
    "",
]
SOLVED = [(OPS, "Add.compute"), (OPS, "Add.gradient"), (CC, "Fill"), (PARSE, "parse")]
solve = st.tuples(
    st.sampled_from(NAMES),
    st.sampled_from(SOLVED),
    st.lists(st.sampled_from(["a = 1", "b = 2", "return a", "# é"]), min_size=1),
)
edit = st.tuples(
    st.sampled_from(NAMES),
    st.sampled_from([OPS, OPS, PARSE, APP, CC]),
    st.sampled_from(["insert", "delete", "replace", "repeat", "tabs", "ends"]),
    st.integers(0, 60),
    st.sampled_from(LINES),
)
carry = st.tuples(
    st.sampled_from([("hw1", "hw2"), ("hw1", "hw3"), ("hw2", "hw3"), NAMES]),
    st.booleans(),
)
steps = st.lists(st.one_of(solve, solve, edit, carry), max_size=14)


def change(student: Student, path: str, what: str, place: int, new: str) -> None:
    """Do what a student, or an editor, may do to a file."""
    file = student.path / path
    if not file.exists():
        return
    lines = student.text(path).split("\n")
    place = min(place, len(lines) - 1)
    if what == "insert":
        lines.insert(place, new)
    elif what == "delete":
        del lines[place]
    elif what == "replace":
        lines[place] = new
    elif what == "repeat":
        lines[place:place] = lines[place - 8 : place + 1]
    elif what == "tabs":
        lines = [line.replace("    ", "\t") for line in lines]
    elif what == "ends":
        lines = [line.rstrip("\r") + "\r" * (place % 2) for line in lines]
    student.put(path, "\n".join(lines))


def write(student: Student, path: str, name: str, body: list[str]) -> None:
    """Write a region's solution, or change it where that was done already."""
    if path == PARSE and not (student.path / path).exists():
        path = APP
    file = student.path / path
    if not file.exists():
        return
    region = read_regions(path, student.text(path), pristine_of(student, path))
    found = next((r for n, r in region.found.items() if n.endswith(name)), None)
    if found is not None:
        lines = student.text(path).split("\n")
        lines[found.begin : found.end - 1] = [found.indent + line for line in body]
        student.put(path, "\n".join(lines))


def pristine_of(student: Student, path: str) -> str:
    return (student.path / ".course/pristine" / path).read_bytes().decode()


def lines_of(texts) -> Counter[str]:
    return Counter(
        line.strip("\0 \t") for text in texts for line in text.splitlines() if line
    )


def written(target: Student) -> Counter[str]:
    """Return the lines that are the student's own work at a target."""
    copy = Copy.read(target.folder)
    own = lines_of(file.text for file in copy.files.values())
    known = lines_of(file.pristine for file in copy.files.values())
    came = [*copy.carried.regions.values(), *copy.carried.helpers.values()]
    return own - known - lines_of("\n".join(each.body) for each in came)


def check_carry(sources: list[Student], target: Student, *, helpers: bool) -> None:
    before, mine = target.files(), written(target)
    unchanged = [source.files() for source in sources]
    try:
        done = carry_into(
            [source.folder for source in sources], target.folder, helpers=helpers
        )
    except CourseError as error:
        assert "conflicts are still to be decided" in str(error)
        assert target.files() == before
        return
    assert [source.files() for source in sources] == unchanged
    after = target.files()
    changed = {path for path in before if after.get(path) != before[path]}
    for path in changed:
        assert done.done is not None
        assert (done.done.backup / "before" / path).read_bytes() == before[path]
    now = lines_of(each.decode() for path, each in after.items() if path in before)
    lost = mine - now
    assert not [line for line in lost if line], lost
    again_changes_nothing(sources, target, helpers=helpers)


def again_changes_nothing(
    sources: list[Student], target: Student, *, helpers: bool
) -> None:
    before = target.files()
    try:
        done = carry_into(
            [source.folder for source in sources], target.folder, helpers=helpers
        )
        assert done.done is None
    except CourseError as error:
        assert "conflicts are still to be decided" in str(error)
    assert target.files() == before


class Folders(dict):
    """The files of homeworks, too long to be shown with every story that fails."""

    __repr__ = object.__repr__


@pytest.fixture
def folders(mini, tmp_path):
    """Return the files of the three homeworks, as they are started."""
    course = make_chain(type(mini), tmp_path / "chain").course
    return Folders({name: with_pristine(render(course, name, NONE)) for name in NAMES})


def play(folders, played) -> None:
    with tempfile.TemporaryDirectory() as place:
        students = {name: Student(Path(place) / name) for name in NAMES}
        for name, student in students.items():
            write_folder(folders[name], student.path)
        for step in played:
            if len(step) == 5:
                name, *what = step
                change(students[name], *what)
            elif len(step) == 3:
                name, (path, region), body = step
                write(students[name], path, region, [*body, f"# by {name}"])
            else:
                *sources, target = (students[name] for name in step[0])
                check_carry(sources, target, helpers=step[1])


common = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@settings(common, max_examples=60)
@given(played=steps, last=carry)
def test_no_line_is_lost_and_twice_is_once(folders, played, last):
    play(folders, [*played, last])


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(common, max_examples=300)
@given(played=steps, last=carry)
def test_no_line_is_lost_in_many_more_stories(folders, played, last):
    play(folders, [*played, last])


@pytest.mark.parametrize("names", [("hw1", "hw2"), ("hw1", "hw3"), NAMES])
@pytest.mark.parametrize("helpers", [False, True])
def test_carrying_between_untouched_folders_changes_nothing(folders, names, helpers):
    with tempfile.TemporaryDirectory() as place:
        students = []
        for name in names:
            write_folder(folders[name], Path(place) / name)
            students.append(Student(Path(place) / name))
        again_changes_nothing(students[:-1], students[-1], helpers=helpers)
