"""Read and write the files by which control groups are ruled."""

from __future__ import annotations

import os
from pathlib import Path

from gradebox.limits import MAX_PROCESSES

# Threads count. Below the limit on a user's processes: this one is counted when hit.
MAX_TASKS = MAX_PROCESSES - 64


def write(file: Path, value: object) -> None:
    """Write a value in one go to a file that must be there already."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, str(value).encode())
    finally:
        os.close(descriptor)


def words(file: Path) -> set[str]:
    """Return the words of a file."""
    return set(file.read_text("ascii").split())


def count(file: Path, name: str) -> int:
    """Return the number beside a name, or 0 if it is not listed."""
    try:
        lines = file.read_text("ascii").splitlines()
    except FileNotFoundError:
        return 0
    return next((int(n) for word, n in map(str.split, lines) if word == name), 0)
