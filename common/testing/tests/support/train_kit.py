"""Train in a folder as a student has it, solved as far as a test wants it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from coursekit import data
from coursekit.course import Course
from coursekit.staging import NONE, render, write_folder

COURSE = Course.find(Path(__file__).parent)


def folder(where: Path, homework: str, solved: Iterable[str]) -> Path:
    """Write the homework's folder with these, and all before it, solved; return it."""
    homeworks = COURSE.config.course.homeworks
    questions = {f"{homework}.{name}" for name in solved}
    for earlier in homeworks[: homeworks.index(homework)]:
        questions |= {question.id for question in COURSE.homework(earlier).questions}
    write_folder(render(COURSE, COURSE.homework(homework), questions or NONE), where)
    return where


def run(
    where: Path, *command: object, hidden: Iterable[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a script there, on one thread, with these packages not installed."""
    return subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=where,
        env={**os.environ, "OMP_NUM_THREADS": "1", **_without(where, *hidden)},
        capture_output=True,
        text=True,
        check=False,
    )


def on_terminal(where: Path, *command: object) -> bytes:
    """Run a script there, in a terminal, and return all that this was shown."""
    pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")
    ours, theirs = pty.openpty()
    parts = [sys.executable, *map(str, command)]
    with subprocess.Popen(parts, cwd=where, stdout=theirs, stderr=theirs) as script:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # Linux's word for the end of a terminal
            while part := os.read(ours, 4096):
                shown += part
    os.close(ours)
    assert script.returncode == 0, shown
    return shown


def _without(where: Path, *packages: str) -> dict[str, str]:
    """Return the environment of a Python in which packages are not to be found."""
    if not packages:
        return {}
    site = where / "without"
    site.mkdir(exist_ok=True)
    lines = [f"sys.modules[{name!r}] = None\n" for name in packages]
    (site / "sitecustomize.py").write_text("import sys\n" + "".join(lines))
    return {"PYTHONPATH": str(site)}


def mnist_in(cache: str | None, monkeypatch) -> Path | None:
    """Return the folder of MNIST in the cache a person has, where it is there."""
    if cache is None:
        monkeypatch.delenv("COURSE_DATA")
    else:
        monkeypatch.setenv("COURSE_DATA", cache)
    found = data.find("mnist", fallback="fashion-small")
    return found.folder if found.name == "mnist" else None
