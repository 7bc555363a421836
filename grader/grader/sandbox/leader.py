"""The first process of a box's namespace, by the number that bubblewrap tells."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
from contextlib import suppress
from threading import Lock

from grader.sandbox.spec import GRACE_SECONDS


class Leader:
    """Know the first process of a box; kill it, and with it the whole box.

    The kernel ends all others with it, and bubblewrap, its parent, ends only then:
    whoever waits for bubblewrap knows that nothing of the box is left.
    """

    def __init__(self, popen: subprocess.Popen[bytes], told: int) -> None:
        self._popen = popen
        self._told: int | None = told
        self._pid: int | None = None
        self._lock = Lock()  # a box may be ended from another thread

    def pid(self) -> int | None:
        """Return its number as seen from outside, or None if it never began."""
        with self._lock:
            if self._pid is None and self._told is not None:
                self._pid = _heard(self._told)
            return self._pid

    def end(self) -> None:
        """Kill the box unless it has ended; it is over when bubblewrap is."""
        if self._popen.poll() is None:
            # It may only just have started. Killing bubblewrap now would leave its
            # child, which does not yet die with it, waiting for ever.
            pid = self.pid()
            with suppress(ProcessLookupError):
                os.kill(self._popen.pid if pid is None else pid, signal.SIGKILL)

    def over(self, clean: bool) -> None:
        """Listen to bubblewrap no longer; before its end, that would kill it."""
        with self._lock:
            if self._told is not None:
                os.close(self._told)
                self._told = None


def _heard(told: int) -> int | None:
    """Wait until bubblewrap has said the number."""
    select.select([told], [], [], GRACE_SECONDS)
    os.set_blocking(told, False)
    with suppress(BlockingIOError):
        found = re.search(rb'"child-pid": *(\d+)', os.read(told, 4096))
        return int(found[1]) if found else None
    return None
