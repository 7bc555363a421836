import os
import signal


def add(x, y):
    os.kill(os.getpid(), signal.SIGKILL)
