"""Fork a child for every job that the trusted side asks for; never run student code.

The process is the first of its namespace where there is one. It holds the suite and
NumPy, warmed up, in one thread, and none of the student's modules.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import shutil
import signal
import socket
import traceback
from pathlib import Path
from typing import Any, NoReturn

from gradebox import build, child, seccomp
from gradebox.cases import Registry
from gradebox.limits import Limits
from gradebox.prctl import (
    PR_SET_CHILD_SUBREAPER,
    PR_SET_DUMPABLE,
    die_with_parent,
    is_linux,
    prctl,
)
from gradebox.suite import load_suite

MAX_MESSAGE = 1 << 20


def main(arguments: list[str] | None = None) -> None:
    """Say what is ready, then serve jobs until the other side hangs up."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--suite", type=Path)
    parser.add_argument("--tmp", type=Path, required=True)
    parser.add_argument("--own-users", action="store_true")
    options = parser.parse_args(arguments)
    control = socket.socket(fileno=options.control)
    place = child.Place(options.work, options.site, options.tmp, options.own_users)
    harden()
    registry = load_suite(options.suite) if options.suite else Registry()
    require_one_thread()
    gc.freeze()
    send(control, {"event": "ready", "cases": list(registry.cases)})
    serve(control, registry, place)


def harden() -> None:
    """Close this process's memory to its children, and collect all orphans."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    die_with_parent()
    if is_linux():
        prctl(PR_SET_DUMPABLE, 0)
        prctl(PR_SET_CHILD_SUBREAPER, 1)
    seccomp.apply(processes=True)  # holds for every process of the box


def require_one_thread() -> None:
    """Refuse to fork a process in which another thread may hold a lock."""
    tasks = Path("/proc/self/task")
    if tasks.is_dir() and len(list(tasks.iterdir())) != 1:
        raise RuntimeError("the supervisor has more than one thread")


def serve(control: socket.socket, registry: Registry, place: child.Place) -> None:
    """Answer one job after another."""
    bare = traits(place.tmp)
    while (received := receive(control)) is not None:
        job, (answers, output) = received
        pid = os.fork()
        if pid == 0:
            become_child(job, answers, output, registry, place)
        os.close(answers)
        os.close(output)
        send(control, {"event": "exit", **reap(pid), **tidy(place.tmp, bare)})


def become_child(
    job: dict[str, Any],
    answers: int,
    output: int,
    registry: Registry,
    place: child.Place,
) -> NoReturn:
    """Run the job; nothing of this process outlives the call."""
    try:
        child.enter(answers, output, place, Limits(**job["limits"]))
        if job["do"] == "build":
            build.run(job, place)
        else:
            child.run_case(registry, job, place)
    except BaseException:
        traceback.print_exc()
        os._exit(70)
    os._exit(0)


def reap(pid: int) -> dict[str, Any]:
    """Wait for the child; report how it ended and what it used."""
    _, status, usage = os.wait4(pid, 0)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "cpu": usage.ru_utime + usage.ru_stime,
        "leftovers": end_leftovers(),
    }


def end_leftovers() -> bool:
    """Tell whether the job left processes behind; end those that can be named."""
    if not any_child():
        return False
    if os.getpid() == 1:
        os.kill(-1, signal.SIGKILL)
    else:
        for pid in children():
            os.kill(pid, signal.SIGKILL)
    return True


def any_child() -> bool:
    """Tell whether any process is still below this one, having reaped the dead."""
    try:
        while True:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return True
    except ChildProcessError:
        return False


def children() -> list[int]:
    """Return the direct children of this process."""
    try:
        listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii")
    except OSError:
        return []
    return [int(pid) for pid in listed.split()]


def tidy(tmp: Path, bare: object) -> dict[str, Any]:
    """Empty the scratch folder; report whether anything is not as it was."""
    end_sockets()
    try:
        for entry in os.scandir(tmp):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            else:
                Path(entry.path).unlink()
        os.utime(tmp)
        return {"dirty": traits(tmp) != bare}
    except (OSError, RecursionError):
        return {"dirty": True}


def traits(folder: Path) -> object:
    """Return what one job could change of the folder itself and another find there."""
    names = os.listxattr(folder) if is_linux() else []
    return folder.stat().st_mode, names


def end_sockets() -> None:
    """Free files that are on their way between sockets of processes that are gone.

    They hold memory, and the kernel looks for them only when some socket is closed.
    """
    for end in socket.socketpair():
        end.close()


def send(control: socket.socket, message: dict[str, Any]) -> None:
    """Send one line."""
    control.sendall(json.dumps(message).encode() + b"\n")


def receive(control: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """Return the next job and its two pipes, or None when the other side is gone."""
    data, descriptors, _, _ = socket.recv_fds(control, MAX_MESSAGE, 2)
    while data and not data.endswith(b"\n"):
        more = control.recv(MAX_MESSAGE)
        if not more:
            return None
        data += more
    if not data:
        return None
    return json.loads(data), descriptors
