"""The command ``course``."""

from __future__ import annotations

from coursekit.lazygroup import LazyGroup, run

COMMANDS = {
    "start": "coursekit.commands.start:start",
    "data": "coursekit.commands.data:data",
    "doctor": "coursekit.commands.doctor:doctor",
    "stage": "coursekit.commands.stage:stage",
    "solution": "coursekit.commands.solution:solution",
    "notebook": "coursekit.commands.notebook:notebook",
    "release": "coursekit.commands.release:release",
}

group = LazyGroup(
    name="course", help="Work with the course's homeworks.", lazy=COMMANDS
)


def main() -> None:
    """Entry point of the command ``course``."""
    run(group)
