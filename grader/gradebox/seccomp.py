"""Refuse system calls that no homework needs, for a process and all it starts.

A filter of the kernel's (seccomp, classic BPF), which nothing can take off again.
Linux on x86-64 and arm64; elsewhere :func:`supported` is false and nothing is done.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from dataclasses import dataclass

from gradebox.prctl import is_linux, prctl

PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2

LOAD, JUMP_EQ, JUMP_GE, JUMP_SET, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
EPERM, ENOSYS = 1, 38
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data

AF_UNIX = 1
# Have the kernel send a signal, to any process of the user's, when a file is ready.
FCNTL_OWNER = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX
IOCTL_OWNER = (0x8901, 0x8902)  # FIOSETOWN, SIOCSPGRP
# What one box does to a file, another that shows the same file could notice, whoever
# may write to it: locks of either kind, leases, notices, hints.
FCNTL_SHARED = (6, 7, 37, 38, 1024, 1026, 1036, 1040)
CLONE_THREAD = 0x00010000
CLONE_NAMESPACES = 0x7E020080
X32 = 0x40000000  # x86-64: numbers from here on are the x32 interface's
LATEST = 450  # of the calls that were weighed here; later ones are the same everywhere

SINCE_2019 = {  # the same number everywhere
    "pidfd_send_signal": 424,
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "pidfd_getfd": 438,
    "mount_setattr": 442,
    "memfd_secret": 447,
}
# The shm, sem, msg and mq calls make objects that outlive their process, so that one
# case could leave something to the next; no limit on a process counts such memory, nor
# that of memfd_create. flock and the notify calls tell other boxes something, as
# FCNTL_SHARED does; sync and io_setup take from what the whole machine shares. What
# setxattr leaves on a folder, the next case would find.
X86_64 = {
    "flock": 73,
    "inotify_init": 253,
    "inotify_init1": 294,
    "fanotify_init": 300,
    "io_setup": 206,
    "sync": 162,
    "syncfs": 306,
    "modify_ldt": 154,
    "setxattr": 188,
    "lsetxattr": 189,
    "fsetxattr": 190,
    "shmget": 29,
    "setpriority": 141,
    "ioprio_set": 251,
    "semget": 64,
    "msgget": 68,
    "ptrace": 101,
    "syslog": 103,
    "pivot_root": 155,
    "chroot": 161,
    "acct": 163,
    "settimeofday": 164,
    "mount": 165,
    "umount2": 166,
    "swapon": 167,
    "swapoff": 168,
    "reboot": 169,
    "sethostname": 170,
    "setdomainname": 171,
    "iopl": 172,
    "ioperm": 173,
    "init_module": 175,
    "delete_module": 176,
    "quotactl": 179,
    "clock_settime": 227,
    "kexec_load": 246,
    "add_key": 248,
    "request_key": 249,
    "keyctl": 250,
    "mq_open": 240,
    "unshare": 272,
    "perf_event_open": 298,
    "name_to_handle_at": 303,
    "open_by_handle_at": 304,
    "setns": 308,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "kcmp": 312,
    "finit_module": 313,
    "memfd_create": 319,
    "kexec_file_load": 320,
    "bpf": 321,
    "userfaultfd": 323,
}
ARM64 = {
    "flock": 32,
    "inotify_init1": 26,
    "fanotify_init": 262,
    "io_setup": 0,
    "sync": 81,
    "syncfs": 267,
    "setxattr": 5,
    "lsetxattr": 6,
    "fsetxattr": 7,
    "ioprio_set": 30,
    "setpriority": 140,
    "umount2": 39,
    "mount": 40,
    "pivot_root": 41,
    "chroot": 51,
    "quotactl": 60,
    "acct": 89,
    "unshare": 97,
    "kexec_load": 104,
    "init_module": 105,
    "delete_module": 106,
    "clock_settime": 112,
    "syslog": 116,
    "ptrace": 117,
    "reboot": 142,
    "sethostname": 161,
    "setdomainname": 162,
    "settimeofday": 170,
    "mq_open": 180,
    "msgget": 186,
    "semget": 190,
    "shmget": 194,
    "add_key": 217,
    "request_key": 218,
    "keyctl": 219,
    "swapon": 224,
    "swapoff": 225,
    "perf_event_open": 241,
    "name_to_handle_at": 264,
    "open_by_handle_at": 265,
    "setns": 268,
    "process_vm_readv": 270,
    "process_vm_writev": 271,
    "kcmp": 272,
    "finit_module": 273,
    "memfd_create": 279,
    "bpf": 280,
    "userfaultfd": 282,
    "kexec_file_load": 294,
}


@dataclass(frozen=True)
class Machine:
    """One architecture's numbers."""

    audit: int
    refused: frozenset[int]
    clone: int
    socket: tuple[int, ...]  # calls that make one; their first argument is a family
    fcntl: int
    ioctl: int
    prlimit: int
    new_process: tuple[int, ...]  # ways to make a process other than clone
    signal: tuple[int, ...]  # their first argument is a process
    signal_other: tuple[int, ...]  # signals that need not name a process
    schedule: tuple[int, ...]  # processors and policies; their first argument likewise
    metadata: tuple[int, ...]  # permissions and times of files
    clone3: int = 435


def _refused(numbers: dict[str, int]) -> frozenset[int]:
    return frozenset(numbers.values()) | frozenset(SINCE_2019.values())


MACHINES = {
    "x86_64": Machine(
        0xC000003E,
        _refused(X86_64),
        clone=56,
        socket=(41, 53),
        fcntl=72,
        ioctl=16,
        prlimit=302,
        new_process=(57, 58),
        signal=(62, 234),
        signal_other=(129, 200, 297),
        schedule=(142, 144, 203, 314),
        metadata=(90, 91, 268, 132, 235, 261, 280),
    ),
    "aarch64": Machine(
        0xC00000B7,
        _refused(ARM64),
        clone=220,
        socket=(198, 199),
        fcntl=25,
        ioctl=29,
        prlimit=261,
        new_process=(),
        signal=(129, 131),
        signal_other=(130, 138, 240),
        schedule=(118, 119, 122, 274),
        metadata=(52, 53, 88),
    ),
}

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, operand


def supported() -> bool:
    """Tell whether filters can be made for this machine."""
    return is_linux() and platform.machine() in MACHINES


def program(
    machine: Machine, *, processes: bool, own_pid: int, metadata: bool = True
) -> list[Instruction]:
    """Return the filter; without ``processes``, no forks and no signals to others.

    Without ``metadata``, permissions and times of files stay as they are, and whoever
    sets them is told that all went well: honest code does so in passing.
    """
    code = _architecture(machine)
    if not metadata:
        for number in machine.metadata:
            code += _refuse(number, 0)
    for number in sorted(machine.refused):
        code += _refuse(number, EPERM)
    # The flags of clone3 are in memory, where a filter cannot look: programs fall back
    # to clone when it seems not to exist.
    code += _refuse(machine.clone3, ENOSYS)
    code += _newer_than(LATEST)
    for number in machine.socket:
        code += _when(number, _unless_equal(AF_UNIX, EPERM))
    code += _when(machine.prlimit, _unless_equal(0, EPERM))  # one's own limits only
    fcntl = (*FCNTL_OWNER, *FCNTL_SHARED)
    for number, orders in ((machine.fcntl, fcntl), (machine.ioctl, IOCTL_OWNER)):
        code += _when(number, [i for n in orders for i in _refuse(n, EPERM)], 1)
    # The next case is forked from the supervisor and inherits its processors.
    for number in machine.schedule:
        code += _when(number, _unless_equal(0, EPERM))
    flags = [(JUMP_SET, 0, 1, CLONE_NAMESPACES), (RETURN, 0, 0, ERRNO | EPERM)]
    if not processes:
        flags += [(JUMP_SET, 1, 0, CLONE_THREAD), (RETURN, 0, 0, ERRNO | EPERM)]
        for number in (*machine.new_process, *machine.signal_other):
            code += _refuse(number, EPERM)
        for number in machine.signal:
            code += _when(number, _unless_equal(own_pid, EPERM))
    code += _when(machine.clone, flags)
    return [*code, (RETURN, 0, 0, ALLOW)]


def apply(*, processes: bool, metadata: bool = True) -> None:
    """Put the filter on this process."""
    if not supported():
        return
    machine = MACHINES[platform.machine()]
    code = program(machine, processes=processes, own_pid=os.getpid(), metadata=metadata)
    packed = b"".join(struct.pack("=HBBI", *instruction) for instruction in code)
    buffer = ctypes.create_string_buffer(packed, len(packed))
    header = ctypes.create_string_buffer(
        struct.pack("@HP", len(code), ctypes.addressof(buffer))
    )
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, header)


def _architecture(machine: Machine) -> list[Instruction]:
    """Return the check that calls come by the one interface whose numbers we know."""
    return [
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_EQ, 1, 0, machine.audit),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        (JUMP_GE, 0, 1, X32),
        (RETURN, 0, 0, ERRNO | EPERM),
    ]


def _refuse(number: int, error: int) -> list[Instruction]:
    """Return code that refuses what was loaded if it is this number."""
    return [(JUMP_EQ, 0, 1, number), (RETURN, 0, 0, ERRNO | error)]


def _newer_than(number: int) -> list[Instruction]:
    """Return code that denies calls of later kernels: programs do without them."""
    return [(JUMP_GE, 0, 1, number + 1), (RETURN, 0, 0, ERRNO | ENOSYS)]


def _when(number: int, body: list[Instruction], argument: int = 0) -> list[Instruction]:
    """Return code that runs ``body`` on an argument of one call, then allows."""
    load = (LOAD, 0, 0, ARGUMENTS + 8 * argument)
    inner = [load, *body, (RETURN, 0, 0, ALLOW)]
    return [(JUMP_EQ, 0, len(inner), number), *inner]


def _unless_equal(value: int, error: int) -> list[Instruction]:
    return [(JUMP_EQ, 1, 0, value), (RETURN, 0, 0, ERRNO | error)]
