"""Compute the reference's answers for the next submission while nobody waits.

Run with the words LIBRARY HOMEWORK QUESTION... by :func:`start`, in a process of its
own that outlives the command and gives way to everything else.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

from coursekit.errors import CourseError

from grader import own_process

OFF = "GRADER_AHEAD"  # set to 0, nothing runs after a command has ended


def start(library: str, homework: str, questions: Sequence[str]) -> None:
    """Begin in the background; that it cannot is no reason to trouble anyone."""
    if os.environ.get(OFF) == "0":
        return
    command = own_process.command("grader.ahead", library, homework, *questions)
    with suppress(OSError):
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def main(words: Sequence[str]) -> None:
    """Prepare one fresh seed for the questions."""
    from grader.engine import prepare
    from grader.library import from_word

    library, homework, *questions = words
    with suppress(CourseError):
        prepare(from_word(library).material(homework), questions=questions)


if __name__ == "__main__":
    os.nice(10)
    main(sys.argv[1:])
