"""Boxes that never began because their grader was killed while they were being made.

For a few milliseconds bubblewrap's child does not yet die with it, and would then wait
for it without end. Nobody's code runs in such a process; it is only in the way.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from functools import lru_cache

from grader.sandbox.processes import PROC

MARK = b"/kit/gradebox"


@lru_cache(maxsize=1)
def sweep() -> None:
    """End, once a process, what killed graders left half made."""
    for entry in os.listdir(PROC):  # noqa: PTH208 (hundreds, while a box starts)
        if entry.isdigit():
            with suppress(OSError, ValueError):
                if is_orphan(int(entry)):
                    os.kill(int(entry), signal.SIGKILL)


def is_orphan(pid: int) -> bool:
    """Tell whether this is a bubblewrap of ours without the one that made it.

    That one leads its group of processes, and the group keeps the leader's number.
    """
    with open(f"{PROC}/{pid}/stat", "rb") as file:  # noqa: PTH123
        before, _, after = file.read().rpartition(b")")
    if not before.endswith(b"(bwrap"):
        return False
    group = int(after.split()[2])
    if group == pid or (PROC / str(group)).exists():
        return False
    return MARK in (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
