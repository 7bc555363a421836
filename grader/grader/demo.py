"""``make demo``: grade and train the reference of every homework, as a user would.

Each step runs the command a person would type, and says so, so that what the demo shows
is what the README promises. Everything written goes to ``work/demo`` and a temporary
folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from coursekit.course import Course
from coursekit.errors import CourseError
from coursekit.homework import Homework
from rich.console import Console

CONSOLE = Console(highlight=False)


def main() -> int:
    """Run the demo for every homework of the course; return the exit status."""
    try:
        course = Course.find()
        out = course.root / "work" / "demo"
        for name in course.config.course.homeworks:
            _homework(course.homework(name), out)
        _show(["grader", "gradebook"], env=_environment(out))
    except CourseError as error:
        CONSOLE.print(f"[red]demo: {error}[/]")
        return 1
    except KeyboardInterrupt:
        CONSOLE.print("\nStopped. Run `make demo` again at any time.")
        return 130
    _next(course, out)
    return 0


def _homework(homework: Homework, out: Path) -> None:
    CONSOLE.rule(f"[bold]{homework.name}[/]  {homework.title}")
    env = _environment(out)
    with tempfile.TemporaryDirectory(prefix="course-demo-") as scratch:
        folder = Path(scratch) / homework.name
        _show(["course", "solution", homework.name, "-o", str(folder)], env=env)
        _show(["grader", "grade", str(folder), "--as", "reference"], env=env)
        if homework.builds:
            _show(["make", f"PYTHON={sys.executable}"], env=env, cwd=folder)
        if homework.demo is not None:
            place = {"python": sys.executable, "out": str(out / homework.name)}
            command = [part.format(**place) for part in homework.demo.command]
            _show(command, env=env, cwd=folder)


def _environment(out: Path) -> dict[str, str]:
    """Return the environment of a step: our commands first, a gradebook apart."""
    scripts = str(Path(sys.executable).parent)
    path = os.pathsep.join([scripts, os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path, "GRADER_HOME": str(out / "grader")}


def _show(
    command: Sequence[str], *, env: Mapping[str, str], cwd: Path | None = None
) -> None:
    """Print a command, run it with its output shown, and stop the demo if it fails."""
    shown = " ".join(
        Path(command[0]).name if i == 0 else c for i, c in enumerate(command)
    )
    CONSOLE.print(f"\n[dim]$[/] [bold]{shown}[/]", soft_wrap=True)
    status = subprocess.run(command, env=dict(env), cwd=cwd, check=False).returncode
    if status != 0:
        raise CourseError(
            f"`{shown}` failed with status {status}; its message is above."
        )


def _next(course: Course, out: Path) -> None:
    first = course.config.course.homeworks[0]
    CONSOLE.rule("[bold]Your turn[/]")
    for picture in sorted(out.glob("*/curves.png")):
        CONSOLE.print(f"Learning curves:  {picture.relative_to(course.root)}")
    CONSOLE.print(
        f"""
  source .venv/bin/activate
  course doctor         is everything here that you need?
  course start {first:8} your own copy, in work/{first}
  grader submit {first:7} grade what you wrote

Read README.md for the rest.""",
        markup=False,
    )


if __name__ == "__main__":
    sys.exit(main())
