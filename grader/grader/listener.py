"""Hear one job out: its two pipes and the supervisor's word, within time and size."""

from __future__ import annotations

import json
import os
import selectors
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from gradebox.wire import FrameReader, WireError

from grader.run import End, Run
from grader.sandbox.meter import Meter, NoMeter

KEEP_OUTPUT = 16 * 2**10
MAX_OUTPUT = 8 * 2**20  # more than this ends the case
MAX_ANSWERS = 160 * 2**20
MAX_HEADERS = 8 * 2**20  # text becomes objects of up to 30 times its size
MAX_DRAIN = 32  # reads, each of what a pipe holds
CHUNK = 2**20
MAX_MESSAGE = 2**20
LOOK_SECONDS = 0.05  # between two looks at what a box uses


class Listener:
    """Read one job's two pipes and the supervisor's word, within time and size."""

    def __init__(
        self,
        control: socket.socket,
        answers: int,
        output: int,
        *,
        meter: Meter | None = None,
        recorded: bool = False,
    ) -> None:
        self.broken = False  # the box must be rebuilt
        self._control = control
        self._meter = meter or NoMeter()
        self._run = Run(recorded=recorded)
        self._reader = FrameReader()
        self._received = 0
        self._bodies = 0  # bytes of it that were raw data
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
        deadline, look = began + seconds, began + LOOK_SECONDS
        try:
            while self._report is None and not self.broken:
                now = time.monotonic()
                if now >= deadline:
                    self._break("timeout")
                    break
                if now >= look:
                    self._look()
                    look = time.monotonic() + LOOK_SECONDS
                for key, _ in self._selector.select(max(min(deadline, look) - now, 0)):
                    key.data(key.fd)
            self._drain()
        finally:
            self._selector.close()
        self._run.wall_seconds = time.monotonic() - began
        self._conclude()
        return self._run

    def _look(self) -> None:
        """End a box that uses too much, where the kernel does not see to it."""
        if self._meter.stop():
            self._break(self._meter.excess() or "lost")

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
                    self._bodies += sum(map(len, frame.buffers))
                    self._run.take(frame)
            except WireError:
                self._run.garbled = True
            if self._received - self._bodies - self._reader.pending > MAX_HEADERS:
                self._break("flood")
                return False
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

    def _break(self, end: End) -> None:
        if not self.broken:
            self._run.end = end
        self.broken = True

    def _conclude(self) -> None:
        """Put the supervisor's report into the run."""
        run, report = self._run, self._report
        run.output += self._skipped() + self._tail
        if self._reader.pending:
            run.garbled = True
        if report is not None:
            run.code, run.cpu_seconds = report.code, report.cpu
            if report.leftovers:
                self._break("leftovers")
            self.broken = self.broken or report.dirty
        run.excess = self._meter.excess()
        if run.excess == "memory" and run.end in {"exited", "lost"} and not run.over:
            run.end = "memory"  # the kernel killed it

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
