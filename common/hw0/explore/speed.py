"""Time the NumPy epoch against the C++ epoch, one thread each."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
from typing import Any

import numpy as np

from explore.data import HOMEWORK
from explore.patience import NotYetError, patient, say

ROUNDS = 5
SHAPE = (12_000, 784, 10)
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
        [sys.executable, "-m", "explore.speed"],
        cwd=HOMEWORK,
        env={**os.environ, **ONE_THREAD, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotYetError(f"the timing stopped with an error.\n{done.stderr.strip()}")
    measured = json.loads(done.stdout.splitlines()[-1])
    if "waits" in measured:
        raise NotYetError(measured["waits"])
    _report(measured)


def _report(measured: dict[str, float]) -> None:
    m, n, k = SHAPE
    ratio = measured["cpp"] / measured["numpy"]
    say(f"One epoch, {m} x {n}, {k} classes, batch 100, one thread, best of {ROUNDS}:")
    say(f"  NumPy  {measured['numpy'] * 1e3:8.1f} ms")
    say(f"  C++    {measured['cpp'] * 1e3:8.1f} ms   ({ratio:.2f} times NumPy's)")
    say(f"Largest difference between the two thetas: {measured['apart']:.1e}")


def measure() -> dict[str, Any]:
    """Return the best time of each epoch in seconds, or what it waits for."""
    sys.path.insert(0, str(HOMEWORK / "src"))
    simple_ml = importlib.import_module("simple_ml")
    m, n, k = SHAPE
    rng = np.random.default_rng(0)
    X = rng.random((m, n), dtype=np.float32)
    y = rng.integers(k, size=m, dtype=np.uint8)
    runs = {
        "numpy": simple_ml.softmax_regression_epoch,
        "cpp": simple_ml.softmax_regression_epoch_cpp,
    }
    best = dict.fromkeys(runs, float("inf"))
    learned: dict[str, np.ndarray] = {}
    for _ in range(ROUNDS):  # interleaved, so that a busy moment hits both
        for name, epoch in runs.items():
            theta = np.zeros((n, k), dtype=np.float32)
            begun = time.perf_counter()
            epoch(X, y, theta, 0.1, 100)
            best[name] = min(best[name], time.perf_counter() - begun)
            learned[name] = theta
    return {**best, "apart": float(np.abs(learned["numpy"] - learned["cpp"]).max())}


def main() -> None:
    """Measure and print the result as one line of JSON."""
    try:
        measured = measure()
    except (ImportError, NotImplementedError) as error:
        measured = {"waits": f"{error}. Come back to this cell afterwards."}
    say(json.dumps(measured))


if __name__ == "__main__":
    main()
