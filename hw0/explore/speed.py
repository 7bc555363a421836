"""Time the NumPy epoch against the C++ epoch, one thread each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from explore.data import HOMEWORK
from explore.patience import NotYetError, patient, say

# A fair race: the matrix library behind NumPy would otherwise use every core.
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
     "VECLIB_MAXIMUM_THREADS"), "1",
)  # fmt: skip


@patient
def compare_speed() -> None:
    """Time both epochs on the same random data and compare what they learn.

    It runs in a process of its own: thread counts must be set before NumPy is
    imported, and a compiled module cannot be reloaded into a running notebook.
    """
    path = os.pathsep.join([str(HOMEWORK), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "explore.race"],
        cwd=HOMEWORK,
        env={**os.environ, **ONE_THREAD, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotYetError(f"the race stopped with an error.\n{_reason(done)}")
    measured = json.loads(done.stdout.splitlines()[-1])
    if "waits" in measured:
        raise NotYetError(measured["waits"])
    _report(measured)


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    """Say how a process ended; one that a signal ended has printed nothing."""
    if done.returncode < 0:
        return (
            f"It was ended by signal {-done.returncode} (11 is a segmentation fault): "
            "see Debugging in question 6."
        )
    return done.stderr.strip()


def _report(measured: dict[str, Any]) -> None:
    m, n, k = measured["shape"]
    ratio = measured["cpp"] / measured["numpy"]
    rounds = measured["rounds"]
    say(f"One epoch, {m} x {n}, {k} classes, batch 100, one thread, best of {rounds}:")
    say(f"  NumPy  {measured['numpy'] * 1e3:8.1f} ms")
    say(f"  C++    {measured['cpp'] * 1e3:8.1f} ms   ({ratio:.2f} times NumPy's)")
    say(f"Largest difference between the two thetas: {measured['apart']:.1e}")
