"""Measure how long memory takes to answer: by distance, and by how one walks."""

from __future__ import annotations

import ctypes
from pathlib import Path
from time import perf_counter
from typing import TypeAlias

import numpy as np

from explore.compiler import machine
from explore.patience import patient, say
from explore.picture import COLOURS, Picture

Array: TypeAlias = np.ndarray
LOOK, STEPS, ROUNDS = 1_000_000, 10_000, 12  # short walks: nobody may come between
LARGEST = 128  # MB
LINE = 64  # bytes: what memory hands over at once
SHOWN = 8  # rows of a table
SYSFS = Path("/sys/devices/system/cpu/cpu0/cache")


@patient
def memory_ladder(largest: int = LARGEST) -> Picture:
    """Walk through memories of growing size in random order; draw the time of a step.

    Each step reads where the next one goes, so none can begin before the last one has
    ended. ``largest`` is in megabytes.
    """
    sizes = 2.0 ** np.arange(12, np.log2(largest * 2**20) + 0.1, 0.5)
    sizes = (sizes // LINE * LINE).astype(int)
    waits = np.array([latency(size) for size in sizes])
    say(f"{'memory':>10s}  {'a step takes':>12s}")
    for at in np.unique(np.linspace(0, len(sizes) - 1, SHOWN).round().astype(int)):
        say(f"{_size_text(sizes[at]):>10s}  {waits[at] * 1e9:9.1f} ns")
    picture = Picture(7.2, 3.0)
    ax = picture.figure.subplots()
    ax.plot(sizes, waits * 1e9, ".-", color=COLOURS[0], linewidth=1)
    ax.set_xscale("log", base=2)
    ax.set_yscale("log")
    for name, size in caches().items():
        ax.axvline(size, color=COLOURS[5], linestyle=":", linewidth=1)
        ax.annotate(f" {name}", (size, waits.max() * 1e9), fontsize=8, va="top")
    ticks = sizes[::4]
    ax.set_xticks(ticks, [_size_text(size) for size in ticks], fontsize=8)
    ax.minorticks_off()
    ax.set_xlabel("memory that is walked through")
    ax.set_ylabel("nanoseconds a step")
    ax.grid(alpha=0.3)
    return picture


def latency(size: int) -> float:
    """Return the seconds of a step on a random way through so many bytes."""
    chain = circle(size // LINE, LINE // 4)
    at = np.zeros(1, dtype=np.uint32)
    where = chain.ctypes.data, at.ctypes.data
    machine().chase(*where, min(len(chain), LOOK))  # once without looking at the clock
    return float(min(machine().chase(*where, STEPS) for _ in range(ROUNDS)))


def circle(places: int, apart: int) -> Array:
    """Return numbers that lead from place to place, through all, in random order.

    Places are ``apart`` numbers from each other, so that each has a line of its own.

    >>> circle(1, 2)
    array([0, 0], dtype=uint32)
    """
    order = np.random.RandomState(0).permutation(places)
    chain = np.zeros(places * apart, dtype=np.uint32)
    chain[order * apart] = np.roll(order, -1) * apart
    return chain


def caches() -> dict[str, int]:
    """Return the sizes of this machine's caches in bytes; {} where it does not say."""
    found = {}
    for folder in sorted(SYSFS.glob("index*")):
        level, kind, size = (
            (folder / name).read_text().strip() for name in ("level", "type", "size")
        )
        if kind != "Instruction" and size.endswith("K"):
            found[f"L{level}"] = int(size[:-1]) * 1024
    return found


@patient
def walk_by_steps(strides: tuple[int, ...] = (1, 2, 4, 8, 16, 32)) -> None:
    """Read every, every second, every fourth number of a large memory; time it."""
    size = LARGEST * 2**20 // 16
    data = np.ones(size, dtype=np.uint32)
    say(
        f"{'every n-th number':>18s}  {'a number takes':>14s}  {'lines of memory':>15s}"
    )
    for stride in strides:
        arguments = data.ctypes.data, size, stride, size // stride
        seconds = min(machine().stroll(*arguments) for _ in range(ROUNDS))
        lines = min(1.0, stride * 4 / LINE)
        say(f"{stride:18d}  {seconds * 1e9:11.2f} ns  {lines:13.2f}")


@patient
def two_orders(rows: int = 2048, columns: int = 2048) -> None:
    """Time the product of a row and a matrix in two orders of its loops."""
    rng = np.random.RandomState(0)
    x = rng.standard_normal(rows).astype("float32")
    A = rng.standard_normal((rows, columns)).astype("float32")
    y = np.empty(columns, dtype="float32")
    seconds = {}
    for name in ("by_columns", "by_rows"):
        function = getattr(machine(), f"row_times_matrix_{name}")
        arguments = (*(each.ctypes.data for each in (x, A, y)), rows, columns)
        seconds[name] = min(_timed(function, arguments) for _ in range(ROUNDS))
        np.testing.assert_allclose(y, x @ A, rtol=1e-3, atol=1e-3)
    for name, taken in seconds.items():
        rate = 2 * rows * columns / taken / 1e9
        say(f"{name.replace('_', ' '):12s} {taken * 1e3:8.2f} ms  {rate:7.2f} GFLOP/s")


def _timed(function: ctypes._NamedFuncPointer, arguments: tuple[int, ...]) -> float:
    begun = perf_counter()
    function(*arguments)
    return perf_counter() - begun


def _size_text(size: float) -> str:
    """Return a number of bytes in the largest unit that fits.

    >>> _size_text(32 * 1024)
    '32 KB'
    """
    units = ["B", "KB", "MB"]
    while size >= 1024 and len(units) > 1:
        size /= 1024
        units.pop(0)
    return f"{size:.3g} {units[0]}"
