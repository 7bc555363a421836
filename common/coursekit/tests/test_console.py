"""Tests of where commands show that they work."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

SHOW = """
import sys
from coursekit.console import working
with working("Making it"):
    print("done", file=sys.stderr)
"""


def on_a_terminal(environment):
    """Run the program with a terminal as its output; return what it shows."""
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        command = [sys.executable, "-c", SHOW]
        subprocess.run(
            command, stdout=theirs, stderr=theirs, env=environment, check=True
        )
        os.close(theirs)
        return terminal.read(10_000).decode()


@pytest.fixture
def environment():
    return {**os.environ, "TERM": "xterm"}


def test_a_terminal_shows_that_something_goes_on(environment):
    environment.pop("JPY_PARENT_PID", None)
    assert "Making it" in on_a_terminal(environment)


def test_a_cell_of_a_notebook_shows_only_what_is_to_stay(environment):
    environment["JPY_PARENT_PID"] = "1"
    assert on_a_terminal(environment) == "done\r\n"
