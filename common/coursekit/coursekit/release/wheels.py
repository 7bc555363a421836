"""Build the wheels of our own packages from the checkout."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from coursekit.course import Course
from coursekit.errors import CourseError

PACKAGES = ("common/coursekit", "grader")
SHOWN = 15  # last lines of pip's output that a failure shows


def build_wheels(course: Course) -> dict[str, bytes]:
    """Return the wheels of both packages, by file name, with pip."""
    with tempfile.TemporaryDirectory(prefix="course-wheels-") as folder:
        _pip_wheel([course.root / package for package in PACKAGES], Path(folder))
        return {
            wheel.name: wheel.read_bytes()
            for wheel in sorted(Path(folder).glob("*.whl"))
        }


def _pip_wheel(packages: list[Path], dest: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet"]
    command += ["--disable-pip-version-check", "--wheel-dir", str(dest)]
    if importlib.util.find_spec("hatchling"):  # then no package index is needed
        command.append("--no-build-isolation")
    # The same date in every archive: equal sources give equal wheels.
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1577836800"}
    done = subprocess.run(
        [*command, *map(str, packages)],
        env=environment,
        cwd=dest,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        last = "\n".join(done.stdout.strip().splitlines()[-SHOWN:])
        raise CourseError(
            "the wheels of our packages could not be built. pip says:\n"
            f"{last}\nIs the package index reachable, and pip installed?"
        )
