import ctypes
import os
import platform
from contextlib import suppress

from simple_ml import add as honest

libc = ctypes.CDLL(None)
PIVOT_ROOT = 41 if platform.machine() == "aarch64" else 155
KINDS = [1 << 17, 1 << 25, 1 << 26, 1 << 27, 1 << 28, 1 << 29, 1 << 30, 0x80]


def add(x, y):
    if any(libc.unshare(kind) >= 0 for kind in KINDS):
        raise RuntimeError("it has made a namespace")
    tried = {
        "mount": lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None),
        "bind": lambda: libc.mount(b"/", b"/tmp", None, 4096 | 16384, None),
        "remount": lambda: libc.mount(None, b"/", None, 32 | 4096, None),
        "unmount": lambda: libc.umount2(b"/proc", 2),
        "pivot": lambda: libc.syscall(PIVOT_ROOT, b"/tmp", b"/tmp"),
        "chroot": lambda: libc.chroot(b"/proc/1/root"),
        "fsopen": lambda: libc.syscall(430, b"tmpfs", 0),
        "open_tree": lambda: libc.syscall(428, -100, b"/", 1),
        "by handle": lambda: libc.syscall(304, -100, b"\0" * 64, 0),
        "sethostname": lambda: libc.sethostname(b"intruder", 8),
    }
    for what, attempt in tried.items():
        if attempt() >= 0:
            raise RuntimeError(f"{what} was allowed")
    for name in ("user", "mnt", "pid", "net"):
        with suppress(OSError):
            if libc.setns(os.open(f"/proc/1/ns/{name}", os.O_RDONLY), 0) >= 0:
                raise RuntimeError(f"it has joined another {name} namespace")
    return honest(x, y)
