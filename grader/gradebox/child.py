"""Run one job in a process of its own: the only place where student code executes."""

from __future__ import annotations

import faulthandler
import os
import random
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.random  # loaded on demand otherwise: in every child anew

from gradebox import limits, proxy, seccomp
from gradebox.cases import Registry
from gradebox.checks import Check
from gradebox.encode import Encoded
from gradebox.faults import describe
from gradebox.prctl import die_with_parent
from gradebox.trial import Trial
from gradebox.wire import pack

MAX_INPUT = 2**20
ANSWERS = 3  # the descriptor on which the child writes its frames


@dataclass(frozen=True)
class Place:
    """Where things are in the box."""

    work: Path  # the homework's folder, read-only
    site: Path  # the packages that may be imported
    tmp: Path
    own_users: bool


class PipeOutlet:
    """Write frames to the answer pipe."""

    def __init__(self, record: bool) -> None:
        self._record = record  # the reference's run: checks travel too

    def send(self, header: dict[str, Any], buffers: list[bytes]) -> None:
        """Write one frame, whole."""
        data = memoryview(pack(header, buffers))
        while data:
            data = data[os.write(ANSWERS, data) :]

    def input(self, value: Encoded) -> None:
        """Send an input on the reference's run, so that answers can be told from it."""
        if self._record and sum(map(len, value.buffers)) <= MAX_INPUT:
            self.send({"frame": "input", "value": value.node}, value.buffers)

    def answer(
        self,
        name: str,
        value: Encoded,
        *,
        witnessed: bool,
        inputs: str,
        check: Check | None,
    ) -> None:
        """Send one answer."""
        header = {
            "frame": "answer",
            "name": name,
            "value": value.node,
            "witnessed": witnessed,
            "inputs": inputs,
        }
        if self._record and check is not None:
            header["check"] = [check.kind, dict(check.parameters)]
        self.send(header, value.buffers)


def enter(answers: int, output: int, place: Place, limit: limits.Limits) -> None:
    """Leave the supervisor behind: session, descriptors, folder, limits."""
    die_with_parent()
    os.setsid()
    empty = os.open(os.devnull, os.O_RDONLY)
    limits.keep_only({0: empty, 1: output, 2: output, ANSWERS: answers})
    os.chdir(tempfile.mkdtemp(dir=place.tmp))
    limits.apply(limit, own_users=place.own_users)
    metadata = limit.processes or _devices_are_sealed()
    seccomp.apply(processes=limit.processes, metadata=metadata)
    _tell_where(limit.seconds)


def _devices_are_sealed() -> bool:
    """Tell whether times and permissions of the machine's devices are out of reach.

    Only level full can see to it. Elsewhere whoever may write to them may set their
    times, and in a box that root has started, their permissions.
    """
    return bool(os.statvfs(os.devnull).f_flag & os.ST_RDONLY)


def _tell_where(seconds: float) -> None:
    """Print the stack when the process crashes, and shortly before it is stopped."""
    faulthandler.enable(file=2)
    faulthandler.dump_traceback_later(max(seconds - 0.3, seconds / 2), file=2)


def run_case(registry: Registry, job: dict[str, Any], place: Place) -> None:
    """Run the case that the job names and send what it gives."""
    outlet = PipeOutlet(record=bool(job.get("record")))
    seed = bytes.fromhex(job["seed"])
    trial = Trial(seed, Path.cwd(), outlet)
    function = registry.functions[job["case"]]

    def body() -> None:
        _seed_globals(seed)
        sys.path[:0] = [
            str(place.work / name) for name in ("src", "python", "apps", "")
        ]
        proxy.open_gate()
        function(trial)
        outlet.send({"frame": "end", "inputs": trial.inputs}, [])

    guarded(body, outlet, place.work)


def guarded(body: Callable[[], None], outlet: PipeOutlet, work: Path) -> None:
    """Run ``body``; send what it raises, whatever that is."""
    try:
        body()
    except BaseException as error:
        fault = describe(error, work)
        sys.stdout.flush()
        outlet.send({"frame": "fault", **fault}, [])
    sys.stdout.flush()
    sys.stderr.flush()


def _seed_globals(seed: bytes) -> None:
    """Seed the generators that student code may use without asking."""
    random.seed(seed + b"random")
    np.random.seed(np.frombuffer(seed[::-1], dtype="<u4"))
