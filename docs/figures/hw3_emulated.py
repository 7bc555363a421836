"""Run ``hw3_kernels.cu`` on the emulator: what figures and tables of hw3 count."""

from __future__ import annotations

import ctypes
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parents[1] / "common" / "emulator" / "python"))

from cuda_emulator import build  # noqa: E402 - found by the line above
from cuda_emulator.counts import SECTOR, Counted, Kernel, counts  # noqa: E402
from cuda_emulator.findings import findings  # noqa: E402
from cuda_emulator.pictures import picture  # noqa: E402
from cuda_emulator.report import report  # noqa: E402

KERNELS = HERE / "hw3_kernels.cu"
BUILD = HERE / "build"


@cache
def library() -> tuple[ctypes.CDLL, Path]:
    """Return the compiled kernels and their file; the emulator is compiled once."""
    BUILD.mkdir(exist_ok=True)
    path = build([KERNELS], BUILD / "hw3_kernels.so", objects=BUILD)
    loaded = ctypes.CDLL(str(path))
    for each in ("findings", "counts"):
        getattr(loaded, f"cuda_emulator_{each}").restype = ctypes.c_char_p
    loaded.cuda_emulator_configure(b"forward", ctypes.c_uint64(0), 1)
    return loaded, path


def owners(size: int, threads: int) -> tuple[list[int], list[int]]:
    """Return the block and the thread that has each element of an array."""
    block, thread = (ctypes.c_float * size)(), (ctypes.c_float * size)()
    library()[0].who(block, thread, size, threads)
    _refuse_findings()
    library()[0].cuda_emulator_counts()  # nobody asks for these
    return [int(each) for each in block], [int(each) for each in thread]


def counted(function: str, *arguments: int) -> Kernel:
    """Return what was counted of the kernel that a function of the file launches."""
    loaded, path = library()
    wrong = loaded[function](*arguments)
    _refuse_findings()
    if wrong:
        raise RuntimeError(f"{function}{arguments}: {wrong} elements are wrong")
    (kernel,) = counts(loaded.cuda_emulator_counts().decode(), path)
    return kernel


def load(kernel: Kernel, array: str, *, shared: bool) -> Counted:
    """Return a kernel's first load of a kind, without its line, and with a name."""
    found = next(p for p in kernel.places if p.act == "load" and p.shared == shared)
    return replace(found, line=None, sample=replace(found.sample, array=array))


def drawn(found: Counted) -> str:
    """Return a picture of an access as SVG."""
    return picture(found)


def total(kernel: Kernel, field: str, *, shared: bool) -> int:
    """Return the sum of what was counted at all places of global or shared memory."""
    chosen = [p.traffic for p in kernel.places if p.shared == shared]
    return int(np.sum([getattr(traffic, field) for traffic in chosen]))


def moved(kernel: Kernel) -> int:
    """Return how many bytes of global memory came or went, in whole sectors."""
    return total(kernel, "sectors", shared=False) * SECTOR


def _refuse_findings() -> None:
    loaded, path = library()
    found = findings(loaded.cuda_emulator_findings().decode(), path)
    if found:
        raise RuntimeError(report(found))
