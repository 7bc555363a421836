"""Time one epoch of softmax regression: NumPy, our C++ and the naive loops in C++.

One process, one thread for all, data of MNIST's size; the implementations take turns in
every round, and ratios are taken within a round.

    python docs/benchmarks/hw0.py
"""

from __future__ import annotations

import argparse
import ctypes
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generated import machine, write_block
from memory import memory_now, memory_peak
from one_thread import openblas_kernels, prepare_environment
from solved import load, rendered
from training_data import BATCH, LR, SIZES, K, M, N, data
from turns import Prepare, Times, figures, ratios, take_turns

if TYPE_CHECKING:
    from training_data import Floats

COMMAND = "python docs/benchmarks/hw0.py"
ROUNDS = 15
SIMPLE_ML = "src/simple_ml.py"


def main() -> None:
    """Build, measure, and write the table into ``docs/benchmarks.md``."""
    parser = argparse.ArgumentParser(description="Time hw0's epochs.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--print", action="store_true", help="leave the page alone")
    parser.add_argument("--memory", metavar="FOLDER", help=argparse.SUPPRESS)
    options = parser.parse_args()
    prepare_environment()
    if options.memory:
        sys.stdout.write(f"{extra_memory(Path(options.memory)):.1f}\n")
        return
    with tempfile.TemporaryDirectory(prefix="hw0-benchmark-") as scratch:
        folder, naive = build(Path(scratch))
        megabytes = memory_in_a_process_of_its_own(folder)
        times = measure(folder, naive, options.rounds)
    text = table(times, megabytes)
    if options.print:
        sys.stdout.write(text + "\n")
    else:
        write_block("hw0-epoch", text)


def build(scratch: Path) -> tuple[Path, Path]:
    """Build the solved homework and the naive loops; return where they are."""
    folder = rendered("hw0", scratch)
    subprocess.run(["make", "-s", f"PYTHON={sys.executable}"], cwd=folder, check=True)
    naive = scratch / "naive_epoch.so"
    flags = ["-O3", "-std=c++17", "-fPIC", "-shared", "-march=native"]
    loops = Path(__file__).with_name("naive_epoch.cpp")
    subprocess.run(["c++", *flags, str(loops), "-o", str(naive)], check=True)
    return folder, naive


def measure(folder: Path, naive: Path, rounds: int) -> Times:
    """Return the milliseconds of every implementation in every round."""
    import numpy as np

    def same(theta: Floats, first: Floats) -> None:
        np.testing.assert_allclose(theta, first, rtol=1e-3, atol=1e-5)

    return take_turns("epochs of hw0", epochs(folder, naive), rounds, same)


def epochs(folder: Path, naive: Path) -> dict[str, Prepare]:
    """Return the implementations, each one epoch from fresh weights."""
    simple_ml, (X, y) = load(folder / SIMPLE_ML), data()
    loops = ctypes.CDLL(str(naive)).naive_epoch
    size = ctypes.c_size_t
    sizes = size(M), size(N), size(K)
    inputs, labels = ctypes.c_void_p(X.ctypes.data), ctypes.c_void_p(y.ctypes.data)

    def naive_epoch(theta: Floats) -> None:
        pointer = ctypes.c_void_p(theta.ctypes.data)
        rate = ctypes.c_float(LR)
        loops(inputs, labels, pointer, *sizes, rate, size(BATCH))

    def numpy_epoch(theta: Floats) -> None:
        simple_ml.softmax_regression_epoch(X, y, theta, LR, BATCH)

    def cpp_epoch(theta: Floats) -> None:
        simple_ml.softmax_regression_epoch_cpp(X, y, theta, LR, BATCH)

    return {
        "NumPy": training(numpy_epoch),
        "C++": training(cpp_epoch),
        "C++, naive loops": training(naive_epoch),
    }


def training(epoch: Callable[[Floats], None]) -> Prepare:
    """Return what prepares an epoch: it trains fresh weights, and returns them."""

    def prepare() -> Callable[[], Any]:
        theta = weights()

        def run() -> Floats:
            epoch(theta)
            return theta

        return run

    return prepare


def weights() -> Floats:
    """Return the weights that every epoch starts from."""
    import numpy as np

    return np.zeros((N, K), dtype=np.float32)


def extra_memory(folder: Path) -> float:
    """Return by how many MB one C++ epoch raises this process above its data."""
    simple_ml, (X, y), theta = load(folder / SIMPLE_ML), data(), weights()
    before = memory_now()
    simple_ml.softmax_regression_epoch_cpp(X, y, theta, LR, BATCH)
    return memory_peak() - before


def memory_in_a_process_of_its_own(folder: Path) -> float:
    """Run ``extra_memory`` where nothing else has raised the peak."""
    command = [sys.executable, __file__, "--memory", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def table(times: Times, megabytes: float) -> str:
    """Return the table in Markdown."""
    base = times["NumPy"]
    lines = [
        f"One epoch of softmax regression, {SIZES}, one thread, {len(base)} rounds,"
        " processor time:",
        "",
        "| implementation | median ms | min to max | of NumPy's time | min to max |",
        "| --- | ---: | ---: | ---: | ---: |",
        *(
            f"| {name} | {figures(values, 1)} | {figures(ratios(values, base), 2)} |"
            for name, values in times.items()
        ),
        "",
        f"Peak memory of the C++ epoch above its data: {megabytes:.1f} MB.",
        "",
        f"{machine(COMMAND)}; {compiler()}; OpenBLAS kernels: {openblas_kernels()}.",
    ]
    return "\n".join(lines)


def compiler() -> str:
    """Return the first line in which the compiler names itself."""
    done = subprocess.run(
        ["c++", "--version"], check=False, capture_output=True, text=True
    )
    return done.stdout.splitlines()[0] if done.returncode == 0 else "unknown compiler"


if __name__ == "__main__":
    main()
