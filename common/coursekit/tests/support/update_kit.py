"""What the tests of updates do to a folder in use, and to its course."""

from __future__ import annotations

from pathlib import Path

from coursekit.staging import NONE, render
from coursekit.staging.manifest import with_pristine

STUB = '''\
"""Given code."""

import math


def f(x):
    """Return x."""
    ### BEGIN YOUR SOLUTION hw1.forward
    return x
    ### END YOUR SOLUTION


def g(x):
    """Return minus x."""
    ### BEGIN YOUR SOLUTION hw1.backward
    return -x
    ### END YOUR SOLUTION
'''
GIVEN = "one = 1\ntwo = 2\nthree = 3\nfour = 4\nfive = 5\n"
RAISES = "    raise NotImplementedError("


def release(course, version: str) -> None:
    """Give the material another version."""
    file = course.root / "course.toml"
    lines = file.read_text().splitlines()
    lines = [f'version = "{version}"' if "version" in line else line for line in lines]
    file.write_text("\n".join(lines) + "\n")


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def solve(work: Path, what: str = "return x + 0  # solved") -> None:
    """Write a solution of the first question."""
    lines = (work / "src/a.py").read_text().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if line.startswith(RAISES))
    end = next(n for n, line in enumerate(lines) if "END" in line)
    lines[at:end] = [f"    {what}\n"]
    (work / "src/a.py").write_text("".join(lines))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".course/backup" not in path.as_posix()
    }


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


def released(course) -> dict[str, bytes]:
    return with_pristine(render(course.course, "hw1", NONE))


def backup_of(work: Path) -> Path:
    return max((work / ".course/backup").glob("*-update"))
