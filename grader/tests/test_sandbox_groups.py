"""Control groups: found, made and asked, in the versions that this machine has."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from grader.sandbox import group_v1, group_v2, hierarchies
from grader.sandbox.group_files import MAX_TASKS, count
from grader.sandbox.hierarchies import Hierarchy

MOUNTS = r"""22 1 0:20 / /proc rw - proc proc rw
30 22 0:28 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
31 22 0:29 /box /mnt/with\040space rw - cgroup cgroup rw,cpu,pids
32 22 0:30 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd
33 22 0:31 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate
"""
GROUPS = """9:name=systemd:/
8:cpu,pids:/box/inner
4:memory:/jobs/a:b
0::/user.slice
"""


def test_trees_are_read_as_the_kernel_lists_them(tmp_path: Path) -> None:
    (tmp_path / "mountinfo").write_text(MOUNTS)
    (tmp_path / "cgroup").write_text(GROUPS)
    found = {each.mount.name: each for each in hierarchies.hierarchies(tmp_path)}
    assert list(found) == ["memory", "with space", "systemd", "unified"]
    assert "memory" in found["memory"].controllers
    assert "pids" in found["with space"].controllers
    assert not found["unified"].controllers


@pytest.mark.parametrize(
    ("root", "path", "folder"),
    [
        ("/", "/", ""),
        ("/", "/here", "here"),
        ("/box", "/box/here", "here"),
        ("/box", "/elsewhere", ""),
        ("/", "/missing", ""),
        ("/", "/../above", ""),
    ],
)
def test_our_own_group_is_found_below_what_is_mounted(
    tmp_path: Path, root: str, path: str, folder: str
) -> None:
    (tmp_path / "here").mkdir()
    assert hierarchies._folder(tmp_path, root, path) == tmp_path / folder


class FakeTree:
    """Folders with the files by which version 2 is ruled, as plain files."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.group("")

    def group(self, name: str, *, has: str = "memory pids", gives: str = "") -> Path:
        """Make a group."""
        folder = self.top / name
        folder.mkdir(exist_ok=True)
        (folder / "cgroup.controllers").write_text(has)
        (folder / "cgroup.subtree_control").write_text(gives)
        (folder / "cgroup.procs").write_text("")
        return folder

    def seen_from(self, own: Path) -> Hierarchy:
        """Return the tree as a process in that group knows it."""
        return Hierarchy(self.top, frozenset(), own)


def test_the_nearest_group_that_limits_its_children_is_taken(tmp_path: Path) -> None:
    tree = FakeTree(tmp_path)
    tree.group("", gives="cpu memory pids")
    slice_ = tree.group("user.slice", gives="memory pids")
    session = tree.group("user.slice/session.scope")
    assert group_v2.place_in(tree.seen_from(session)) == slice_
    tree.group("user.slice", gives="memory")
    assert group_v2.place_in(tree.seen_from(session)) == tmp_path
    assert (session / "cgroup.subtree_control").read_text() == ""  # not ours to change
    tree.group("", gives="")
    assert group_v2.place_in(tree.seen_from(session)) is None


def test_a_group_handed_over_to_us_is_made_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = FakeTree(tmp_path)
    own = tree.group("service")
    asked = []

    def busy_at_first(group: Path) -> None:
        asked.append(group)
        if len(asked) == 1:
            raise OSError(errno.EBUSY, "it holds processes")
        tree.group("service", gives="memory pids")

    monkeypatch.setattr(group_v2, "_enable", busy_at_first)
    marks = {"trusted.delegate": b"1"}
    monkeypatch.setattr(os, "getxattr", lambda path, name: marks[name])
    assert group_v2.place_in(tree.seen_from(own)) == own
    assert asked == [own, own]
    assert (own / group_v2.LEAF).is_dir()


def test_without_the_controllers_there_is_no_place(tmp_path: Path) -> None:
    tree = FakeTree(tmp_path)
    tree.group("", has="cpu io")
    assert group_v2.place_in(tree.seen_from(tmp_path)) is None


def test_limits_and_counts_of_version_2(tmp_path: Path) -> None:
    for name in ("memory.max", "memory.swap.max", "cgroup.procs"):
        (tmp_path / name).write_text("x")
    (tmp_path / "memory.events").write_text("low 0\noom 3\noom_kill 2\n")
    (tmp_path / "pids.events").write_text("max 7\n")
    group = group_v2.GroupV2(tmp_path)
    group.limit_memory(2**20)
    assert (tmp_path / "memory.max").read_text() == "1048576"
    assert (tmp_path / "memory.swap.max").read_text()[0] == "0"
    assert (group.kills(), group.refusals()) == (2, 7)
    assert count(tmp_path / "missing", "max") == 0


@pytest.fixture
def real_v2() -> Iterator[Path]:
    """Yield a new group in the machine's own tree of version 2."""
    tree = hierarchies.unified()
    if tree is None or os.geteuid() != 0:
        pytest.skip("no tree of version 2 that is ours to change")
    folder = tree.mount / f"needle-grader-test-{os.getpid()}"
    try:
        folder.mkdir()
    except OSError as error:
        pytest.skip(f"no group can be made: {error}")
    yield folder
    for each in (*folder.glob("*/"), folder):
        each.rmdir()


def test_processes_enter_real_groups_of_version_2_and_are_moved_down(
    real_v2: Path,
) -> None:
    with subprocess.Popen(["sleep", "60"]) as popen:
        group_v2.GroupV2(real_v2).admit(popen.pid)
        assert (real_v2 / "cgroup.procs").read_text().split() == [str(popen.pid)]
        group_v2.move_down(real_v2)
        assert (real_v2 / "cgroup.procs").read_text() == ""
        moved = (real_v2 / group_v2.LEAF / "cgroup.procs").read_text()
        assert moved.split() == [str(popen.pid)]
        popen.kill()
        popen.wait()
    assert group_v2.gives(real_v2) is False  # read as the kernel writes it


@pytest.fixture
def real_v1() -> Iterator[group_v1.GroupV1]:
    """Yield a new group in the machine's own trees of version 1."""
    if os.geteuid() != 0:
        pytest.skip("only root makes groups")
    try:
        group = group_v1.make(f"needle-grader-test-{os.getpid()}")
    except OSError as error:
        pytest.skip(f"no group can be made: {error}")
    if group is None:
        pytest.skip("no trees of version 1 with memory and pids")
    yield group
    for _ in range(100):
        try:
            group.memory.rmdir()
            group.pids.rmdir()
        except OSError:  # what was killed is not gone yet
            time.sleep(0.05)
        else:
            break


def test_limits_of_version_1_can_be_lowered_and_raised(
    real_v1: group_v1.GroupV1,
) -> None:
    for size in (256 << 20, 64 << 20, 512 << 20):
        real_v1.limit_memory(size)
        written = (real_v1.memory / "memory.limit_in_bytes").read_text()
        assert int(written) == size
    assert (real_v1.pids / "pids.max").read_text().strip() == str(MAX_TASKS)


HUNGRY = """
open("/dev/fd/0").readline()
kept = bytearray(200 << 20)
"""
FORKING = """
import os, time
open("/dev/fd/0").readline()
for _ in range(5):
    try:
        if os.fork() == 0:
            time.sleep(1)
            os._exit(0)
    except BlockingIOError:
        os._exit(3)
"""


def run_in(group: group_v1.GroupV1, script: str) -> int:
    """Run a script in a group from its first line on; return its status."""
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as popen:
        group.admit(popen.pid)
        assert popen.stdin is not None
        popen.stdin.write(b"go\n")
        popen.stdin.close()
        return popen.wait(60)


def test_version_1_kills_and_counts_for_real(real_v1: group_v1.GroupV1) -> None:
    real_v1.limit_memory(64 << 20)
    assert (real_v1.kills(), real_v1.refusals()) == (0, 0)
    assert run_in(real_v1, HUNGRY) == -9
    assert (real_v1.kills(), real_v1.refusals()) == (1, 0)
    (real_v1.pids / "pids.max").write_text("2")
    assert run_in(real_v1, FORKING) == 3
    assert real_v1.refusals() >= 1
