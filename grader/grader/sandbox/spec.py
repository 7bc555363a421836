"""What the levels of isolation have in common."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from grader import scratch
from grader.sandbox.meter import Meter, NoMeter

GRACE_SECONDS = 10


@dataclass(frozen=True)
class Spec:
    """A process to start inside walls.

    ``arguments`` follow the interpreter; ``{root}`` in them is where the box's paths
    begin: nothing inside namespaces, a temporary folder outside.
    """

    arguments: Sequence[str]
    mounts: Mapping[str, Path]  # path in the box to path on the host, read-only
    descriptors: tuple[int, ...]  # stay open in the process
    errors: IO[bytes]  # receives the standard error of our own processes
    tmp_mb: int = 512  # what fits into the box's own folder,
    tmp_files: int = 50_000  # and how many files


@dataclass
class BoxProcess:
    """A running box."""

    popen: subprocess.Popen[bytes]
    end: Callable[[], None]  # kill everything in it
    over: Callable[[bool], None] = lambda clean: None  # told when and how it ended
    folder: Path | None = None  # of the level's own, removed with the box
    meter: Meter = field(default_factory=NoMeter)
    closed: bool = field(default=False, init=False)

    def alive(self) -> bool:
        """Tell whether the supervisor still runs."""
        return self.popen.poll() is None

    def close(self) -> None:
        """End every process of the box and remove what it left."""
        if self.closed:
            return
        self.end()
        self.over(self._wait())
        if self.folder is not None:
            scratch.remove(self.folder)
        self.closed = True

    def _wait(self) -> bool:
        """Wait for the end; tell whether nothing of the box can be left."""
        try:
            self.popen.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:  # its first process cannot be killed now
            self.popen.kill()
            self.popen.wait()
            return False
        return True


class Sandbox(Protocol):
    """One level of isolation, and what it is worth."""

    @property
    def name(self) -> str:
        """Return the level's name."""

    @property
    def enforces(self) -> list[str]:
        """Return what holds, one phrase each."""

    @property
    def lacks(self) -> list[str]:
        """Return what does not hold, one phrase each."""

    @property
    def own_users(self) -> bool:
        """Tell whether limits a user count for the box alone."""

    def start(self, spec: Spec) -> BoxProcess:
        """Start the interpreter in the box."""
