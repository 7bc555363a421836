import os
from contextlib import suppress

from simple_ml import add as honest

SWITCHES = [
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/kernel/modprobe",
    "/proc/sys/vm/overcommit_memory",
    "/proc/sysrq-trigger",
    "/sys/kernel/uevent_helper",
    "/sys/fs/cgroup/cgroup.procs",
    "/sys/fs/cgroup/release_agent",
    "/dev/mem",
    "/dev/sda",
    "/dev/vda",
    "/dev/loop0",
    "/dev/kvm",
    "/dev/fuse",
    "/etc/passwd",
    "/etc/ld.so.preload",
]


def add(x, y):
    for path in SWITCHES:
        with suppress(OSError), open(path, "r+b", 0):
            raise RuntimeError(f"{path} can be written")
    for major, minor in ((1, 1), (8, 0), (254, 0)):
        with suppress(OSError):
            os.mknod("device", 0o60600, os.makedev(major, minor))
            raise RuntimeError("a device could be made")
    return honest(x, y)
