import ctypes
import platform
import time
from contextlib import suppress

from simple_ml import add as honest

libc = ctypes.CDLL(None)
room = ctypes.create_string_buffer(4096)
NUMBERS = {
    "bpf": (321, 0, room, 72),
    "io_uring_setup": (425, 4, room),
    "userfaultfd": (323, 0),
    "add_key": (248, b"user", b"intruder", b"x", 1, -3),
    "keyctl": (250, 0, -3, 1),
    "request_key": (249, b"user", b"intruder", 0, -3),
    "init_module": (175, room, 64, b""),
    "finit_module": (313, 0, b"", 0),
    "kexec_load": (246, 0, 0, 0, 0),
    "iopl": (172, 3),
    "acct": (163, b"/tmp/acct"),
    "swapon": (167, b"/tmp/swap", 0),
    "reboot": (169, 0xFEE1DEAD, 672274793, 0, 0),
    "quotactl": (179, 0, 0, 0, 0),
    "perf_event_open": (298, room, 0, -1, -1, 0),
    "landlock on others": (438, 1, 0, 0),
}


def add(x, y):
    for name, call in NUMBERS.items() if platform.machine() == "x86_64" else ():
        if libc.syscall(*call) >= 0:
            raise RuntimeError(f"{name} was allowed")
    with suppress(OSError):
        time.clock_settime(time.CLOCK_REALTIME, 0)
        raise RuntimeError("the clock could be set")
    return honest(x, y)
