"""What level full holds beyond the walls that every level with namespaces has."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from coursekit.errors import CourseError
from gradebox.limits import Limits
from grader.box import Box, Contents
from grader.run import Run
from grader.sandbox import Spec, full, slots
from grader.sandbox.full import FullSandbox
from mini_box import probe, probing, run_case
from mini_levels import sandbox

pytestmark = pytest.mark.skipif(bool(full.trouble()), reason=full.trouble())

MANY = Limits(seconds=20, memory_mb=1024, processes=True)


def built(script: str) -> Run:
    """Return how a build ended whose whole recipe is a Python script."""
    contents = Contents("hw0", {"recipe.py": script.encode()}, None, ("numpy",))
    kept = {"keep": [], "kept": [], "inputs": []}
    order = {"do": "build", "command": ["{python}", "recipe.py"], "outputs": [], **kept}
    with Box(FullSandbox(), contents) as box:
        return box.run(order, MANY)


@pytest.fixture
def in_groups() -> Iterator[None]:
    """Be in groups besides one's own, as root often is after a login."""
    before = os.getgroups()
    os.setgroups([4, 27])
    yield
    os.setgroups(before)


def test_it_is_what_root_gets() -> None:
    assert sandbox("full").name == "full"
    assert FullSandbox().own_users


@pytest.mark.usefixtures("in_groups")
def test_the_user_has_no_rights_and_no_way_to_any() -> None:
    body = """
status = dict(l.split(":\\t", 1) for l in open("/proc/self/status") if ":\\t" in l)
wanted = ("Uid", "Gid", "Groups", "NoNewPrivs", "Seccomp")
caps = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
try:
    os.setuid(0)
    back = True
except PermissionError:
    back = False
found = [status[name].split() for name in wanted]
return [found, {int(status[name], 16) for name in caps} == {0}, back]
"""
    (uid, gid, groups, *flags), bare, back = probe(FullSandbox(), body)  # type: ignore[misc]
    assert set(uid) == set(gid)
    assert len(set(uid)) == 1
    assert int(uid[0]) in range(slots.FIRST, slots.FIRST + slots.COUNT)
    assert (groups, flags, bare, back) == ([], [["1"], ["2"]], True, False)


def test_two_boxes_share_neither_user_nor_namespaces() -> None:
    kinds = ("cgroup", "ipc", "mnt", "net", "pid", "uts")
    links = ", ".join(f"os.readlink('/proc/self/ns/{kind}')" for kind in kinds)
    body = f"return [str(os.getuid()), {links}]"
    with probing(FullSandbox(), body) as one, probing(FullSandbox(), body) as other:
        seen = [run_case(box).answers["found"].value for box in (one, other)]
    outside = [str(Path("/proc/self/ns", kind).readlink()) for kind in kinds]
    seen.append([str(os.getuid()), *outside])
    for values in zip(*seen, strict=True):  # type: ignore[arg-type]
        assert len(set(values)) == len(seen), values


def test_the_first_process_tells_nothing() -> None:
    body = """
found = []
for name in ("environ", "cmdline", "mem", "maps", "root", "fd/0"):
    try:
        found.append(open(f"/proc/1/{name}", "rb").read(99))
    except OSError:
        pass
return found
"""
    (line,) = probe(FullSandbox(), body)  # type: ignore[misc]
    assert b"gradebox" in line  # its command line, the same for everybody


def test_the_first_process_has_no_more_rights_than_the_cases() -> None:
    body = """
wanted = ("Uid", "CapPrm", "CapBnd", "NoNewPrivs", "Seccomp")
status = [line.split() for line in open("/proc/1/status")]
return [words[-1] for words in status if words[0][:-1] in wanted]
"""
    uid, *rights = probe(FullSandbox(), body)  # type: ignore[misc]
    assert int(uid) >= slots.FIRST
    assert rights == ["0" * 16, "0" * 16, "1", "2"]


def test_sockets_but_unix_ones_are_refused_to_the_compiler_too() -> None:
    families = ["AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG"]
    run = built(f"""
import socket
for name in {families}:
    try:
        socket.socket(getattr(socket, name))
        print("opened", name)
    except PermissionError:
        print("refused", name)
socket.socketpair()
""")
    assert run.output.decode().split("\n")[:-1] == [f"refused {n}" for n in families]
    assert run.build_code == 0


CALLS = [
    "mount(0, 0, 0, 0, 0)",
    "unshare(0x10000000)",  # a user namespace
    "unshare(0x20000)",
    "ptrace(0, 0, 0, 0)",
    "shmget(77, 99, 0o1600)",
    "msgget(77, 0o1600)",
    "mq_open(b'/x', 0o102, 0o600, None)",
    "chroot(b'/tmp')",
    "sethostname(b'x', 1)",
    "syscall(250, 0, -1, 1)",  # keyctl
    "syscall(321, 0, 0, 0)",  # bpf
]


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of system calls")
def test_the_compiler_cannot_mount_unshare_trace_or_leave_anything() -> None:
    printing = "".join(f"print(c.{call})\n" for call in CALLS)
    run = built(f"import ctypes\nc = ctypes.CDLL(None)\n{printing}")
    assert run.output.split() == [b"-1"] * len(CALLS)


def test_a_setuid_program_changes_nobody() -> None:
    body = """
import subprocess
done = subprocess.run(["/work/hw0/src/id", "-u"], capture_output=True, text=True)
return [done.stdout.strip(), str(os.getuid())]
"""
    with probing(FullSandbox(), body) as box:
        program = box._furnish() / "work" / "src" / "id"
        shutil.copyfile(shutil.which("id") or "/usr/bin/id", program)
        program.chmod(0o4755)
        shown, own = run_case(box, MANY).answers["found"].value  # type: ignore[misc]
    assert shown == own != "0"


def test_what_is_printed_can_be_opened_by_name() -> None:
    body = "print('by name', file=open('/dev/stdout', 'w')); return 1"
    with probing(FullSandbox(), body) as box:
        assert b"by name" in run_case(box).output


def test_an_interpreter_below_closed_folders_works() -> None:
    """Here or elsewhere: the folders above it are made anew in the box."""
    body = """
above = Path(sys.executable).parents
return [os.stat(folder).st_mode & 0o055 == 0o055 for folder in above]
"""
    assert all(probe(FullSandbox(), f"from pathlib import Path\n{body}"))  # type: ignore[call-overload]


def test_files_closed_by_our_own_mask_can_be_read_inside() -> None:
    before = os.umask(0o077)
    try:
        assert probe(FullSandbox(), "return 1") == 1
    finally:
        os.umask(before)


def test_what_the_user_could_not_read_is_said_before_anything_starts(
    tmp_path: Path,
) -> None:
    tmp_path.chmod(0o700)
    with (
        (tmp_path / "errors").open("wb") as errors,
        pytest.raises(CourseError, match=r"closed to other users.*chmod -R go\+rX"),
    ):
        FullSandbox().start(Spec([], {"/kit/gradebox": tmp_path}, (), errors))
