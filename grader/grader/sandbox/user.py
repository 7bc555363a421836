"""Level *user*: namespaces that an ordinary user may make, by bubblewrap."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from gradebox import seccomp

from grader.sandbox import python
from grader.sandbox.spec import BoxProcess, Spec

MODERN = (0, 8, 0)  # the first bubblewrap with --disable-userns and --size
ROOT_LINKS = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"]
SYSTEM_FILES = ["/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf"]
MASKED = [
    *("acpi", "asound", "bus", "driver", "fs", "irq", "scsi", "sys", "tty"),
    *("kcore", "keys", "key-users", "kmsg", "latency_stats", "sched_debug"),
    *("sysrq-trigger", "timer_list", "timer_stats", "kallsyms", "modules"),
]
UID = "1000"


class UserSandbox:
    """Bubblewrap in a user namespace of its own."""

    name = "user"
    own_users = True

    @property
    def enforces(self) -> list[str]:
        """Return what holds."""
        found = [
            "no network",
            "sees only the homework, the system's programs and the listed packages",
            "can write to its own temporary folder only",
            "own process, IPC and user namespaces, no capabilities",
            "empty environment",
            "time, memory, file size and open files of each process limited",
        ]
        if seccomp.supported():
            found.append("no further processes; calls no homework needs are refused")
        return found

    @property
    def lacks(self) -> list[str]:
        """Return what does not hold."""
        found = ["no limit on the memory of several processes together"]
        if os.getuid() == 0 and not seccomp.supported():
            found.append("run by root: no limit on the number of processes")
        if version() < MODERN:
            found.append("bubblewrap before 0.8: no limit on the temporary folder")
        return found

    def start(self, spec: Spec) -> BoxProcess:
        """Start the interpreter in the box."""
        told, telling = os.pipe()  # bubblewrap tells the first process's number
        command = [program(), "--info-fd", str(telling), *options(spec)]
        try:
            popen = subprocess.Popen(
                [*command, "--", *interpreter(spec)],
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
        return BoxProcess(popen, _Ender(popen, told))


class _Ender:
    """End a box by killing the first process of its namespace.

    The kernel ends all others with it, and bubblewrap, its parent, ends only then:
    whoever waits for bubblewrap knows that nothing of the box is left.
    """

    def __init__(self, popen: subprocess.Popen[bytes], told: int) -> None:
        self._popen = popen
        self._told = open(told, "rb", buffering=0)  # noqa: SIM115
        os.set_blocking(told, False)

    def __call__(self) -> None:
        if self._popen.poll() is not None or self._told.closed:
            self._told.close()
            return
        select.select([self._told], [], [], 1.0)  # it may only just have started
        found = re.search(rb'"child-pid": *(\d+)', self._told.read(4096) or b"")
        self._told.close()
        with suppress(ProcessLookupError):
            os.kill(int(found[1]) if found else self._popen.pid, signal.SIGKILL)


def interpreter(spec: Spec) -> list[str]:
    """Return the command inside the box."""
    arguments = [argument.replace("{root}", "") for argument in spec.arguments]
    return [str(python.executable()), *python.FLAGS, *arguments]


def options(spec: Spec) -> list[str]:
    """Return bubblewrap's arguments."""
    return [
        *namespaces(),
        *system(spec.tmp_mb),
        *mounts(spec),
        *variables(),
        *sealing(),
    ]


def namespaces() -> list[str]:
    """Return the options for namespaces and life cycle."""
    kinds = ["user", "pid", "net", "ipc", "uts", "cgroup-try"]
    found = [f"--unshare-{kind}" for kind in kinds]
    found += ["--uid", UID, "--gid", UID, "--hostname", "box"]
    found += ["--die-with-parent", "--new-session", "--as-pid-1"]
    return found + (["--disable-userns"] if version() >= MODERN else [])


def system(tmp_mb: int) -> list[str]:
    """Return the options for the system's files and the interpreter's."""
    found = ["--ro-bind", "/usr", "/usr"]
    for name in ROOT_LINKS:
        path = Path("/", name)
        if path.is_symlink():
            found += ["--symlink", str(path.readlink()), str(path)]
        elif path.exists():
            found += ["--ro-bind", str(path), str(path)]
    for file in [*SYSTEM_FILES, "/nix/store"]:
        found += ["--ro-bind-try", file, file]
    for prefix in python.prefixes():
        found += ["--ro-bind", str(prefix), str(prefix)]
    for folder in python.hidden():
        found += ["--tmpfs", str(folder), "--remount-ro", str(folder)]
    found += ["--proc", "/proc", *masks(), "--dev", "/dev", "--remount-ro", "/dev"]
    size = ["--size", str(tmp_mb << 20)] if version() >= MODERN else []
    return [*found, *size, "--tmpfs", "/tmp"]


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
    found = []
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


@lru_cache(maxsize=1)
def trouble() -> str:
    """Return why this level cannot be had here, or an empty string. Tries it."""
    if not program():
        return (
            "bubblewrap is not installed (Debian, Ubuntu: apt install bubblewrap; "
            "Fedora: dnf install bubblewrap; it runs on Linux only)"
        )
    command = [program(), *namespaces(), *system(1), *sealing()]
    done = subprocess.run(
        [*command, "--", str(python.executable()), *python.FLAGS, "-c", ""],
        env={},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=60,
        check=False,
    )
    if done.returncode == 0:
        return ""
    said = (done.stderr.strip().splitlines() or ["no message"])[-1][:300]
    return (
        f"bubblewrap does not work here ({said}); the system may forbid unprivileged "
        "user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns, "
        "kernel.unprivileged_userns_clone, user.max_user_namespaces), as many "
        "containers do"
    )
