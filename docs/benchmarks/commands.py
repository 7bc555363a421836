"""Run the course's commands as a person would, with a gradebook of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Lay the reference's answers by, as the process does that runs after a submission.
_PREPARE = """
import sys
from coursekit.course import Course
from grader.engine import prepare
from grader.material import Material
homework, *questions = sys.argv[1:]
material = Material.from_course(Course.find(), homework)
prepare(material, questions=questions or None)
"""

Environment = Mapping[str, str]


@dataclass(frozen=True)
class Submitted:
    """One submission: the command's wall time, and what it printed."""

    seconds: float
    result: dict[str, Any]

    @property
    def sandbox(self) -> str:
        """The level it was graded at."""
        return str(self.result["sandbox"]["name"])


def environment(home: Path) -> Environment:
    """Return an environment in which nothing goes on after a command has ended."""
    return {**os.environ, "GRADER_HOME": str(home), "GRADER_AHEAD": "0"}


def call(command: list[str], given: Environment) -> str:
    """Run a program of this environment and return what it printed."""
    if not Path(command[0]).is_absolute():
        command = [str(Path(sys.executable).parent / command[0]), *command[1:]]
    done = subprocess.run(
        command, env=dict(given), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return done.stdout


def lay_by(given: Environment, homework: str, *questions: str) -> None:
    """Compute the reference's answers for the next submission."""
    call([sys.executable, "-c", _PREPARE, homework, *questions], given)


def submit(work: Path, given: Environment, *words: str) -> Submitted:
    """Time one submission; it has to earn everything."""
    command = ["grader", "submit", "--folder", str(work), *words, "--json"]
    start = time.perf_counter()
    shown = call(command, given)
    seconds = time.perf_counter() - start
    result = json.loads(shown)["result"]
    assert result["earned"] == result["points"] > 0
    return Submitted(seconds, result)
