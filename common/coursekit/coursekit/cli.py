"""The command ``course``."""

from __future__ import annotations

from coursekit.lazygroup import LazyGroup, run

AT = "coursekit.commands"
COMMANDS = {
    "start": (f"{AT}.start:start", "Make your own copy of a homework."),
    "update": (f"{AT}.update:update", "Merge a newer release into your copy."),
    "carry": (f"{AT}.carry:carry", "Take your solutions into a later homework."),
    "data": (f"{AT}.data:data", "Get the data sets, or take in copies you have."),
    "doctor": (f"{AT}.doctor:doctor", "Say what this machine has and what is missing."),
    "stage": (f"{AT}.stage:stage", "Render the homework folders from common/."),
    "solution": (f"{AT}.solution:solution", "Write a homework with its solutions."),
    "notebook": (f"{AT}.notebook:notebook", "Write a homework's notebook, or run it."),
    "release": (f"{AT}.release:release", "Write a homework's bundle for students."),
}

group = LazyGroup(
    name="course", summary="Work with the course's homeworks.", lazy=COMMANDS
)


def main() -> None:
    """Entry point of the command ``course``."""
    run(group)
