"""Time hw3's CUDA backend on a graphics card, beside cuBLAS and copies by the device.

    python docs/benchmarks/hw3_cuda.py
    python docs/benchmarks/hw3_cuda.py --folder hw3-solved --print

It wants a card, nvcc and PyTorch with CUDA; `make bench` leaves it out. ``--folder`` is
a solved homework 3 that lies there already, for a machine that has only that.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from generated import table, write_block

ROUNDS = 7
ENOUGH = 0.02  # seconds of one measurement: a launch takes microseconds
SIDES = (512, 1024, 2048, 4096, 8192)
RAGGED = (4095, 4097, 4099)
MUST, AIM = 0.5, 0.8  # of cuBLAS's speed, at 4096
ELEMENTS = 1 << 28  # a gigabyte: several times of what the caches hold


@dataclass(frozen=True)
class Case:
    """One thing to do with needle and with PyTorch; ``work`` is what both do of it.

    Attributes:
        work: operations of a product, else bytes that have to be read and written.
        needles: does it with needle's arrays.
        torchs: does it with PyTorch's tensors.
        inputs: shapes of the operands.
    """

    name: str
    work: float
    needles: Callable[..., Any]
    torchs: Callable[..., Any]
    inputs: tuple[tuple[int, ...], ...]


def product(m: int, n: int, p: int) -> Case:
    """Return the product of two matrices."""
    return Case(
        f"{m} x {n} x {p}",
        2.0 * m * n * p,
        lambda a, b: a @ b,
        lambda a, b: a @ b,
        ((m, n), (n, p)),
    )


def moving(name: str, numbers: float, needles: Any, torchs: Any, *shapes: Any) -> Case:
    """Return what moves so many numbers of 4 bytes, and computes little."""
    return Case(name, 4 * numbers, needles, torchs, shapes)


def moves() -> list[Case]:
    """Return what memory limits, a plain copy first."""
    n = ELEMENTS
    side = 1 << 14
    flat, square, tall = (n,), (side, side), (n // 64, 64)
    return [
        moving("copy", 2 * n, lambda a: a + 0.0, lambda a: a.clone(), flat),
        moving("a * b", 3 * n, lambda a, b: a * b, lambda a, b: a * b, flat, flat),
        moving("tanh", 2 * n, lambda a: a.tanh(), lambda a: a.tanh(), flat),
        moving("sum of rows", n, *[lambda a: a.sum(1)] * 2, square),
        moving("sum of columns", n, *[lambda a: a.sum(0)] * 2, square),
        moving("sum of all", n, *[lambda a: a.sum()] * 2, square),
        moving("maximum of 64", n, lambda a: a.max(axis=1), lambda a: a.amax(1), tall),
        moving(
            "compact of a transposed matrix",
            2 * n,
            lambda a: a.permute((1, 0)).compact(),
            lambda a: a.T.contiguous(),
            square,
        ),
        moving(
            "compact of every other column",
            n,
            lambda a: a[:, ::2].compact(),
            lambda a: a[:, ::2].contiguous(),
            square,
        ),
    ]


class Bench:
    """needle's arrays and PyTorch's on one card."""

    def __init__(self, folder: Path, torch: Any) -> None:
        sys.path.insert(0, str(folder / "python"))
        self._torch = torch
        self._nd = import_module("needle.backend_ndarray")
        self._device = self._nd.cuda()
        if not self._device.enabled() or self._device.emulated:
            raise SystemExit(f"no card to measure: {self._device.why_not}")

    @property
    def card(self) -> str:
        """The card's name."""
        return str(self._device.card())

    def row(self, case: Case) -> tuple[list[float], list[float]]:
        """Return work a second of needle and of PyTorch, round by round."""
        rng = np.random.default_rng(0)
        given = [rng.standard_normal(shape, np.float32) for shape in case.inputs]
        ours = [self._nd.array(each, device=self._device) for each in given]
        theirs = [self._torch.from_numpy(each).cuda() for each in given]
        self._same(case, case.needles(*ours), case.torchs(*theirs))
        speeds: tuple[list[float], list[float]] = ([], [])
        for _ in range(ROUNDS):
            speeds[0].append(case.work / self._seconds(lambda: case.needles(*ours)))
            speeds[1].append(case.work / self._seconds(lambda: case.torchs(*theirs)))
        return speeds

    def _same(self, case: Case, ours: Any, theirs: Any) -> None:
        """Refuse to time a wrong answer."""
        got, wanted = ours.numpy(), theirs.cpu().numpy()
        scale = np.abs(wanted).max()
        error = float(np.abs(got.reshape(wanted.shape) - wanted).max() / scale)
        if not error < 1e-3:
            raise SystemExit(f"{case.name}: needle and PyTorch differ by {error:.1e}")

    def _seconds(self, run: Callable[[], Any]) -> float:
        """Return the seconds of one call, of as many in a row as take a while."""
        times = 1
        while True:
            self._torch.cuda.synchronize()
            begun = time.perf_counter()
            for _ in range(times):
                run()
            self._torch.cuda.synchronize()
            took = time.perf_counter() - begun
            if took > ENOUGH:
                return took / times
            times *= 2


def rows(bench: Bench, cases: Sequence[Case], unit: float) -> list[str]:
    """Return the rows of a table, with shares of PyTorch's speed."""
    found = []
    for case in cases:
        ours, theirs = bench.row(case)
        shares = [a / b for a, b in zip(ours, theirs, strict=True)]
        found.append(
            f"| {case.name} | {statistics.median(ours) / unit:.2f}"
            f" | {statistics.median(theirs) / unit:.2f}"
            f" | {statistics.median(shares):.0%}"
            f" | {min(shares):.0%} to {max(shares):.0%} |"
        )
    return found


def measure(folder: Path) -> str:
    """Return the text of the block."""
    torch = import_module("torch")
    if not torch.cuda.is_available():
        raise SystemExit("no graphics card here, or a PyTorch without CUDA")
    torch.backends.cuda.matmul.allow_tf32 = False
    subprocess.run(
        ["make", "-C", str(folder), f"PYTHON={sys.executable}", "CUDA=real"], check=True
    )
    bench = Bench(folder, torch)
    products = [*(product(n, n, n) for n in SIDES), product(*RAGGED)]
    heads = "| {} | needle | PyTorch | share | from to |"
    return "\n\n".join(
        [
            f"{bench.card}; PyTorch {torch.__version__} with TF32 off, so products are"
            f" cuBLAS's in float32; {ROUNDS} rounds, in turns.\nMust: {MUST:.0%} of"
            f" cuBLAS's speed at 4096; aim: {AIM:.0%}.",
            table(heads.format("product, TFLOP/s"), rows(bench, products, 1e12)),
            table(heads.format("memory, GB/s"), rows(bench, moves(), 1e9)),
        ]
    )


def main() -> None:
    """Measure, and write the block or show it."""
    parser = argparse.ArgumentParser(description="Time hw3 on a graphics card.")
    parser.add_argument("--folder", type=Path, help="a solved homework 3")
    parser.add_argument("--print", action="store_true", help="leave the page alone")
    options = parser.parse_args()
    os.environ["NEEDLE_CUDA"] = "real"
    with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch:
        folder = options.folder
        if folder is None:
            from solved import rendered

            folder = rendered("hw3", Path(scratch))
        text = measure(folder.resolve())
    if options.print:
        sys.stdout.write(text + "\n")
    else:
        write_block("hw3-cuda", text)


if __name__ == "__main__":
    main()
