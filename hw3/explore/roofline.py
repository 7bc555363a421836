"""Draw the roof of this machine, and the student's kernels below it."""

from __future__ import annotations

import time
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from explore.apart import call
from explore.building import module_path
from explore.compiler import machine
from explore.patience import patient, say
from explore.picture import COLOURS, Picture

Array: TypeAlias = np.ndarray
SIDE = 512  # of the matrices
LENGTH = 1 << 24  # of the vectors: more than caches hold
ROUNDS = 7


class Kernel(NamedTuple):
    """How much a kernel computes, how much memory it has to touch at least."""

    name: str
    flops: float
    bytes: float


class Point(NamedTuple):
    """A kernel that was timed."""

    name: str
    intensity: float  # operations a byte
    rate: float  # operations a second


N, S = LENGTH, SIDE
KERNELS = (
    Kernel("ewise_add", N, 12 * N),
    Kernel("ewise_mul", N, 12 * N),
    Kernel("reduce_sum", N, 4 * N),
    Kernel("matmul", 2 * S**3, 12 * S**2),
    Kernel("matmul_tiled", 2 * S**3, 12 * S**2),
    Kernel("matmul of NumPy", 2 * S**3, 12 * S**2),
)


@patient
def roofline() -> Picture:
    """Measure the machine and the kernels that are there; print them, and draw both.

    The kernels are those built last. Those that are not written yet are named.
    """
    module_path()
    peak, bandwidth = peak_rate(), copy_rate()
    say(f"at most {peak / 1e9:.1f} GFLOP/s, and {bandwidth / 1e9:.1f} GB/s of memory")
    seconds: dict[str, float | None] = call(_timing_source(), "measure")
    points = []
    for kernel in KERNELS:
        taken = seconds[kernel.name]
        if taken is None:
            continue
        point = Point(kernel.name, kernel.flops / kernel.bytes, kernel.flops / taken)
        roof = min(peak, bandwidth * point.intensity)
        say(
            f"  {point.name:16s} {point.intensity:7.2f} FLOP a byte"
            f" {point.rate / 1e9:8.2f} GFLOP/s, {point.rate / roof:5.0%} of the roof"
        )
        points.append(point)
    waiting = [name for name, taken in seconds.items() if taken is None]
    if waiting:
        say(f"Not yet: {', '.join(waiting)}. Come back to this cell afterwards.")
    return draw(peak, bandwidth, points)


def peak_rate() -> float:
    """Return how many floating point operations a second one core does at best."""
    return float(max(machine().peak(100_000) for _ in range(50)))


def copy_rate() -> float:
    """Return how many bytes a second one core reads and writes, far from the caches."""
    source = np.ones(LENGTH, dtype=np.float32)
    target = np.empty_like(source)
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        np.copyto(target, source)
        best = min(best, time.perf_counter() - begun)
    return 2 * source.nbytes / best


def _timing_source() -> str:
    """Return the code that times the kernels in a process of its own."""
    return f"""
def measure():
    device = nd.cpu()
    rng = np.random.RandomState(0)
    long = [nd.array(rng.rand({LENGTH}), device=device) for _ in range(2)]
    out = nd.empty(({LENGTH},), device=device)
    one = nd.empty((1,), device=device)
    square = [nd.array(rng.rand({SIDE}, {SIDE}), device=device) for _ in range(3)]
    a, b, c = (each._handle for each in (*long, out))
    x, y, z = (each._handle for each in square)
    p, q = (each.numpy() for each in square[:2])
    sides = ({SIDE},) * 3
    runs = {{
        "ewise_add": lambda: device.ewise_add(a, b, c),
        "ewise_mul": lambda: device.ewise_mul(a, b, c),
        "reduce_sum": lambda: device.reduce_sum(a, one._handle, {LENGTH}),
        "matmul": lambda: device.matmul(x, y, z, *sides),
        "matmul_tiled": lambda: device.matmul_tiled(x, y, z, *sides),
        "matmul of NumPy": lambda: p @ q,
    }}
    return {{name: best(run) for name, run in runs.items()}}


def best(run):
    taken = []
    for _ in range({ROUNDS}):
        begun = time.perf_counter()
        try:
            run()
        except NotImplementedError:
            return None
        taken.append(time.perf_counter() - begun)
    return min(taken)
"""


def draw(peak: float, bandwidth: float, points: list[Point]) -> Picture:
    """Draw operations a second over operations a byte, both in powers of ten."""
    picture = Picture(7.2, 3.6)
    ax = picture.figure.subplots()
    intensities = np.logspace(-1.6, 2.6, 200)
    roof = np.minimum(peak, bandwidth * intensities)
    ax.loglog(intensities, roof / 1e9, color=COLOURS[5], linewidth=2)
    ax.annotate("as fast as memory", (0.03, 0.03 * bandwidth / 1e9 * 1.6), fontsize=8,
                rotation=35)  # fmt: skip
    ax.annotate("as fast as it computes", (30, peak / 1e9 * 1.12), fontsize=8)
    for point, colour in zip(points, COLOURS * 2, strict=False):
        _mark(ax, point, colour)
    ax.set_ylim(top=peak / 1e9 * 2.5)
    ax.set_xlabel("operations for each byte of memory")
    ax.set_ylabel("GFLOP/s")
    ax.grid(alpha=0.3)
    ax.legend(fontsize=8, loc="upper left")
    return picture


def _mark(ax: Any, point: Point, colour: str) -> None:
    ax.plot(point.intensity, point.rate / 1e9, "o", color=colour, label=point.name)
