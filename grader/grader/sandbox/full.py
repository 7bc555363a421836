"""Level *full*: namespaces made by root, in which somebody without rights works."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import IO

from coursekit.errors import CourseError
from gradebox import descend, seccomp

from grader.sandbox import bwrap, slots
from grader.sandbox.groups import Group, GroupMeter, group_for
from grader.sandbox.leader import Leader
from grader.sandbox.meter import Meter
from grader.sandbox.polling import PollingMeter
from grader.sandbox.slots import Slot
from grader.sandbox.spec import BoxProcess, Spec

DESCEND = "/kit/gradebox/descend.py"  # every box has the kit
CAPABILITIES = ("SETUID", "SETGID", "SETPCAP", "SYS_ADMIN")  # until it has descended
PROBE_SECONDS = 60

GroupFor = Callable[[int], Group | None]


class FullSandbox:
    """Bubblewrap without a user namespace, one unprivileged user a box."""

    name = "full"
    own_users = True

    def __init__(self, group: GroupFor = group_for) -> None:
        self._group = group

    @property
    def enforces(self) -> list[str]:
        """Return what holds."""
        return [
            "no network, for no program in the box",
            "sees only the homework, the system's programs and the listed packages",
            "can write to its own temporary folder only, in bounded size and number",
            "a user without rights, another one for every box at the same time",
            "own process, IPC, network and mount namespaces, no capabilities",
            "no further processes unless a case needs them; calls no homework needs "
            "are refused",
            "empty environment",
            "time, memory, file size and open files of each process limited",
            f"memory and number of all its processes together limited ({self._how()})",
        ]

    @property
    def lacks(self) -> list[str]:
        """Return what does not hold."""
        found = ["the kernel is the machine's own: a hole in it is one in the wall"]
        if self._group(slots.FIRST) is None:
            found.append("no control groups: memory is looked at, not limited")
        return found

    def _how(self) -> str:
        group = self._group(slots.FIRST)
        return group.kind if group is not None else "looked at 20 times a second"

    def start(self, spec: Spec) -> BoxProcess:
        """Start the interpreter in the box, as a user of the box's own."""
        require_readable(spec.mounts.values())
        slot = slots.take()
        try:
            popen, leader = bwrap.launch(_command(spec, slot.uid), spec)
        except BaseException:
            slot.release(clean=False)
            raise

        def over(clean: bool) -> None:
            leader.over(clean)
            slot.release(clean)

        return BoxProcess(popen, leader.end, over, meter=self._meter(slot, leader))

    def _meter(self, slot: Slot, leader: Leader) -> Meter:
        group = self._group(slot.uid)
        return GroupMeter(group, leader.pid) if group else PollingMeter(leader.pid)


def require_readable(paths: Iterable[Path]) -> None:
    """Refuse to start where the box's user could not read what it is given."""
    for path in paths:
        needed = 0o005 if path.is_dir() else 0o004
        if path.stat().st_mode & needed != needed:
            raise CourseError(
                f"{path} is closed to other users, and a box of level full is another "
                f"user's: chmod -R go+rX {path}"
            )


def _command(spec: Spec, uid: int) -> list[str]:
    """Return bubblewrap's options and the program inside."""
    found = [*bwrap.common_namespaces(), "--cap-drop", "ALL"]
    for name in CAPABILITIES:
        found += ["--cap-add", f"CAP_{name}"]
    found += bwrap.furnishing(spec)
    bounds = [uid, spec.tmp_mb, spec.tmp_files]
    program = bwrap.interpreter([DESCEND, *map(str, bounds), *spec.arguments])
    return [*found, *bwrap.sealing(), "--", *program]


@lru_cache(maxsize=1)
def trouble() -> str:
    """Return why this level cannot be had here, or an empty string. Tries it."""
    if os.name != "posix" or os.geteuid() != 0:
        return "only root can start it: it is the level for servers"
    if not seccomp.supported():
        return "the kernel's filter for system calls is not known for this machine"
    if not bwrap.program():
        return bwrap.MISSING
    with tempfile.TemporaryFile() as errors:
        return _try(errors)


def _try(errors: IO[bytes]) -> str:
    """Start a box of which nobody wants anything."""
    try:
        kit = {"/kit/gradebox": Path(descend.__file__).resolve().parent}
        process = FullSandbox().start(Spec([], kit, (), errors))
        try:
            process.meter.confine()
            code = process.popen.wait(PROBE_SECONDS)
        finally:
            process.close()
    except (OSError, CourseError, subprocess.TimeoutExpired) as error:
        return f"a try failed: {error}"
    errors.seek(0)
    return "" if code == 0 else bwrap.complaint(errors.read())
