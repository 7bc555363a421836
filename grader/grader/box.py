"""Run jobs in a sandbox, one after another, and rebuild it when one has broken it."""

from __future__ import annotations

import json
import os
import socket
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import gradebox
from coursekit.errors import CourseError
from gradebox.limits import Limits

from grader import scratch
from grader.listener import Listener
from grader.run import Run
from grader.sandbox import BoxProcess, Sandbox, Spec
from grader.sandbox.python import distributions

START_SECONDS = 60.0  # on a machine under load; 0.2 s is usual
MAX_MESSAGE = 2**20


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
        try:
            self._start()
        except OSError as error:
            raise _no_start(error) from None
        if self._aborted:  # in the meantime
            self._stop()
            raise InterruptedError("the box was stopped")

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (lives with the box)
            spec = self._spec(theirs.fileno(), self._errors)
            self._process = self._sandbox.start(spec)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self._control = ours
        self._ready = False

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
            os.fchmod(output_out, 0o622)  # whoever works inside may name /dev/stdout
            message = {**job, "limits": asdict(limits)}
            data = json.dumps(message).encode() + b"\n"
            self._send(data, [answers_out, output_out], limits)
        except BaseException:
            os.close(answers_in)
            os.close(output_in)
            raise
        finally:
            os.close(answers_out)
            os.close(output_out)
        assert self._control is not None and self._process is not None
        try:
            recorded = bool(job.get("record"))
            listener = Listener(
                self._control,
                answers_in,
                output_in,
                meter=self._process.meter,
                recorded=recorded,
            )
            run = listener.listen(limits.seconds)
            run.memory_mb = limits.memory_mb
        except BaseException:
            self._stop()
            raise
        finally:
            os.close(answers_in)
            os.close(output_in)
        if listener.broken:
            self._stop()
        return run

    def _send(self, data: bytes, descriptors: list[int], limits: Limits) -> None:
        """Give the supervisor a job; once more to a new one if it has died idle."""
        try:
            socket.send_fds(self._ready_for(limits), [data], descriptors)
        except BrokenPipeError:
            self._stop()
            socket.send_fds(self._ready_for(limits), [data], descriptors)

    def _ready_for(self, limits: Limits) -> socket.socket:
        """Return the way to a supervisor whose box is limited for a job."""
        control = self._ready_control()
        assert self._process is not None
        try:
            self._process.meter.begin(limits.memory_mb)
        except OSError as error:
            raise _no_start(error) from None
        return control

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
        assert self._control is not None and self._process is not None
        if not self._ready:
            self._confine(self._process)  # while it warms up
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

    def _confine(self, process: BoxProcess) -> None:
        try:
            process.meter.confine()
        except OSError as error:
            self._stop()
            raise _no_start(error) from None

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


def _no_start(error: OSError) -> CourseError:
    said = error.strerror or error
    place = error.filename or tempfile.gettempdir()
    advice = "Make room there, or set TMPDIR to another folder."
    if not str(place).startswith(tempfile.gettempdir()):
        advice = "`course doctor` shows what this machine lacks."
    return CourseError(
        f"the sandbox could not be set up in {place}: {said}. "
        f"Nothing was graded. {advice}"
    )


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files whose names have been checked below a new folder.

    All may read them, whatever our own mask: the box's user is somebody else, and the
    folder around this one is closed to everybody out here.
    """
    folder.mkdir()
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
