"""What an attack must not leave: processes, files, objects in the kernel, memory."""

from __future__ import annotations

import ctypes
import hashlib
import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from gradebox.prctl import PR_SET_CHILD_SUBREAPER, is_linux, prctl
from grader.sandbox.none import descendants

MARK = "intruder"  # begins the name of everything that an attack makes
KEYS = range(0x1D7B0000, 0x1D7B0100)  # of the kernel's objects that they make
SHARED = ("/tmp", "/var/tmp", "/dev/shm", "/run", "/run/lock")
PATIENCE = 5.0  # seconds for a process that has been killed to be gone
OURS = ("cache",)  # folders of the grader that it writes at any time


@dataclass(frozen=True)
class Traces:
    """The state of everything that an attack could change outside its box."""

    processes: frozenset[int]
    files: dict[str, str]
    rows: frozenset[str]
    descriptors: int
    memory: int

    def changed(self, later: Traces, growth_mb: int) -> list[str]:
        """Say what is different, a line each."""
        found = [
            f"left a process running: {_command(pid)}"
            for pid in sorted(later.processes - self.processes)
        ]
        for path in sorted(self.files.keys() | later.files.keys()):
            if self.files.get(path) != later.files.get(path):
                what = "changed" if path in self.files else "written"
                found.append(f"{what} outside: {path}")
        found += [f"changed in the gradebook: {row}" for row in self.rows - later.rows]
        if later.descriptors > self.descriptors:
            found.append(f"left {later.descriptors - self.descriptors} files open")
        grown = later.memory - self.memory >> 20
        if grown > growth_mb:
            found.append(f"made the grader grow by {grown} MB")
        return found


@contextmanager
def adopting() -> Iterator[None]:
    """Have every orphan of ours come to this process, so that none goes unseen."""
    if not is_linux():
        yield
        return
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    try:
        yield
    finally:
        prctl(PR_SET_CHILD_SUBREAPER, 0)


def take(folders: list[Path], home: Path, before: Traces | None = None) -> Traces:
    """Return the state now; wait for what is about to go if ``before`` is given."""
    memory = _peak() if before else _reset_peak()
    return Traces(
        processes=_processes(before.processes if before else frozenset()),
        files={**_snapshot(folders, home), **_marked()},
        rows=_rows(home),
        descriptors=_descriptors(),
        memory=memory,
    )


def _processes(known: frozenset[int]) -> frozenset[int]:
    """Return what runs below this process."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = frozenset(pid for pid in descendants(os.getpid()) if _runs(pid))
        if not known or found <= known or time.monotonic() > deadline:
            return found
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    """Tell whether a process is more than a zombie; bury it if it is ours."""
    with suppress(OSError):
        said = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        return said.rpartition(")")[2].split()[0] not in {"Z", "X"}
    return False


def _command(pid: int) -> str:
    with suppress(OSError):
        said = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
        return f"{pid} {said.decode('utf-8', 'replace')[:200]}"
    return str(pid)


def _snapshot(folders: list[Path], home: Path) -> dict[str, str]:
    """Return a digest of every file below some folders, but for what is ours to write.

    The gradebook changes with every submission; its rows are compared one by one.
    """
    own = {home / name for name in OURS}
    found = {}
    for folder in folders:
        for place, names, files in os.walk(folder):
            names[:] = [name for name in names if Path(place, name) not in own]
            for name in [*names, *files]:
                path = Path(place, name)
                if not (path.parent == home and name.startswith("gradebook.sqlite3")):
                    found[str(path)] = _digest(path)
    return found


def _digest(path: Path) -> str:
    with suppress(OSError):
        kind = path.lstat().st_mode
        if stat.S_ISREG(kind):
            return hashlib.sha256(path.read_bytes()).hexdigest()
        return str(path.readlink()) if stat.S_ISLNK(kind) else str(stat.S_IFMT(kind))
    return "gone"


def _marked() -> dict[str, str]:
    """Return what bears the attacks' mark in places that everybody shares."""
    found = {}
    for place in SHARED:
        with suppress(OSError):
            paths = Path(place).iterdir()
            found |= {str(p): "there" for p in paths if p.name.startswith(MARK)}
    for kind in ("shm", "sem", "msg"):
        with suppress(OSError):
            for line in Path(f"/proc/sysvipc/{kind}").read_text().splitlines()[1:]:
                if int(line.split()[0]) & 0xFFFFFFFF in KEYS:
                    found[f"System V {kind} {line.split()[0]}"] = "there"
    return found


def _rows(home: Path) -> frozenset[str]:
    """Return every row of the gradebook."""
    path = home / "gradebook.sqlite3"
    if not path.exists():
        return frozenset()
    connection = sqlite3.connect(path)
    try:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        return frozenset(
            f"{name}: {row}"
            for (name,) in tables.fetchall()
            for row in connection.execute(f'SELECT * FROM "{name}"')
        )
    finally:
        connection.close()


def _descriptors() -> int:
    try:
        return len(list(Path("/proc/self/fd").iterdir()))
    except OSError:
        return 0


def _reset_peak() -> int:
    """Forget how large this process has been; return how large it is."""
    with suppress(OSError):
        ctypes.CDLL(None).malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")
    return _peak()


def _peak() -> int:
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    return 0
