"""Where the control groups of this machine are, and our own place among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC_SELF = Path("/proc/self")


@dataclass(frozen=True)
class Hierarchy:
    """One mounted tree of control groups."""

    mount: Path
    controllers: frozenset[str]  # of version 1; empty for the one tree of version 2
    own: Path  # the folder of the group this process is in


def unified() -> Hierarchy | None:
    """Return the tree of version 2, if it is mounted."""
    return next((each for each in hierarchies() if not each.controllers), None)


def legacy(controller: str) -> Hierarchy | None:
    """Return the tree of version 1 with this controller, if there is one."""
    found = (each for each in hierarchies() if controller in each.controllers)
    return next(found, None)


def hierarchies(proc: Path = PROC_SELF) -> Iterator[Hierarchy]:
    """Yield every tree that is mounted, as the kernel lists them."""
    own = dict(_own_groups(proc))
    for line in (proc / "mountinfo").read_text("utf-8", "replace").splitlines():
        before, _, after = line.partition(" - ")
        root, mount = map(_plain, before.split()[3:5])
        kind, _, options = after.split()[:3]
        if kind not in {"cgroup", "cgroup2"}:
            continue
        names = frozenset(options.split(",")) if kind == "cgroup" else frozenset[str]()
        found = next((p for key, p in own.items() if _same(key, names)), None)
        if found is not None:
            yield Hierarchy(Path(mount), names, _folder(Path(mount), root, found))


def _own_groups(proc: Path) -> Iterator[tuple[frozenset[str], str]]:
    """Yield which controllers' tree has this process in which group."""
    for line in (proc / "cgroup").read_text("utf-8", "replace").splitlines():
        _, controllers, path = line.split(":", 2)
        yield frozenset(filter(None, controllers.split(","))), path


def _same(listed: frozenset[str], mounted: frozenset[str]) -> bool:
    """Tell whether a line of /proc/self/cgroup is about a mounted tree.

    The options of a mount name more than controllers (``rw``).
    """
    return listed <= mounted if listed else not mounted


def _folder(mount: Path, root: str, path: str) -> Path:
    """Return a group's folder; the mount itself if it does not show that group."""
    inside = Path("/", path)
    below = inside.relative_to(root) if inside.is_relative_to(root) else Path()
    folder = mount / below
    return folder if ".." not in below.parts and folder.is_dir() else mount


def _plain(escaped: str) -> str:
    """Undo the kernel's escapes for spaces and the like."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), escaped)
