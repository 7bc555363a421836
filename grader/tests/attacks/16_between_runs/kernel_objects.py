import ctypes

from simple_ml import add as honest

libc = ctypes.CDLL(None)
KEY = 0x1D7B0001
CREATE = 0o1000 | 0o2000 | 0o600
MADE = {
    "shared memory": lambda: libc.shmget(KEY, 4096, CREATE),
    "a semaphore": lambda: libc.semget(KEY, 1, CREATE),
    "a queue": lambda: libc.msgget(KEY, CREATE),
    "a named queue": lambda: libc.mq_open(b"/intruder", 0o102, 0o600, None),
    "a memory file": lambda: libc.memfd_create(b"intruder", 0),
    "a key": lambda: libc.syscall(248, b"user", b"intruder", b"x", 1, -3),
    "named memory": lambda: libc.shm_open(b"/intruder", 0o102, 0o600),
}


def add(x, y):
    for what, make in MADE.items():
        if make() >= 0:
            raise RuntimeError(f"{what} could be made")
    return honest(x, y)
