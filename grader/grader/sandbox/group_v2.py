"""Control groups of version 2: one tree, in which a group with children is empty."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from grader.sandbox.group_files import MAX_TASKS, count, words, write
from grader.sandbox.hierarchies import Hierarchy, unified

NEEDED = frozenset({"memory", "pids"})
LEAF = "needle-grader-itself"


@dataclass(frozen=True)
class GroupV2:
    """One group."""

    folder: Path
    kind: str = "cgroup v2"

    def admit(self, pid: int) -> None:
        """Take a process in."""
        write(self.folder / "cgroup.procs", pid)

    def limit_memory(self, size: int) -> None:
        """Limit memory; no swap space where the kernel counts that."""
        with suppress(FileNotFoundError):
            write(self.folder / "memory.swap.max", 0)
        write(self.folder / "memory.max", size)

    def kills(self) -> int:
        """Return how many processes were killed for want of memory, ever."""
        return count(self.folder / "memory.events", "oom_kill")

    def refusals(self) -> int:
        """Return how many processes could not be started, ever."""
        return count(self.folder / "pids.events", "max")


def make(name: str) -> GroupV2 | None:
    """Make or find the group of that name where groups may have limits."""
    above = place()
    if above is None:
        return None
    group = GroupV2(above / name)
    group.folder.mkdir(exist_ok=True)
    write(group.folder / "pids.max", MAX_TASKS)
    return group


@lru_cache(maxsize=1)
def place() -> Path | None:
    """Return the group below which we make ours, or None if there is no such."""
    tree = unified()
    return place_in(tree) if tree is not None else None


def place_in(tree: Hierarchy) -> Path | None:
    """Return the nearest group, from our own upwards, that limits its children.

    Our own is made to if it was handed over to us; others are left as they are.
    """
    if is_ours(tree) and delegate(tree.own):
        return tree.own
    return next((group for group in upwards(tree) if gives(group)), None)


def upwards(tree: Hierarchy) -> Iterator[Path]:
    """Yield our own group and all above it."""
    yield tree.own
    if tree.own != tree.mount:
        yield from (p for p in tree.own.parents if p.is_relative_to(tree.mount))


def is_ours(tree: Hierarchy) -> bool:
    """Tell whether our own group was handed over: by the service manager's mark, or
    because it is all that a container is shown."""
    if tree.own == tree.mount:
        return True
    for mark in ("trusted.delegate", "user.delegate"):
        with suppress(OSError):
            if os.getxattr(tree.own, mark) == b"1":
                return True
    return False


def gives(group: Path) -> bool:
    """Tell whether the children of a group can have the limits we need."""
    return words(group / "cgroup.subtree_control") >= NEEDED


def delegate(group: Path) -> bool:
    """Let a group limit its children; tell whether it does.

    Then it may hold no processes of its own: they move to a child of theirs.
    """
    if gives(group):
        return True
    if not words(group / "cgroup.controllers") >= NEEDED:
        return False
    try:
        _enable(group)
    except OSError as error:
        if error.errno != errno.EBUSY:
            return False
        move_down(group)
        with suppress(OSError):
            _enable(group)
    return gives(group)


def move_down(group: Path) -> None:
    """Move the processes of a group to a child made for them."""
    leaf = group / LEAF
    leaf.mkdir(exist_ok=True)
    for pid in words(group / "cgroup.procs"):
        with suppress(OSError):  # it may have ended
            write(leaf / "cgroup.procs", pid)


def _enable(group: Path) -> None:
    asked = " ".join(f"+{name}" for name in sorted(NEEDED))
    write(group / "cgroup.subtree_control", asked)
