"""Watch needle at work, for the time of a measurement."""

from __future__ import annotations

import cProfile
import gc
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

# Given an operation and its result: under which name its time is booked.
Kind = Callable[[Any, Any], str]
COPIES, COLLECTOR = "copies into new tensors", "Python's collector of cycles"


@contextmanager
def parts_timed(ndl: Any, kind: Kind, seconds: dict[str, float]) -> Iterator[None]:
    """Add up what operations, by kind, copies and the collector take."""

    def timed(function: Callable[..., Any], name: Kind) -> Callable[..., Any]:
        def run(*args: Any) -> Any:
            begun = time.process_time()
            result = function(*args)
            taken = time.process_time() - begun
            part = name(args[0], result)
            seconds[part] = seconds.get(part, 0.0) + taken
            return result

        return run

    with ExitStack() as patches, collector_timed() as collecting:
        for operation in vars(ndl.ops).values():
            if isinstance(operation, type) and "compute" in vars(operation):
                compute = timed(vars(operation)["compute"], kind)
                patches.enter_context(patch.object(operation, "compute", compute))
        copy = timed(ndl.Tensor._array_from_numpy, lambda *_: COPIES)
        patches.enter_context(patch.object(ndl.Tensor, "_array_from_numpy", copy))
        yield
    seconds[COLLECTOR] = seconds.get(COLLECTOR, 0.0) + collecting()


@contextmanager
def collector_timed() -> Iterator[Callable[[], float]]:
    """Let Python's collector be timed; asked, it says how many seconds it has taken."""
    clock = {"start": 0.0, "stop": 0.0}

    def add(phase: str, info: object) -> None:
        clock[phase] += time.process_time()

    gc.callbacks.append(add)
    try:
        yield lambda: clock["stop"] - clock["start"]
    finally:
        gc.callbacks.remove(add)


def calls_and_values(ndl: Any, run: Callable[[], Any]) -> tuple[int, int]:
    """Return how many functions a run calls, C's included, and values it makes."""
    profile = cProfile.Profile()
    profile.runcall(run)
    entries = profile.getstats()
    born = ndl.autograd.Value._init.__code__
    values = sum(entry.callcount for entry in entries if entry.code is born)
    return sum(entry.callcount for entry in entries), values
