"""What it costs to begin: importing needle, and the memory of a training step."""

from __future__ import annotations

import resource
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

from generated import table
from resnet_steps import NETWORK, needle_step
from solved import load
from turns import figures

MB = 2**20


def measure(folder: Path, rounds: int) -> str:
    """Return the table in Markdown."""
    apps = load(folder / "apps/mlp_resnet.py")
    imported = imports_timed(folder / "python", rounds)
    kept, peak = memory_of(lambda: needle_step(apps, graphs=False))
    return "\n\n".join(
        [
            f"A fresh Python, processor time, {rounds} rounds:",
            table(
                "| | ms | min to max |",
                [f"| {name} | {figures(ms, 0)} |" for name, ms in imported.items()],
            ),
            f"Memory of a step, {NETWORK}, `backward` inside `no_grad`:\n"
            "parameters, Adam's state and the last"
            f" gradients take {kept / MB:.1f} MB, and at its peak the step"
            f" {(peak - kept) / MB:.1f} MB more.",
        ]
    )


def imports_timed(library: Path, rounds: int) -> dict[str, list[float]]:
    """Return the processor time in ms of fresh processes that import, in turns."""
    programs = {
        "Python alone": "pass",
        "`import numpy`": "import numpy",
        "`import needle`": f"import sys; sys.path.insert(0, {str(library)!r});"
        " import needle",
    }
    times: dict[str, list[float]] = {name: [] for name in programs}
    for number in range(rounds + 1):
        for name, program in programs.items():
            taken = child_seconds(program)
            if number:  # the first round compiles
                times[name].append(1000 * taken)
    return times


def child_seconds(program: str) -> float:
    """Return the processor time of a Python that runs a program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-I", "-c", program], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def memory_of(make: Callable[[], Any]) -> tuple[int, int]:
    """Return how many bytes are in use between two steps, and at most in one."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    step = make()
    for _ in range(2):
        step()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    step()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return kept - before, peak - before
