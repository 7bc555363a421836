"""Run the public tests of a folder; one that crashes or hangs costs only itself."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from coursekit.errors import CourseError

from grader import scratch
from grader.own_process import command

Status = Literal["passed", "failed", "error", "skipped"]
AFTER_TIMEOUT = 0.2  # of its time is what a test gets after another took all of it
STARTING_SECONDS = 120.0  # for Python, pytest and NumPy to be loaded, on any machine
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Item:
    """One test with one set of parameters, and what became of it."""

    id: str
    name: str  # of the function
    question: str
    file: str
    line: int
    status: Status = "error"
    kind: str = "NotRun"
    message: str = ""
    at: str = ""  # file:line, the last place in the folder on the way to the error


@dataclass(frozen=True)
class Refusal:
    """A file that cannot be collected, and why."""

    file: str
    kind: str
    message: str
    at: str


@dataclass
class Seen:
    """What has been told so far."""

    items: dict[str, Item] = field(default_factory=dict)
    refusals: dict[str, Refusal] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    current: str = ""
    over: bool = False

    @property
    def failed(self) -> bool:
        """Whether a test did not pass."""
        ended = (self.items[name].status for name in self.done)
        return any(status in ("failed", "error") for status in ended)

    def take(self, line: dict[str, Any]) -> None:
        """Take one line of the report in."""
        event = line.pop("event")
        if event == "found":
            self.items.setdefault(line["id"], Item(**line))
        elif event == "refused":
            self.refusals[line["file"]] = Refusal(**line)
        elif event == "started":
            self.current = line["id"]
        elif event == "ended":
            self.end(line.pop("id"), **line)
        else:
            self.over = True

    def end(self, name: str, **outcome: Any) -> None:
        """Set what became of a test."""
        known = self.items[name]
        self.items[name] = replace(known, **outcome)
        self.done.add(name)
        self.current = ""

    def leave_out(self) -> None:
        """Call what was not run skipped, which says nothing about it."""
        for name in self.items.keys() - self.done:
            self.items[name] = replace(self.items[name], status="skipped")


def run_items(
    folder: Path,
    owners: Mapping[str, Mapping[str, str]],
    questions: Iterable[str],
    seconds: float,
    *,
    until_failure: bool = False,
) -> Seen:
    """Run the tests of some questions, each item of them for ``seconds`` at the most.

    ``owners`` has for each function the questions that have it, by their ``on``.
    After one that took all its time the others get a fifth of it: a loop without end
    is in most of them. With ``until_failure`` those after the first failure are
    skipped.
    """
    seen, limit = Seen(), seconds
    order = {
        "owners": owners,
        "questions": sorted(questions),
        "until_failure": until_failure,
    }
    while not seen.over and not (until_failure and seen.failed):
        before = len(seen.done)
        why = _run(folder, order, seen, seconds)
        if seen.current:
            seen.end(seen.current, status="error", kind=why[0], message=why[1])
            seconds = AFTER_TIMEOUT * limit if why[0] == "Timeout" else seconds
        if not seen.over and len(seen.done) == before:
            raise CourseError(f"the public tests in {folder} cannot be run: {why[1]}")
    if until_failure and seen.failed:
        seen.leave_out()
    return seen


def _run(
    folder: Path, wanted: Mapping[str, object], seen: Seen, seconds: float
) -> tuple[str, str]:
    """Run what is not done; return kind and message of what stopped it, if any."""
    read, write = os.pipe()
    with scratch.folder() as place:
        order = place / "order.json"
        order.write_text(json.dumps({**wanted, "done": sorted(seen.done)}))
        with (place / "output").open("w+b") as output:
            process = subprocess.Popen(
                command("grader.proof.reporting", str(write), str(order)),
                cwd=folder,
                env=_environment(place),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=[write],
                start_new_session=True,
            )
            os.close(write)
            try:
                in_time = _listen(read, seen, seconds)
            finally:
                os.close(read)
                status = _finish(process, kill=not seen.over)
            output.seek(max(0, output.seek(0, os.SEEK_END) - 2000))
            return _why(in_time, status, seconds, output.read())


def _environment(folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    return {
        **kept,
        **dict.fromkeys(ONE_THREAD, "1"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(folder),
    }


def _listen(read: int, seen: Seen, seconds: float) -> bool:
    """Take lines in until there are no more, or none came for too long."""
    rest, selector = b"", selectors.DefaultSelector()
    with selector:
        selector.register(read, selectors.EVENT_READ)
        while not seen.over:
            if not selector.select(seconds if seen.current else STARTING_SECONDS):
                return False
            data = os.read(read, 1 << 16)
            if not data:
                return True
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                seen.take(json.loads(line))
    return True


def _finish(process: subprocess.Popen[bytes], *, kill: bool) -> int:
    """Wait for the process, end what is left of its group; return its status."""
    if not kill:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
    elif _ends_alone(process):
        return process.returncode
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def _ends_alone(process: subprocess.Popen[bytes]) -> bool:
    """Give one that died by itself the moment it takes to be seen as dead."""
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        if process.poll() is not None:
            return True
        time.sleep(0.01)
    return False


def _why(in_time: bool, status: int, seconds: float, output: bytes) -> tuple[str, str]:
    if not in_time:
        return "Timeout", f"took longer than {seconds:g} s"
    tail = output.decode("utf-8", "replace").strip()
    if status < 0:
        with suppress(ValueError):
            return "Crash", f"the process was killed by {signal.Signals(-status).name}"
    return "Crash", f"the process ended with status {status}: {tail[-500:]}"


def in_order(seen: Seen) -> Iterator[Item]:
    """Yield the items by file and line."""
    yield from sorted(seen.items.values(), key=lambda item: (item.file, item.line))
