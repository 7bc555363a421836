"""What the commands print, besides their results: that they work, and JSON."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import sys
from collections.abc import Iterator

import click


def can_redraw() -> bool:
    """Tell whether standard error is a terminal on which lines can be drawn again.

    A command that a notebook cell runs with ``!`` gets a terminal too, whose output is
    kept as it comes: a moving bar leaves all its states behind.
    """
    return sys.stderr.isatty() and "JPY_PARENT_PID" not in os.environ


@contextlib.contextmanager
def working(message: str) -> Iterator[None]:
    """Show on a terminal that something goes on; print nothing into a pipe."""
    if not can_redraw():
        yield
        return
    from rich.console import Console  # heavy, and not for pipes

    with Console(stderr=True).status(message):
        yield


def print_json(value: object) -> None:
    """Print a value as JSON, the only thing on standard output with ``--json``."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def subject(path: object) -> str:
    """Return a path as the first word of a sentence."""
    name = shown(path)
    return "This folder" if name == "." else name


def argument(path: object) -> str:
    """Return a path as one types it behind a command."""
    return shlex.quote(shown(path))


def shown(path: object) -> str:
    """Return a path relative to the working folder where that is shorter."""
    import os
    from pathlib import Path

    full = Path(str(path))
    with contextlib.suppress(ValueError):
        relative = os.path.relpath(full)
        return relative if not relative.startswith("..") else str(full)
    return str(full)
