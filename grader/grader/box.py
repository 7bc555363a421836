"""Run jobs in a sandbox, one after another, and rebuild it when one has broken it."""

from __future__ import annotations

import json
import os
import selectors
import socket
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NamedTuple

import gradebox
from coursekit.errors import CourseError
from gradebox.limits import Limits
from gradebox.wire import FrameReader, WireError

from grader import scratch
from grader.run import Run
from grader.sandbox import BoxProcess, Sandbox, Spec
from grader.sandbox.python import distributions

START_SECONDS = 60.0  # on a machine under load; 0.2 s is usual
KEEP_OUTPUT = 16 * 2**10
MAX_OUTPUT = 8 * 2**20  # more than this ends the case
MAX_ANSWERS = 160 * 2**20
MAX_MESSAGE = 2**20
MAX_DRAIN = 32  # reads, each of what a pipe holds
CHUNK = 2**20


@dataclass(frozen=True)
class Contents:
    """What a box holds: all of it is read-only inside."""

    homework: str
    work: Mapping[str, bytes]
    suite: Mapping[str, bytes] | None
    packages: tuple[str, ...]


class Box:
    """A supervisor behind walls, started when first needed."""

    def __init__(self, sandbox: Sandbox, contents: Contents) -> None:
        self._sandbox = sandbox
        self._contents = contents
        self._folder: Path | None = None
        self._process: BoxProcess | None = None
        self._control: socket.socket | None = None
        self._errors: IO[bytes] | None = None
        self._ready = False
        self._aborted = False

    def __enter__(self) -> Box:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the supervisor without waiting for it to be ready."""
        if self._aborted:
            raise InterruptedError("the box was stopped")
        if self._process is not None:
            return
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (lives with the box)
        try:
            spec = self._spec(theirs.fileno(), self._errors)
            self._process = self._sandbox.start(spec)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self._control = ours
        self._ready = False
        if self._aborted:  # in the meantime
            self._stop()
            raise InterruptedError("the box was stopped")

    def abort(self) -> None:
        """End everything from another thread: a job that runs is lost, none follows."""
        self._aborted = True
        process = self._process
        if process is not None:
            process.end()

    def close(self) -> None:
        """End everything and remove every file."""
        self._stop()
        if self._folder is not None:
            scratch.remove(self._folder)
            self._folder = None

    def run(self, job: Mapping[str, Any], limits: Limits) -> Run:
        """Run one job to its end, or to the end of its patience."""
        answers_in, answers_out = os.pipe()
        output_in, output_out = os.pipe()
        try:
            message = {**job, "limits": asdict(limits)}
            data = json.dumps(message).encode() + b"\n"
            self._send(data, [answers_out, output_out])
        except BaseException:
            os.close(answers_in)
            os.close(output_in)
            raise
        finally:
            os.close(answers_out)
            os.close(output_out)
        assert self._control is not None
        try:
            listener = _Listener(self._control, answers_in, output_in)
            run = listener.listen(limits.seconds)
        except BaseException:
            self._stop()
            raise
        finally:
            os.close(answers_in)
            os.close(output_in)
        if listener.broken:
            self._stop()
        return run

    def _send(self, data: bytes, descriptors: list[int]) -> None:
        """Give the supervisor a job; once more to a new one if it has died idle."""
        try:
            socket.send_fds(self._ready_control(), [data], descriptors)
        except BrokenPipeError:
            self._stop()
            socket.send_fds(self._ready_control(), [data], descriptors)

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.close()
            self._process = None
        if self._errors is not None:
            self._errors.close()
            self._errors = None

    def _ready_control(self) -> socket.socket:
        """Wait until the supervisor has warmed up."""
        self.start()
        assert self._control is not None
        if not self._ready:
            self._control.settimeout(START_SECONDS)
            line = b""
            with suppress(OSError):
                while not line.endswith(b"\n"):
                    data = self._control.recv(MAX_MESSAGE)
                    if not data:
                        break
                    line += data
            if not line.endswith(b"\n"):
                self._explain_no_start()
            self._ready = True
        return self._control

    def _explain_no_start(self) -> None:
        assert self._errors is not None
        self._errors.seek(0)
        said = self._errors.read()[-2000:].decode("utf-8", "replace").strip()
        self._stop()
        if self._aborted:
            raise InterruptedError("the box was stopped")
        raise CourseError(
            f"the sandbox (level {self._sandbox.name}) did not start:\n{said}\n"
            "Nothing was graded. `course doctor` shows what this machine lacks."
        )

    def _spec(self, control: int, errors: IO[bytes]) -> Spec:
        contents = self._contents
        folder = self._furnish()
        name = contents.homework
        mounts = {
            "/kit/gradebox": Path(gradebox.__file__).resolve().parent,
            f"/work/{name}": folder / "work",
        }
        for entry, path in distributions(contents.packages).items():
            mounts[f"/site/{entry}"] = path
        arguments = ["{root}/kit/gradebox", "--site", "{root}/site"]
        arguments += ["--control", str(control), "--tmp", "{root}/tmp"]
        arguments += ["--work", f"{{root}}/work/{name}"]
        if contents.suite is not None:
            mounts[f"/suite/{name}"] = folder / "suite"
            arguments += ["--suite", f"{{root}}/suite/{name}"]
        if self._sandbox.own_users:
            arguments += ["--own-users"]
        return Spec(arguments, mounts, (control,), errors)

    def _furnish(self) -> Path:
        """Write the files once, in a folder that nobody else can enter."""
        if self._folder is None:
            self._folder = scratch.make()
            write_files(self._folder / "work", self._contents.work)
            if self._contents.suite is not None:
                write_files(self._folder / "suite", self._contents.suite)
        return self._folder


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files whose names have been checked below a new folder."""
    folder.mkdir()
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


class _Listener:
    """Read one job's two pipes and the supervisor's word, within time and size."""

    def __init__(self, control: socket.socket, answers: int, output: int) -> None:
        self.broken = False  # the box must be rebuilt
        self._control = control
        self._run = Run()
        self._reader = FrameReader()
        self._received = 0
        self._printed = 0
        self._tail = b""
        self._line = b""
        self._report: _Report | None = None
        self._selector = selectors.DefaultSelector()
        control.setblocking(False)
        self._selector.register(control, selectors.EVENT_READ, self._hear)
        for pipe, take in ((answers, self._answers), (output, self._output)):
            os.set_blocking(pipe, False)
            self._selector.register(pipe, selectors.EVENT_READ, take)

    def listen(self, seconds: float) -> Run:
        """Return what the job gave until it ended, overran or flooded."""
        began = time.monotonic()
        deadline = began + seconds
        try:
            while self._report is None and not self.broken:
                left = deadline - time.monotonic()
                if left <= 0:
                    self._break("timeout")
                    break
                for key, _ in self._selector.select(left):
                    key.data(key.fd)
            self._drain()
        finally:
            self._selector.close()
        self._run.wall_seconds = time.monotonic() - began
        self._conclude()
        return self._run

    def _hear(self, _: int) -> None:
        """Take the supervisor's report, or notice that it is gone."""
        try:
            data = self._control.recv(MAX_MESSAGE)
        except OSError:
            data = b""
        self._line += data
        if not data or len(self._line) > MAX_MESSAGE:
            self._break("lost")
        elif self._line.endswith(b"\n"):
            self._report = _report(self._line)
            if self._report is None:
                self._break("lost")

    def _answers(self, pipe: int) -> bool:
        """Take bytes of the answer pipe; return whether more may follow."""
        data = _read(pipe)
        if not data:
            return self._closed(pipe, data)
        self._received += len(data)
        if self._received > MAX_ANSWERS:
            self._break("flood")
            return False
        if not self._run.garbled and not self._run.over:
            try:
                for frame in self._reader.feed(data):
                    self._run.take(frame)
            except WireError:
                self._run.garbled = True
        return True

    def _output(self, pipe: int) -> bool:
        """Take what was printed: its beginning and its end are kept."""
        data = _read(pipe)
        if not data:
            return self._closed(pipe, data)
        self._printed += len(data)
        room = KEEP_OUTPUT - len(self._run.output)
        self._run.output += data[:room]
        self._tail = (self._tail + data[max(room, 0) :])[-KEEP_OUTPUT:]
        if self._printed > MAX_OUTPUT:
            self._break("flood")
            return False
        return True

    def _closed(self, pipe: int, data: bytes | None) -> bool:
        """Stop listening at the end of a pipe; an empty one may fill again."""
        if data is not None:
            with suppress(KeyError):
                self._selector.unregister(pipe)
        return False

    def _drain(self) -> None:
        """Take what was written before the end and has not been read yet."""
        for key in list(self._selector.get_map().values()):
            take: Callable[[int], object] = key.data
            if key.fileobj is self._control:
                continue
            for _ in range(MAX_DRAIN):  # a writer that still lives may never stop
                if not take(key.fd):
                    break

    def _break(self, end: Any) -> None:
        if not self.broken:
            self._run.end = end
        self.broken = True

    def _conclude(self) -> None:
        """Put the supervisor's report into the run."""
        run, report = self._run, self._report
        run.output += self._skipped() + self._tail
        if self._reader.pending:
            run.garbled = True
        if report is None:
            return
        run.code, run.cpu_seconds = report.code, report.cpu
        if report.leftovers:
            self._break("leftovers")
        self.broken = self.broken or report.dirty

    def _skipped(self) -> bytes:
        skipped = self._printed - len(self._run.output) - len(self._tail)
        return f"\n[... {skipped} bytes ...]\n".encode() if skipped > 0 else b""


class _Report(NamedTuple):
    """How a job's process ended, in the supervisor's words."""

    code: int
    cpu: float
    leftovers: bool
    dirty: bool


def _report(line: bytes) -> _Report | None:
    try:
        said = json.loads(line)
        flags = bool(said["leftovers"]), bool(said["dirty"])
        return _Report(int(said["code"]), float(said["cpu"]), *flags)
    except (ValueError, KeyError, TypeError):
        return None


def _read(pipe: int) -> bytes | None:
    """Return bytes, nothing at the end of the pipe, or None if it is empty now."""
    try:
        return os.read(pipe, CHUNK)
    except BlockingIOError:
        return None
