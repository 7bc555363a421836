"""Ask the kernel, on Linux, for properties of this process."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36


def prctl(option: int, value: int, pointer: object = None) -> None:
    """Call prctl; raise OSError if it refuses."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, ctypes.c_ulong(value), pointer, None, None) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"prctl {option}: {os.strerror(error)}")


def is_linux() -> bool:
    """Tell whether there is such a call at all."""
    return sys.platform.startswith("linux")


def die_with_parent() -> None:
    """Have this process killed when the one that started it ends."""
    if is_linux():
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
