import ctypes
import os
from contextlib import suppress

from simple_ml import add as honest

libc = ctypes.CDLL(None)
room = ctypes.create_string_buffer(4096)


def add(x, y):
    parent = os.getppid()
    tried = {
        "attach": lambda: libc.ptrace(16, parent, 0, 0),
        "seize": lambda: libc.ptrace(0x4206, parent, 0, 0),
        "read": lambda: libc.process_vm_readv(parent, room, 1, room, 1, 0),
        "profile": lambda: libc.syscall(298, room, parent, -1, -1, 0),
        "compare": lambda: libc.syscall(312, parent, os.getpid(), 0, 0, 0),
        "take": lambda: libc.syscall(438, 3, 0, 0),
        "kernel log": lambda: libc.klogctl(3, room, 4096),
    }
    for what, attempt in tried.items():
        if attempt() >= 0:
            raise RuntimeError(f"{what} was allowed")
    for name in ("/proc/kmsg", "/dev/mem", "/dev/kmsg", "/proc/kcore", "/proc/1/mem"):
        with suppress(OSError), open(name, "rb") as file:
            if file.read(1):
                raise RuntimeError(f"{name} can be read")
    return honest(x, y)
