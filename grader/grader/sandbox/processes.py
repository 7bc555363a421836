"""Processes seen from outside: who descends from whom, and what they use."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")


def descendants(pid: int) -> list[int]:
    """Return the processes below ``pid``."""
    if (PROC / str(pid) / "task" / str(pid) / "children").exists():
        return _walk(pid, children)
    below: dict[int, list[int]] = {}
    for child, parent in _parents():
        below.setdefault(parent, []).append(child)
    return _walk(pid, lambda each: below.get(each, []))


def children(pid: int) -> list[int]:
    """Return the processes that the threads of ``pid`` have started, as Linux says."""
    found: list[int] = []
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 (50 ms a round)
            with (
                suppress(OSError),
                open(f"/proc/{pid}/task/{thread}/children", "rb") as file,  # noqa: PTH123
            ):
                found += map(int, file.read().split())
    return found


def owned_by(uid: int) -> list[int]:
    """Return the processes of a user, by any of their four identities.

    Those that have ended, and of which only nobody has taken note yet, do not count.
    """
    found = []
    for path in PROC.glob("[0-9]*/status"):
        with suppress(OSError):
            text = path.read_bytes()
            line = re.search(rb"^Uid:(.*)$", text, re.MULTILINE)
            ended = re.search(rb"^State:\s*[ZX]", text, re.MULTILINE)
            if line and not ended and str(uid).encode() in line[1].split():
                found.append(int(path.parent.name))
    return found


def resident(pid: int) -> int:
    """Return the bytes of memory a process sees, shared ones included; cheap."""
    with suppress(OSError, IndexError), open(f"/proc/{pid}/statm", "rb") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * PAGE
    return 0


def proportional(pid: int) -> int:
    """Return the bytes that are its own and its share of the shared ones; slow."""
    try:
        text = (PROC / str(pid) / "smaps_rollup").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    except OSError:  # the system keeps it from us
        return resident(pid)
    found = re.search(rb"^Pss: *(\d+) kB", text, re.MULTILINE)
    return int(found[1]) << 10 if found else 0


def _walk(pid: int, below: Callable[[int], list[int]]) -> list[int]:
    found: list[int] = []
    waiting = [pid]
    while waiting:
        new = below(waiting.pop())
        found += new
        waiting += new
    return found


def _parents() -> Iterator[tuple[int, int]]:
    """Yield every process with its parent; where there is no /proc, as ps says."""
    stats = list(PROC.glob("[0-9]*/stat"))
    for path in stats:
        with suppress(OSError, ValueError):
            # The name, in parentheses, may hold anything.
            words = path.read_text("utf-8", "replace").rpartition(")")[2].split()
            yield int(path.parent.name), int(words[1])
    if not stats:
        command = ["ps", "-A", "-o", "pid=,ppid="]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        for line in done.stdout.splitlines():
            child, parent = map(int, line.split())
            yield child, parent
