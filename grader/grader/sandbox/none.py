"""Level *none*: limits on a process, no walls. For one's own work only."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from gradebox import seccomp
from gradebox.prctl import is_linux

from grader import scratch
from grader.sandbox import python
from grader.sandbox.meter import NoMeter
from grader.sandbox.polling import PollingMeter
from grader.sandbox.processes import descendants
from grader.sandbox.spec import BoxProcess, Spec


class NoSandbox:
    """A plain process in a temporary folder."""

    name = "none"
    own_users = False

    @property
    def enforces(self) -> list[str]:
        """Return what holds."""
        found = ["time, memory, file size and open files of each process limited"]
        if seccomp.supported():
            found += ["no network, no further processes, no signals to other processes"]
        return found

    @property
    def lacks(self) -> list[str]:
        """Return what does not hold."""
        found = ["it can read and change every file you can: for your own work only"]
        return found if seccomp.supported() else [*found, "the network is open to it"]

    def start(self, spec: Spec) -> BoxProcess:
        """Start the interpreter with the box's paths below a temporary folder."""
        root = scratch.make()
        furnish(root, spec)
        arguments = [part.replace("{root}", str(root)) for part in spec.arguments]
        popen = subprocess.Popen(
            [str(python.executable()), *python.FLAGS, *arguments],
            env={**python.environment(), "HOME": str(root / "tmp")},
            cwd=root / "tmp",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=spec.errors,
            pass_fds=spec.descriptors,
            start_new_session=True,
        )
        meter = PollingMeter(lambda: popen.pid) if is_linux() else NoMeter()
        return BoxProcess(popen, lambda: end(popen), folder=root, meter=meter)


def furnish(root: Path, spec: Spec) -> None:
    """Make links where a real box would have mounts."""
    (root / "tmp").mkdir()
    for inside, outside in spec.mounts.items():
        link = root / inside.lstrip("/")
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(outside)


def end(popen: subprocess.Popen[bytes]) -> None:
    """Kill the supervisor and all that descends from it."""
    victims = descendants(popen.pid) if popen.poll() is None else []
    for pid in [popen.pid, *victims]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
