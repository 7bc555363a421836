import os
from contextlib import suppress

from simple_ml import add as honest

SCRATCH = os.path.dirname(os.getcwd())
DEVICES = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/pts/ptmx"]
FUTURE = 4e9


def marks(path):
    found = os.stat(path)
    return [*os.listxattr(path), *(t for t in found[7:9] if t >= FUTURE)]


left = marks(SCRATCH)


def mark(path):
    for leave in (
        lambda: os.utime(path),
        lambda: os.utime(path, (FUTURE, FUTURE)),
        lambda: os.setxattr(path, "user.intruder", b"x"),
    ):
        with suppress(OSError):
            leave()


def add(x, y):
    if left:
        raise RuntimeError(f"{left} are from an earlier case")
    mark(SCRATCH)
    for device in DEVICES:
        before = os.stat(device).st_ctime_ns
        mark(device)
        if os.stat(device).st_ctime_ns != before:
            raise RuntimeError(f"{device} of the machine can be marked")
    return honest(x, y)
