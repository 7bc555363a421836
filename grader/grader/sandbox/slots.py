"""Users that are nobody, one for every box that runs at the same time.

A slot is a user's number and a lock that the kernel gives back when its holder dies. It
is left with an empty file; one that holds something belonged to a grader that was
killed, and whatever still runs as that user is ended before the slot is used again.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from coursekit.errors import CourseError

from grader.sandbox.processes import owned_by

FOLDER = Path("/run/needle-grader")
# No distribution or service manager hands these numbers out, and unlike those above
# 65535 every container has them.
FIRST, COUNT = 60800, 256
PATIENCE = 60.0  # seconds until a slot must have become free
DYING = 10.0  # seconds that killed processes may take to be gone
PAUSE = 0.05


class Slot:
    """A user's number that nobody else has as long as the lock is held."""

    def __init__(self, uid: int, descriptor: int) -> None:
        self.uid = uid
        self._descriptor: int | None = descriptor

    def release(self, clean: bool = True) -> None:
        """Give the slot back; unless it is clean, whoever is next has to see to it."""
        if self._descriptor is not None:
            if clean:
                os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None


def take(patience: float = PATIENCE) -> Slot:
    """Return the first free slot; wait for one if all are taken."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    end = time.monotonic() + patience
    while True:
        for slot in _free():
            return slot
        if time.monotonic() > end:
            raise CourseError(
                f"all {COUNT} users for sandboxes ({FIRST} to {FIRST + COUNT - 1}) "
                f"are in use, and none became free within {patience:g} s. Run fewer "
                "graders at the same time."
            )
        time.sleep(PAUSE)


def _free() -> Iterator[Slot]:
    for uid in range(FIRST, FIRST + COUNT):
        if not _has_account(uid):
            slot = _try(uid)
            if slot is not None:
                yield slot


def _try(uid: int) -> Slot | None:
    """Take one slot unless it is taken or cannot be cleaned."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(FOLDER / str(uid), flags, 0o600)
    slot = Slot(uid, descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_size and not clear(uid):
            slot.release(clean=False)
            return None
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    except BlockingIOError:
        slot.release(clean=False)
        return None
    except BaseException:
        slot.release(clean=False)
        raise
    return slot


def clear(uid: int) -> bool:
    """End every process of a user; tell whether none is left.

    Nothing else of theirs can be: what a box writes, and what it makes in the kernel,
    is in namespaces that end with its processes.
    """
    end = time.monotonic() + DYING
    while pids := owned_by(uid):
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > end:
            return False
        time.sleep(PAUSE / 5)
    return True


@lru_cache(maxsize=COUNT)
def _has_account(uid: int) -> bool:
    """Tell whether the number belongs to somebody: theirs are not ours to use."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
