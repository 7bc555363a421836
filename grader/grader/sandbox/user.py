"""Level *user*: namespaces that an ordinary user may make, by bubblewrap."""

from __future__ import annotations

import os
import subprocess
from functools import lru_cache

from gradebox import seccomp

from grader.sandbox import bwrap, python
from grader.sandbox.polling import PollingMeter
from grader.sandbox.spec import BoxProcess, Spec


class UserSandbox:
    """Bubblewrap in a user namespace of its own."""

    name = "user"
    own_users = True

    @property
    def enforces(self) -> list[str]:
        """Return what holds."""
        found = [
            "no network",
            "sees only the homework, the system's programs and the listed packages",
            "can write to its own temporary folder only",
            "own process, IPC and user namespaces, no capabilities",
            "empty environment",
            "time, memory, file size and open files of each process limited",
            "memory, number of processes and of files as a whole looked at "
            "20 times a second",
        ]
        if seccomp.supported():
            found.append("no further processes; calls no homework needs are refused")
        return found

    @property
    def lacks(self) -> list[str]:
        """Return what does not hold."""
        found = ["the memory of its processes together is looked at, not limited"]
        if os.getuid() == 0:  # limits on a user's processes do not bind root's
            found.append("run by root: the number of threads is not limited")
            found.append(
                "run by root: a case that may start processes can change devices"
            )
        if bwrap.version() < bwrap.MODERN:
            found.append("bubblewrap before 0.8: no limit on the temporary folder")
        return found

    def start(self, spec: Spec) -> BoxProcess:
        """Start the interpreter in the box."""
        command = [*bwrap.options(spec), "--", *bwrap.interpreter(spec.arguments)]
        popen, leader = bwrap.launch(command, spec)
        meter = PollingMeter(leader.pid, spec.tmp_files)
        return BoxProcess(popen, leader.end, leader.over, meter=meter)


@lru_cache(maxsize=1)
def trouble() -> str:
    """Return why this level cannot be had here, or an empty string. Tries it."""
    if not bwrap.program():
        return bwrap.MISSING
    command = [bwrap.program(), *bwrap.namespaces(), *bwrap.system(1), *bwrap.sealing()]
    done = subprocess.run(
        [*command, "--", str(python.executable()), *python.FLAGS, "-c", ""],
        env={},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    if done.returncode == 0:
        return ""
    return (
        f"{bwrap.complaint(done.stderr)}; the system may forbid unprivileged "
        "user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns, "
        "kernel.unprivileged_userns_clone, user.max_user_namespaces), as many "
        "containers do"
    )
