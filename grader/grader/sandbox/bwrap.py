"""Bubblewrap's command line: what a box is made of."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from grader.home import home
from grader.sandbox import orphans, python
from grader.sandbox.leader import Leader
from grader.sandbox.spec import Spec

MODERN = (0, 8, 0)  # the first bubblewrap with --disable-userns and --size
ROOT_LINKS = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"]
SYSTEM_FILES = [
    *("/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/nix/store"),
]
MASKED = [
    *("acpi", "asound", "bus", "driver", "fs", "irq", "scsi", "sys", "tty"),
    *("kcore", "keys", "key-users", "kmsg", "latency_stats", "sched_debug"),
    *("sysrq-trigger", "timer_list", "timer_stats", "kallsyms", "modules"),
]
UID = "1000"
MISSING = (
    "bubblewrap is not installed (Debian, Ubuntu: apt install bubblewrap; "
    "Fedora: dnf install bubblewrap; it runs on Linux only)"
)


def launch(arguments: list[str], spec: Spec) -> tuple[subprocess.Popen[bytes], Leader]:
    """Start bubblewrap; return it and what will know its first process."""
    told, telling = os.pipe()
    try:
        popen = subprocess.Popen(
            [program(), "--info-fd", str(telling), *arguments],
            env={},  # bubblewrap's own environment could be read from inside
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=spec.errors,
            pass_fds=(*spec.descriptors, telling),
            start_new_session=True,
        )
    except BaseException:
        os.close(told)
        raise
    finally:
        os.close(telling)
    orphans.sweep()  # while it starts
    return popen, Leader(popen, told)


def interpreter(arguments: Iterable[str]) -> list[str]:
    """Return the command inside the box."""
    inside = [argument.replace("{root}", "") for argument in arguments]
    return [str(python.executable()), *python.FLAGS, *inside]


def options(spec: Spec) -> list[str]:
    """Return the arguments for a box of an ordinary user's."""
    return [*namespaces(), *furnishing(spec), *sealing()]


def furnishing(spec: Spec) -> list[str]:
    """Return the options for what is in a box."""
    return [*system(spec.tmp_mb), *mounts(spec), *variables()]


def namespaces() -> list[str]:
    """Return the options for namespaces and life cycle, with a user namespace."""
    found = ["--unshare-user", "--uid", UID, "--gid", UID, *common_namespaces()]
    return found + (["--disable-userns"] if version() >= MODERN else [])


def common_namespaces() -> list[str]:
    """Return the options for namespaces and life cycle at every level."""
    kinds = ["pid", "net", "ipc", "uts", "cgroup-try"]
    found = [f"--unshare-{kind}" for kind in kinds]
    found += ["--die-with-parent", "--new-session", "--as-pid-1"]
    return [*found, "--hostname", "box"]


def system(tmp_mb: int) -> list[str]:
    """Return the options for the system's files and the interpreter's."""
    found = ["--ro-bind", "/usr", "/usr"]
    for name in ROOT_LINKS:
        path = Path("/", name)
        if path.is_symlink():
            found += ["--symlink", str(path.readlink()), str(path)]
        elif path.exists():
            found += ["--ro-bind", str(path), str(path)]
    there = [path for path in map(Path, SYSTEM_FILES) if path.exists()]
    found += parents(there)
    for path in there:
        found += ["--ro-bind", str(path), str(path)]
    found += programs(python.prefixes(), [*python.hidden(), *own_folders()])
    found += ["--proc", "/proc", *masks(), "--dev", "/dev", "--remount-ro", "/dev"]
    size = ["--size", str(tmp_mb << 20)] if version() >= MODERN else []
    return [*found, *size, "--tmpfs", "/tmp"]


def programs(prefixes: list[Path], hidden: list[Path]) -> list[str]:
    """Return the options that show the interpreter's folders and cover others.

    Outer folders come first, so that of an interpreter inside a covered folder just the
    interpreter is seen.
    """
    visible = [Path("/usr"), *prefixes]
    covered = {
        path
        for path in [*hidden, *(each.resolve() for each in hidden)]
        if path.is_dir() and any(_is_inside(path, other) for other in visible)
    }
    found = []
    for path in sorted({*prefixes, *covered}, key=lambda path: path.parts):
        if path in covered:
            found += ["--tmpfs", str(path)]
        else:
            found += [*parents([path]), "--ro-bind", str(path), str(path)]
    for path in sorted(covered):
        found += ["--remount-ro", str(path)]
    return found


def parents(paths: Iterable[Path]) -> list[str]:
    """Return the options for the folders above: left alone, bubblewrap closes some.

    Those of an interpreter in root's home are closed to everybody else outside too.
    """
    above = {each for path in paths for each in path.parents[:-1]}
    found = []
    for folder in sorted(above, key=lambda path: path.parts):
        found += ["--dir", str(folder)]
    return found


def own_folders() -> list[Path]:
    """Return what of ours may lie where programs are: solutions, gradebook, answers."""
    found = [
        home(),
        Path(tempfile.gettempdir()),
        Path("/usr/src"),
        Path("/usr/local/src"),
    ]
    for start in (Path.cwd(), Path(__file__)):
        around = (start, *start.parents)
        found += [path for path in around if (path / "course.toml").is_file()]
    return found


def _is_inside(path: Path, folder: Path) -> bool:
    return path != folder and path.is_relative_to(folder)


def masks() -> list[str]:
    """Return the options that cover the parts of /proc which belong to the machine.

    Whoever is root outside owns them inside too, whatever the user namespace says, and
    some of them are switches: /proc/sys/kernel/core_pattern names a program to run.
    """
    found = []
    for name in MASKED:
        path = Path("/proc", name)
        if path.is_dir():
            found += ["--tmpfs", str(path), "--remount-ro", str(path)]
        elif path.exists():
            found += ["--ro-bind", "/dev/null", str(path)]
    return found


def mounts(spec: Spec) -> list[str]:
    """Return the options for what this box in particular holds."""
    found = parents(map(Path, spec.mounts))
    for inside, outside in spec.mounts.items():
        found += ["--ro-bind", str(outside), inside]
    return found


def variables() -> list[str]:
    """Return the options for the environment."""
    found = []
    for name, value in {**python.environment(), "HOME": "/tmp"}.items():
        found += ["--setenv", name, value]
    return found


def sealing() -> list[str]:
    """Return the options that come last: nothing more can be mounted or written."""
    return ["--remount-ro", "/", "--chdir", "/tmp"]


def complaint(errors: bytes) -> str:
    """Return, in words, what kept a box from starting."""
    lines = errors.decode("utf-8", "replace").strip().splitlines() or ["no message"]
    return f"bubblewrap does not work here ({lines[-1][:300]})"


def program() -> str:
    """Return the path of bubblewrap, or an empty string."""
    return shutil.which("bwrap") or ""


@lru_cache(maxsize=1)
def version() -> tuple[int, ...]:
    """Return bubblewrap's version."""
    done = subprocess.run(
        [program(), "--version"], capture_output=True, text=True, check=False
    )
    return tuple(int(part) for part in re.findall(r"\d+", done.stdout)[:3])
