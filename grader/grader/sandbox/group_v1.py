"""Control groups of version 1: one tree for memory, one for processes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.sandbox.group_files import MAX_TASKS, count, write
from grader.sandbox.hierarchies import legacy


@dataclass(frozen=True)
class GroupV1:
    """One group in each of the two trees."""

    memory: Path
    pids: Path
    kind: str = "cgroup v1"

    def admit(self, pid: int) -> None:
        """Take a process in."""
        for folder in (self.memory, self.pids):
            write(folder / "cgroup.procs", pid)

    def limit_memory(self, size: int) -> None:
        """Limit memory, and memory with swap space where the kernel counts that."""
        both = self.memory / "memory.memsw.limit_in_bytes"
        if both.exists():  # may never be less than the other
            write(both, -1)
        write(self.memory / "memory.limit_in_bytes", size)
        if both.exists():
            write(both, size)

    def kills(self) -> int:
        """Return how many processes were killed for want of memory, ever."""
        return count(self.memory / "memory.oom_control", "oom_kill")

    def refusals(self) -> int:
        """Return how many processes could not be started, ever."""
        return count(self.pids / "pids.events", "max")


def make(name: str) -> GroupV1 | None:
    """Make or find the group of that name at the top of what we are shown.

    Below our own group it would keep whoever made that one from removing it.
    """
    memory, pids = legacy("memory"), legacy("pids")
    if memory is None or pids is None:
        return None
    group = GroupV1(memory.mount / name, pids.mount / name)
    for folder in (group.memory, group.pids):
        folder.mkdir(exist_ok=True)
    write(group.pids / "pids.max", MAX_TASKS)
    return group
