"""What boxes, and the cases of one box, can tell each other: nothing."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from gradebox import seccomp
from gradebox.limits import Limits
from mini_box import probe, probing, run_case
from mini_levels import each_level, sandbox, walled_level

FILTER = pytest.mark.skipif(
    not seccomp.supported(), reason="no filter for this machine"
)


SIGNS = """
import ctypes, fcntl, struct
libc = ctypes.CDLL(None, use_errno=True)
file = open(os.__file__)
folder = os.open(os.path.dirname(os.__file__), os.O_RDONLY)
lock = struct.pack("hhqqi", fcntl.F_RDLCK, 0, 0, 1, 0)
found = []
for what, action in {
    "flock": lambda: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB),
    "lockf": lambda: fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB),
    "a lock of the open file": lambda: fcntl.fcntl(file, 37, lock),
    "a lease": lambda: fcntl.fcntl(file, 1024, fcntl.F_RDLCK),
    "dnotify": lambda: fcntl.fcntl(folder, 1026, 0),
    "inotify": lambda: libc.inotify_init1(0) < 0 and 1 / 0,
    "fanotify": lambda: libc.fanotify_init(0x200, 0) < 0 and 1 / 0,
}.items():
    try:
        action()
        found.append(what)
    except (OSError, ZeroDivisionError):
        pass
return found
"""


@FILTER
@each_level()
@pytest.mark.parametrize("processes", [False, True])
def test_boxes_cannot_give_signs_by_files_that_several_show(
    level: str, processes: bool
) -> None:
    """A lock needs no right to write, and whoever waits for it learns of it."""
    namespace: dict[str, Callable[[], list[str]]] = {}
    lines = "".join(f"    {line}\n" for line in SIGNS.splitlines())
    exec(f"import os\ndef signs():\n{lines}", namespace)
    assert {"flock", "lockf", "inotify"} <= set(namespace["signs"]())  # out here
    assert probe(sandbox(level), SIGNS, processes=processes) == []


@FILTER
@each_level()
def test_calls_that_use_up_the_machine_or_are_too_new(level: str) -> None:
    body = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
context = ctypes.c_ulong(0)
setup = {"x86_64": 206, "aarch64": 0}[os.uname().machine]
found = [libc.syscall(setup, 1, ctypes.byref(context)), libc.syncfs(0)]
for number in (451, 457, 467, 2000):
    libc.syscall(number, 0, 0, 0, 0)
    found.append(errno.errorcode[ctypes.get_errno()])
libc.socketpair(30, 1, 0, ctypes.byref(context))  # AF_TIPC: would load a module
return [*found, errno.errorcode[ctypes.get_errno()]]
"""
    assert probe(sandbox(level), body) == [-1, -1, *["ENOSYS"] * 4, "EPERM"]


@FILTER
@each_level()
def test_devices_of_the_machine_cannot_be_changed(level: str) -> None:
    """They are the very ones, and root's boxes of level user are run by their owner."""
    devices = ["/dev/null", "/dev/zero", "/dev/full", "/dev/urandom"]
    body = f"""
for path in {devices!r}:
    for action in (
        lambda: os.utime(path),
        lambda: os.chmod(path, 0o666),  # as it is anyway
        lambda: os.setxattr(path, "system.posix_acl_access", b"\\2\\0\\0\\0"),
    ):
        try:
            action()
        except OSError:
            pass
return [open("/dev/null", "w").write("x"), open("/dev/zero", "rb").read(1)]
"""
    before = [(each.st_ctime_ns, each.st_mtime_ns) for each in map(os.stat, devices)]
    assert probe(sandbox(level), body) == [1, b"\0"]
    after = [(each.st_ctime_ns, each.st_mtime_ns) for each in map(os.stat, devices)]
    assert after == before


# A case that leaves what it can; the next one, in the same box, says what it finds.
LEAVE = """
folder = os.path.dirname(os.getcwd())
is_ = os.stat(folder)
found = [oct(is_.st_mode), os.listxattr(folder), max(is_.st_atime, is_.st_mtime) > 2e9]
for leave in (
    lambda: os.setxattr(folder, "user.mark", b"x"),
    lambda: os.rmdir(os.getcwd()),
    lambda: os.utime(folder, (3e9, 3e9)),
    lambda: os.chmod(folder, 0o555),
):
    try:
        leave()
    except OSError:
        pass
return found
"""


@FILTER
@each_level()
@pytest.mark.parametrize("processes", [False, True])
def test_the_scratch_folder_itself_tells_the_next_case_nothing(
    level: str, processes: bool
) -> None:
    limits = Limits(seconds=20, memory_mb=1024, processes=processes)
    with probing(sandbox(level), LEAVE) as box:
        first, second = (run_case(box, limits) for _ in range(2))
    assert first.answers["found"].value[1:] == [[], False]  # type: ignore[index]
    assert second.answers["found"].value == first.answers["found"].value


SEND = """
import array, socket, time
end = time.monotonic() + 5
while (free := os.statvfs("/tmp").f_bavail * 4096 >> 20) < 500:
    if time.monotonic() > end:
        return free
    time.sleep(0.01)
file = os.open("large", os.O_RDWR | os.O_CREAT)
os.unlink("large")
os.posix_fallocate(file, 0, 32 << 20)
one, other = socket.socketpair()
sent = array.array("i", [file, one.fileno(), other.fileno()])
for end in one, other:
    end.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, sent)])
return "all of it"
"""


@walled_level()
def test_files_that_only_dead_sockets_hold_are_freed(level: str) -> None:
    """Two sockets on their way through each other are closed by nobody's end.

    On a machine where nothing else closes sockets this stays so for ever.
    """
    with probing(sandbox(level), SEND) as box:
        limits = Limits(seconds=20, memory_mb=1024)
        found = [run_case(box, limits).answers["found"].value for _ in range(3)]
    assert found == ["all of it"] * 3
