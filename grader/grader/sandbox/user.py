"""Level *user*: namespaces that an ordinary user may make, by bubblewrap."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
from contextlib import suppress
from functools import lru_cache

from gradebox import seccomp

from grader.sandbox import bwrap, python
from grader.sandbox.spec import GRACE_SECONDS, BoxProcess, Spec


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
        ]
        if seccomp.supported():
            found.append("no further processes; calls no homework needs are refused")
        return found

    @property
    def lacks(self) -> list[str]:
        """Return what does not hold."""
        found = ["no limit on the memory of several processes together"]
        if os.getuid() == 0:  # limits on a user's processes do not bind root's
            more = (
                " and, while native code is built, of" if seccomp.supported() else ","
            )
            found.append(
                f"run by root: no limit on the number of threads{more} processes"
            )
        if bwrap.version() < bwrap.MODERN:
            found.append("bubblewrap before 0.8: no limit on the temporary folder")
        return found

    def start(self, spec: Spec) -> BoxProcess:
        """Start the interpreter in the box."""
        told, telling = os.pipe()  # bubblewrap tells the first process's number
        command = [bwrap.program(), "--info-fd", str(telling), *bwrap.options(spec)]
        try:
            popen = subprocess.Popen(
                [*command, "--", *bwrap.interpreter(spec)],
                env={},  # bubblewrap's own environment could be read from inside
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=spec.errors,
                pass_fds=(*spec.descriptors, telling),
                start_new_session=True,
            )
        except BaseException:
            os.close(told)
            raise
        finally:
            os.close(telling)
        return BoxProcess(popen, _Ender(popen, told))


class _Ender:
    """End a box by killing the first process of its namespace.

    The kernel ends all others with it, and bubblewrap, its parent, ends only then:
    whoever waits for bubblewrap knows that nothing of the box is left.
    """

    def __init__(self, popen: subprocess.Popen[bytes], told: int) -> None:
        self._popen = popen
        self._told = open(told, "rb", buffering=0)  # noqa: SIM115
        os.set_blocking(told, False)

    def __call__(self) -> None:
        if self._popen.poll() is not None or self._told.closed:
            self._told.close()
            return
        # It may only just have started. Killing bubblewrap now would leave its child,
        # which does not yet die with it, waiting for ever.
        select.select([self._told], [], [], GRACE_SECONDS)
        found = re.search(rb'"child-pid": *(\d+)', self._told.read(4096) or b"")
        self._told.close()
        with suppress(ProcessLookupError):
            os.kill(int(found[1]) if found else self._popen.pid, signal.SIGKILL)


@lru_cache(maxsize=1)
def trouble() -> str:
    """Return why this level cannot be had here, or an empty string. Tries it."""
    if not bwrap.program():
        return (
            "bubblewrap is not installed (Debian, Ubuntu: apt install bubblewrap; "
            "Fedora: dnf install bubblewrap; it runs on Linux only)"
        )
    command = [bwrap.program(), *bwrap.namespaces(), *bwrap.system(1), *bwrap.sealing()]
    done = subprocess.run(
        [*command, "--", str(python.executable()), *python.FLAGS, "-c", ""],
        env={},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=60,
        check=False,
    )
    if done.returncode == 0:
        return ""
    said = (done.stderr.strip().splitlines() or ["no message"])[-1][:300]
    return (
        f"bubblewrap does not work here ({said}); the system may forbid unprivileged "
        "user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns, "
        "kernel.unprivileged_userns_clone, user.max_user_namespaces), as many "
        "containers do"
    )
