"""Control groups: the kernel's own limits on all processes of a box together.

One group a slot, kept for the next box: most of what it costs is making it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from grader.sandbox import group_v1, group_v2
from grader.sandbox.meter import SLACK_MB, Excess


class Group(Protocol):
    """A control group with limits on memory and on processes."""

    @property
    def kind(self) -> str:
        """Return what it is, in words."""

    def admit(self, pid: int) -> None:
        """Take a process in; what it starts from then on is in it too."""

    def limit_memory(self, size: int) -> None:
        """Limit the memory of all, files in memory and the kernel's share included."""

    def kills(self) -> int:
        """Return how many processes were killed for want of memory, ever."""

    def refusals(self) -> int:
        """Return how many processes could not be started, ever."""


def group_for(uid: int) -> Group | None:
    """Return the group of a slot, or None if this machine gives us none."""
    name = f"needle-grader-{uid}"
    for make in (group_v2.make, group_v1.make):
        with suppress(OSError):
            found = make(name)
            if found is not None:
                return found
    return None


class GroupMeter:
    """Have the kernel limit a box, and ask it afterwards whether it had to."""

    def __init__(self, group: Group, leader: Callable[[], int | None]) -> None:
        self._group = group
        self._leader = leader
        self._kills = 0
        self._refusals = 0

    def confine(self) -> None:
        """Put the box's first process into the group."""
        pid = self._leader()
        if pid is not None:
            with suppress(ProcessLookupError):  # who waits for it will notice
                self._group.admit(pid)

    def begin(self, memory_mb: int) -> None:
        """Set the limit for a job, and remember what happened before it."""
        self._group.limit_memory((memory_mb + SLACK_MB) << 20)
        self._kills = self._group.kills()
        self._refusals = self._group.refusals()

    def stop(self) -> bool:
        """Tell whether the kernel has killed one: the others would be next."""
        return self._group.kills() > self._kills

    def excess(self) -> Excess:
        """Return what the kernel had to refuse."""
        if self._group.kills() > self._kills:
            return "memory"
        return "processes" if self._group.refusals() > self._refusals else ""
