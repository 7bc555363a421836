"""How much memory this process uses, and has used at most, in MB."""

from __future__ import annotations

import contextlib
import resource
from pathlib import Path

STATUS = Path("/proc/self/status")


def memory_now() -> float:
    """Return the memory in use in MB, and let the peak begin here where that works."""
    if not STATUS.exists():  # macOS knows the peak so far and nothing else
        return memory_peak()
    with contextlib.suppress(OSError):
        STATUS.with_name("clear_refs").write_text("5")
    return _status("VmRSS")


def memory_peak() -> float:
    """Return the largest memory so far in MB."""
    if STATUS.exists():
        return _status("VmHWM")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _status(field: str) -> float:
    """Return one line of what Linux tells about this process, in MB."""
    lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
    return int(lines[field].split()[0]) / 2**10
