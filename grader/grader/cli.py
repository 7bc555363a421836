"""The command ``grader``."""

from __future__ import annotations

from coursekit.lazygroup import LazyGroup, run

COMMANDS = {
    "submit": "grader.commands.submit:submit",
    "status": "grader.commands.status:status",
    "report": "grader.commands.report:report",
    "grade": "grader.commands.grade:grade",
    "gradebook": "grader.commands.gradebook:gradebook",
}

group = LazyGroup(name="grader", help="Grade homeworks in a sandbox.", lazy=COMMANDS)


def main() -> None:
    """Entry point of the command ``grader``."""
    run(group)
