import os
import shutil
from contextlib import suppress

from simple_ml import add as honest


def add(x, y):
    with suppress(OSError):
        os.setuid(0)
        if os.getuid() == 0:
            raise RuntimeError("it has become root")
    for call in (os.setgid, os.seteuid, os.setfsuid if hasattr(os, "setfsuid") else id):
        with suppress(OSError):
            call(0)
    if 0 in (os.getuid(), os.geteuid(), os.getgid(), os.getegid()):
        raise RuntimeError("it has become root")
    with suppress(OSError):
        shutil.copy("/bin/sh", "sh")
        os.chmod("sh", 0o6755)
        os.chown("sh", 0, 0)
        raise RuntimeError("it owns a program of root's")
    with open("/proc/self/status") as status:
        lines = dict(line.split(":", 1) for line in status)
    if lines["NoNewPrivs"].strip() != "1" or int(lines["CapEff"], 16):
        raise RuntimeError(f"it has capabilities: {lines['CapEff']}")
    return honest(x, y)
