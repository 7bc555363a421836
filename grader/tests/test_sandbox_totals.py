"""What the processes of one box may use together: each way of holding it, for real."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import pytest
from coursekit.homework import Build
from gradebox.limits import MAX_PROCESSES, Limits
from grader.build import _failure
from grader.explain import Student, ended
from grader.run import Run
from grader.sandbox import Sandbox, by_name, full, groups, processes, why_not
from grader.sandbox.full import FullSandbox
from grader.sandbox.polling import PollingMeter
from mini_box import probing, run_case
from mini_levels import each_level, sandbox

LIMITS = Limits(seconds=60, memory_mb=512, processes=True)
STUDENT = Student({}, frozenset(), "hw0", ())


def kernel() -> Sandbox:
    """Return level full where the kernel counts."""
    if groups.group_for(60800) is None:
        pytest.skip("no control groups with memory and pids here")
    return FullSandbox()


def polled() -> Sandbox:
    """Return level full as where there are no control groups."""
    return FullSandbox(lambda uid: None)


def user() -> Sandbox:
    """Return level user."""
    return by_name("user")


def walls() -> list[object]:
    """Return every way in which a box as a whole is held."""
    no_full = pytest.mark.skipif(bool(full.trouble()), reason=full.trouble())
    no_user = pytest.mark.skipif(bool(why_not("user")), reason=why_not("user"))
    return [
        pytest.param(kernel, marks=no_full, id="full-cgroup"),
        pytest.param(polled, marks=[no_full, pytest.mark.slow], id="full-polled"),
        pytest.param(user, marks=no_user, id="user"),
    ]


LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux reserves memory so")
each_way = pytest.mark.parametrize("make", walls())
Make = Callable[[], Sandbox]

HOGS = """
import time
for _ in range(8):  # each less than a process may have, together more than all may
    if os.fork() == 0:
        kept = bytearray(200 << 20)
        time.sleep(60)
        os._exit(0)
time.sleep(60)
"""


MODEST = """
import resource
if resource.getrlimit(resource.RLIMIT_AS)[0] < 300 << 20:
    return 1
"""


@each_way
def test_memory_of_many_processes_is_limited_together(make: Make) -> None:
    with probing(make(), MODEST + HOGS) as box:
        run = run_case(box, LIMITS)
        assert (run.end, run.excess) == ("memory", "memory")
        after = run_case(box, Limits(seconds=60, memory_mb=256, processes=True))
        assert (after.end, after.excess, after.returned) == ("exited", "", True)
    told = ended(run, 60, STUDENT)
    assert told.status == "crashed"
    assert "more than 512 MB of memory" in told.message


RESERVES = """
import mmap
kept = mmap.mmap(-1, 64 << 30, flags=0x4022)  # private, of nothing, reserved only
for gigabyte in range(32):
    kept[gigabyte << 30] = 1
"""
FILLS = """
import ctypes, time
for gigabyte in range(8):
    begin = ctypes.c_char.from_buffer(kept, gigabyte << 30)
    ctypes.memset(ctypes.addressof(begin), 1, 1 << 30)
time.sleep(60)
"""


@each_level()
@LINUX
def test_what_is_reserved_and_not_used_is_no_memory(level: str) -> None:
    with probing(sandbox(level), RESERVES + "return 1") as box:
        assert run_case(box, Limits(addresses=False)).returned
        run = run_case(box, Limits())
        assert run.fault is not None and "memory" in run.fault.message


@each_level()
@LINUX
def test_what_is_reserved_and_used_is_memory(level: str) -> None:
    """A process alone, and no limit on its addresses."""
    with probing(sandbox(level), RESERVES + FILLS) as box:
        run = run_case(box, Limits(seconds=60, memory_mb=512, addresses=False))
    assert (run.end, run.excess) == ("memory", "memory")
    assert "more than 512 MB of memory" in ended(run, 60, STUDENT).message


@each_way
def test_what_forked_processes_share_counts_once(make: Make) -> None:
    body = """
import time
kept = bytearray(120 << 20)
children = []
for _ in range(20):
    pid = os.fork()
    if pid == 0:
        time.sleep(0.5)
        os._exit(0)
    children.append(pid)
for pid in children:
    os.waitpid(pid, 0)
return 1
"""
    with probing(make(), body) as box:
        run = run_case(box, LIMITS)
    assert (run.end, run.excess, run.returned) == ("exited", "", True)


@each_way
def test_a_fork_bomb_is_contained(make: Make) -> None:
    body = """
import time
made = 0
try:
    while made < 5000:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        made += 1
except BlockingIOError:
    pass
return made
"""
    with probing(make(), body) as box:
        run = run_case(box, LIMITS)
        assert run.end in {"leftovers", "processes"}
        if run.returned:
            assert run.answers["found"].value < MAX_PROCESSES  # type: ignore[operator]
    if isinstance(make(), FullSandbox):
        assert run.returned


@each_way
def test_files_in_memory_cannot_fill_the_machine(make: Make) -> None:
    body = """
made = 0
try:
    while made < 400_000:
        os.close(os.open(str(made), os.O_CREAT))
        made += 1
except OSError:
    pass
import time
time.sleep(1)
return made
"""
    with probing(make(), body) as box:
        run = run_case(box, LIMITS)
    if make is user:
        assert (run.end, run.excess) == ("files", "files")
    else:
        assert run.answers["found"].value < 50_000  # type: ignore[operator]


def test_a_compiler_killed_for_memory_is_not_called_an_error_of_theirs() -> None:
    run = Run(returned=True, build_code=2, excess="memory")
    recipe = Build(command=["make"], inputs=["*"], outputs=["x"], seconds=9)
    assert "more than" in _failure(run, recipe)
    run.excess = ""
    assert "does not compile" in _failure(run, recipe)


def test_polling_sees_what_a_process_holds() -> None:
    meter = PollingMeter(os.getpid)
    meter.confine()
    meter.begin(100_000)
    assert not meter.stop()
    meter.begin(-250)  # 6 MB with what is added to it: less than any Python has
    assert meter.stop()
    assert meter.excess() == "memory"
    meter.begin(100_000)
    assert meter.excess() == ""


def test_a_kernel_that_keeps_shares_secret_counts_them_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exact = processes.proportional(os.getpid())

    def refuse(path: object) -> bytes:
        raise PermissionError

    monkeypatch.setattr(processes.Path, "read_bytes", refuse)
    assert 0 < exact <= processes.proportional(os.getpid())
