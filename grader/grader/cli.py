"""The command ``grader``."""

from __future__ import annotations

import os

from coursekit.lazygroup import LazyGroup, run

AT = "grader.commands"
COMMANDS = {
    "submit": (f"{AT}.submit:submit", "Grade your work and record the result."),
    "status": (f"{AT}.status:status", "Show your submissions and your points."),
    "report": (f"{AT}.report:report", "Show a report again, here or as a page."),
    "grade": (f"{AT}.grade:grade", "Grade a submission, or a folder of them."),
    "gradebook": (f"{AT}.gradebook:gradebook", "Show everyone's points."),
    "install": (f"{AT}.install:install", "Install the grading pack of a homework."),
    "pack": (f"{AT}.pack:pack", "Write the grading pack of a homework."),
    "prove": (f"{AT}.prove:prove", "Prove that a homework is fair and its tests test."),
}

group = LazyGroup(name="grader", summary="Grade homeworks in a sandbox.", lazy=COMMANDS)


def main() -> None:
    """Entry point of the command ``grader``."""
    # pydantic looks through every installed package for plugins; we have none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    run(group)
