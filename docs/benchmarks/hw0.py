"""Time one epoch of softmax regression: NumPy, our C++ and the naive loops in C++.

One process, one thread for all, data of MNIST's size; the implementations take turns in
every round, and ratios are taken within a round.

    python docs/benchmarks/hw0.py
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import importlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generated import machine, write_block

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Data = tuple[npt.NDArray[np.float32], npt.NDArray[np.uint8]]

COMMAND = "python docs/benchmarks/hw0.py"
ROUNDS = 15
M, N, K, BATCH, LR = 60_000, 784, 10, 100, 0.1
STATUS = Path("/proc/self/status")
ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
# Set by some environments; they make OpenBLAS choose slower kernels than it has.
MISLEADING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")

Epoch = Callable[["npt.NDArray[np.float32]"], object]


def main() -> None:
    """Build, measure, and write the table into ``docs/benchmarks.md``."""
    parser = argparse.ArgumentParser(description="Time hw0's epochs.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--print", action="store_true", help="leave the page alone")
    parser.add_argument("--memory", metavar="SRC", help=argparse.SUPPRESS)
    options = parser.parse_args()
    prepare_environment()
    if options.memory:
        sys.stdout.write(f"{extra_memory(options.memory):.1f}\n")
        return
    with tempfile.TemporaryDirectory(prefix="hw0-benchmark-") as scratch:
        source, naive = build(Path(scratch))
        megabytes = memory_in_a_process_of_its_own(source)
        times = measure(epochs(source, naive), options.rounds)
    text = table(times, megabytes)
    if options.print:
        sys.stdout.write(text + "\n")
    else:
        write_block("hw0-epoch", text)


def prepare_environment() -> None:
    """Give every library one thread; has to happen before NumPy is imported."""
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    for name in MISLEADING:
        os.environ.pop(name, None)


def build(scratch: Path) -> tuple[Path, Path]:
    """Build the solved homework and the naive loops; return where they are."""
    from coursekit.course import Course
    from coursekit.staging import ALL, render, write_folder

    course = Course.find(Path(__file__))
    folder = scratch / "hw0"
    write_folder(render(course, course.homework("hw0"), ALL), folder)
    subprocess.run(["make", "-s", f"PYTHON={sys.executable}"], cwd=folder, check=True)
    naive = scratch / "naive_epoch.so"
    flags = ["-O3", "-std=c++17", "-fPIC", "-shared", "-march=native"]
    loops = Path(__file__).with_name("naive_epoch.cpp")
    subprocess.run(["c++", *flags, str(loops), "-o", str(naive)], check=True)
    return folder / "src", naive


def data() -> Data:
    """Return inputs and labels of MNIST's size; like there, most inputs are 0."""
    import numpy as np

    rng = np.random.default_rng(0)
    X = rng.random((M, N), dtype=np.float32)
    for rows in np.array_split(X, 100):  # in parts: no temporary copy of the whole
        rows[rows < 0.8] = 0
    return X, rng.integers(K, size=M, dtype=np.uint8)


def weights() -> npt.NDArray[np.float32]:
    """Return the weights that every epoch starts from."""
    import numpy as np

    return np.zeros((N, K), dtype=np.float32)


def load(source: Path | str) -> Any:
    """Import the solved homework's simple_ml."""
    sys.path.insert(0, str(source))
    return importlib.import_module("simple_ml")


def epochs(source: Path, naive: Path) -> dict[str, Epoch]:
    """Return the implementations, each a function that trains the weights it gets."""
    simple_ml, (X, y) = load(source), data()
    loops = ctypes.CDLL(str(naive)).naive_epoch
    size = ctypes.c_size_t
    sizes = size(M), size(N), size(K)
    inputs, labels = ctypes.c_void_p(X.ctypes.data), ctypes.c_void_p(y.ctypes.data)

    def naive_epoch(theta: npt.NDArray[np.float32]) -> object:
        pointer = ctypes.c_void_p(theta.ctypes.data)
        rate = ctypes.c_float(LR)
        return loops(inputs, labels, pointer, *sizes, rate, size(BATCH))

    return {
        "NumPy": lambda theta: simple_ml.softmax_regression_epoch(
            X, y, theta, LR, BATCH
        ),
        "C++": lambda theta: simple_ml.softmax_regression_epoch_cpp(
            X, y, theta, LR, BATCH
        ),
        "C++, naive loops": naive_epoch,
    }


def measure(implementations: dict[str, Epoch], rounds: int) -> dict[str, list[float]]:
    """Return the milliseconds of every implementation in every round."""
    import numpy as np

    times: dict[str, list[float]] = {name: [] for name in implementations}
    for round_number in range(rounds + 1):
        results = []
        for name, epoch in implementations.items():
            theta = weights()
            begun = time.perf_counter()
            epoch(theta)
            seconds = time.perf_counter() - begun
            results.append(theta)
            if round_number:  # the first round warms up
                times[name].append(1000 * seconds)
        for other in results[1:]:  # a fast wrong answer is no answer
            np.testing.assert_allclose(other, results[0], rtol=1e-3, atol=1e-5)
    return times


def extra_memory(source: str) -> float:
    """Return by how many MB one C++ epoch raises this process above its data."""
    simple_ml, (X, y), theta = load(source), data(), weights()
    before = memory_now()
    simple_ml.softmax_regression_epoch_cpp(X, y, theta, LR, BATCH)
    return memory_peak() - before


def memory_now() -> float:
    """Return the memory in use in MB, and let the peak begin here where that works."""
    if not STATUS.exists():  # macOS knows the peak so far and nothing else
        return memory_peak()
    with contextlib.suppress(OSError):
        STATUS.with_name("clear_refs").write_text("5")
    return memory_status("VmRSS")


def memory_peak() -> float:
    """Return the largest memory so far in MB."""
    if STATUS.exists():
        return memory_status("VmHWM")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def memory_status(field: str) -> float:
    """Return one line of what Linux tells about this process, in MB."""
    lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
    return int(lines[field].split()[0]) / 2**10


def memory_in_a_process_of_its_own(source: Path) -> float:
    """Run ``extra_memory`` where nothing else has raised the peak."""
    command = [sys.executable, __file__, "--memory", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def table(times: dict[str, list[float]], megabytes: float) -> str:
    """Return the table in Markdown."""
    base = times["NumPy"]
    lines = [
        f"One epoch of softmax regression, {M} x {N}, {K} classes, batch {BATCH}, "
        f"float32, one thread, {len(base)} rounds:",
        "",
        "| implementation | median ms | min to max | of NumPy's time | min to max |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, values in times.items():
        ratios = [value / other for value, other in zip(values, base, strict=True)]
        lines.append(
            f"| {name} | {statistics.median(values):.1f} "
            f"| {min(values):.1f} to {max(values):.1f} "
            f"| {statistics.median(ratios):.2f} "
            f"| {min(ratios):.2f} to {max(ratios):.2f} |"
        )
    lines += [
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


def openblas_kernels() -> str:
    """Ask the OpenBLAS in NumPy's wheel for which processor its kernels are."""
    import numpy as np

    folder = Path(np.__file__).parent.parent / "numpy.libs"
    for library in folder.glob("*openblas*"):
        loaded = ctypes.CDLL(str(library))
        for name in ("scipy_openblas_get_corename64_", "openblas_get_corename"):
            if hasattr(loaded, name):
                ask = getattr(loaded, name)
                ask.restype = ctypes.c_char_p
                return str(ask().decode())
    return "unknown"


if __name__ == "__main__":
    main()
