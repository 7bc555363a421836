"""Limits on a box as a whole where the kernel offers none: look, again and again."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress

from gradebox.limits import MAX_PROCESSES

from grader.sandbox.meter import SLACK_MB, Excess
from grader.sandbox.processes import descendants, proportional, resident


class PollingMeter:
    """Look at what the processes of a box use, and have it ended when that is too much.

    ``scratch_files`` bounds the files in the box's own scratch folder; without it, as
    where there is no such folder, they are not counted.
    """

    def __init__(
        self, leader: Callable[[], int | None], scratch_files: int | None = None
    ) -> None:
        self._leader = leader
        self._files = scratch_files
        self._pid: int | None = None
        self._limit = 0
        self._excess: Excess = ""

    def confine(self) -> None:
        """Learn which process is the first."""
        self._pid = self._leader()

    def begin(self, memory_mb: int) -> None:
        """Start counting for a job."""
        self._limit = (memory_mb + SLACK_MB) << 20
        self._excess = ""

    def stop(self) -> bool:
        """Tell whether the box uses too much now."""
        if self._pid is not None and not self._excess:
            self._excess = self._look(self._pid)
        return bool(self._excess)

    def excess(self) -> Excess:
        """Return what was found the last time."""
        return self._excess

    def _look(self, pid: int) -> Excess:
        pids = [pid, *descendants(pid)]
        if len(pids) > MAX_PROCESSES:
            return "processes"
        if self._holds_too_much(pids):
            return "memory"
        return "files" if self._has_too_many_files(pid) else ""

    def _holds_too_much(self, pids: list[int]) -> bool:
        """Add up; what forked processes share is told apart only where it matters."""
        if sum(map(resident, pids)) <= self._limit:
            return False
        return sum(map(proportional, pids)) > self._limit

    def _has_too_many_files(self, pid: int) -> bool:
        if self._files is None:
            return False
        with suppress(OSError):
            found = os.statvfs(f"/proc/{pid}/root/tmp")
            return found.f_files - found.f_ffree > self._files
        return False
