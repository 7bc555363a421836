"""Tell a grading that is running from one whose process has died."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def me() -> str:
    """Name this process so that it cannot be taken for a later one with its number."""
    return _name(os.getpid())


def alive(worker: str | None) -> bool:
    """Return whether the process behind a name still runs, as far as we can know.

    One on another host is taken to be alive: only that host can tell.
    """
    if worker is None:
        return False
    host, number, _ = worker.rsplit("|", 2)
    if host != socket.gethostname():
        return True
    pid = int(number)
    return _exists(pid) and _name(pid) == worker


def _name(pid: int) -> str:
    return f"{socket.gethostname()}|{pid}|{_started(pid)}"


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _started(pid: int) -> str:
    """Return when a process began, in the kernel's ticks; Linux only, else nothing."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    # The command's name, in parentheses, may itself hold spaces and parentheses.
    return stat.rpartition(")")[2].split()[19]
