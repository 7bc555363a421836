"""Time the arrays of hw3, operation by operation: needle's reference, in C++.

    python docs/benchmarks/hw3.py

One thread. needle, NumPy and PyTorch take turns, and ratios are taken within a round.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import hw3_cases as cases
from blocks import measure_blocks
from hw3_compare import Case, Limits, compare
from hw3_libraries import libraries
from one_thread import openblas_kernels

# As times: 15% and 35% of NumPy's speed.
PRODUCTS = Limits(must=1 / 0.15, aim=1 / 0.35)
COPIES = Limits(must=3.0, aim=1.5)


def measure(
    title: str,
    chosen: Sequence[Case],
    limits: Limits | None,
    folder: Path,
    rounds: int,
) -> str:
    """Return a block: what is measured, the table, and whose kernels NumPy ran."""
    said = f"{title}, float32, one thread, {rounds} rounds, processor time."
    if limits:
        said += (
            f"\nMust: at most {limits.must:.1f} times NumPy's time,"
            f" {100 / limits.must:.0f}% of its speed;"
            f" aim: {limits.aim:.1f} times, {100 / limits.aim:.0f}%."
        )
    return "\n\n".join(
        [
            said,
            compare(chosen, libraries(folder), rounds, limits),
            f"OpenBLAS kernels: {openblas_kernels()}.",
        ]
    )


BLOCKS = {
    "hw3-products": partial(
        measure,
        "Products of matrices",
        cases.PRODUCTS,
        PRODUCTS,
    ),
    "hw3-reductions": partial(
        measure, "Reductions of compact arrays", cases.REDUCTIONS, COPIES
    ),
    "hw3-copies": partial(measure, "Copies from and to views", cases.COPIES, COPIES),
    "hw3-elementwise": partial(
        measure, "Operations element by element", cases.ELEMENTWISE, None
    ),
    "hw3-small": partial(
        measure, "Small arrays, a vector, and memory", cases.SMALL, None
    ),
}

if __name__ == "__main__":
    measure_blocks(("hw3",), BLOCKS, rounds=9)
