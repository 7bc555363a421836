"""Become nobody: the first program in a box that root has started.

``python descend.py UID MEGABYTES FILES PROGRAM ...`` bounds the scratch folder, gives
up every privilege for good and goes on as the program. Standard library only, and
nothing of a student's is read before the last line.
"""

from __future__ import annotations

import ctypes
import errno
import os
import runpy
import sys

SCRATCH = b"/tmp"
DEVICES = b"/dev"
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND = 1, 2, 4, 32, 4096
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 1, 24, 38, 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
CAPABILITY_VERSION_3 = 0x20080522
SIGKILL = 9


def main(arguments: list[str]) -> None:
    """Descend, then run the program, if one is named."""
    uid, megabytes, files, *program = arguments
    bound_scratch(int(megabytes), int(files))
    seal_devices()
    become(int(uid))
    if program:
        sys.argv = program
        runpy.run_path(program[0], run_name="__main__")


def bound_scratch(megabytes: int, files: int) -> None:
    """Limit the size of the scratch folder and the number of files in it."""
    options = f"size={megabytes}m,nr_inodes={files}".encode()
    flags = MS_REMOUNT | MS_NOSUID | MS_NODEV
    _call("mount", b"tmpfs", SCRATCH, b"tmpfs", ctypes.c_ulong(flags), options)
    os.chmod(SCRATCH, 0o777)  # noqa: PTH101 (no pathlib: it would cost 3 ms)


def seal_devices() -> None:
    """Have devices used and not changed: they are the machine's own, times and all."""
    flags = ctypes.c_ulong(MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID)
    for name in os.listdir(DEVICES):  # noqa: PTH208
        path = os.path.join(DEVICES, name)  # noqa: PTH118
        if os.path.ismount(path):
            _call("mount", None, path, None, flags, None)


def become(uid: int) -> None:
    """Give up root's identity, groups and capabilities, never to have them again."""
    if uid <= 0:
        raise ValueError(f"not an ordinary user: {uid}")
    drop_bounding_set()
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    clear_capabilities()
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    _prctl(PR_SET_PDEATHSIG, SIGKILL)  # a change of user takes it off
    os.umask(0o077)
    require_nobody(uid)


def drop_bounding_set() -> None:
    """Rule out that any program ever brings a capability with it."""
    for capability in range(64):
        try:
            _prctl(PR_CAPBSET_DROP, capability)
        except OSError as error:
            if error.errno == errno.EINVAL and capability:  # the kernel has no more
                return
            raise


def clear_capabilities() -> None:
    """Empty the effective, permitted and inheritable sets."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())


def require_nobody(uid: int) -> None:
    """Fail unless the way back is closed."""
    if {*os.getresuid(), *os.getresgid(), *os.getgroups()} != {uid}:
        raise PermissionError(f"user and groups are not {uid} alone")
    try:
        os.setuid(0)
    except PermissionError:
        return
    raise PermissionError("root's identity could be taken again")


def _prctl(option: int, value: int) -> None:
    _call("prctl", option, ctypes.c_ulong(value), *[ctypes.c_ulong(0)] * 3)


def _call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")


if __name__ == "__main__":
    main(sys.argv[1:])
