"""Large graphs: the time of forward and backward, and the memory, by node."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

from generated import table
from memory import memory_now, memory_peak
from needle_watch import collector_timed
from one_thread import prepare_environment
from solved import load
from turns import timed

SIZES = (25_000, 50_000, 100_000, 200_000)
NODES_A_STEP = 3
ITSELF = Path(__file__)


def measure(folder: Path, rounds: int) -> str:
    """Return the table in Markdown."""
    ndl = load(folder / "apps/simple_ml.py").ndl
    rows = []
    for nodes in SIZES:
        taken = [forward_and_backward(ndl, nodes) for _ in range(rounds)]
        medians = [statistics.median(each) for each in zip(*taken, strict=True)]
        bytes_used = memory_in_a_process_of_its_own(folder, nodes)
        whole = " | ".join(f"{milliseconds:.0f}" for milliseconds in medians[:2])
        single = " | ".join(f"{1000 * each / nodes:.1f}" for each in medians)
        memory = " | ".join(f"{each / nodes:.0f}" for each in bytes_used)
        rows.append(f"| {nodes:,} | {whole} | {single} | {memory} |")
    return "\n\n".join(
        [
            "A graph of diamonds, `h = h * 0.5 + h * 0.5`, one float32 element, one"
            f" thread, {rounds} rounds,\nmedians of processor time. Memory: its peak,"
            " with the graphs of the gradients.",
            table(
                "| nodes | forward ms | backward ms"
                " | forward us/node | backward us/node | collector us/node"
                " | allocated B/node | resident B/node |",
                rows,
                words=0,
            ),
            "Python's collector of reference cycles looks at all that is alive, again"
            " and again while a graph grows:\nwhat it takes is part of both times, and"
            " all that is not the same for each node.",
        ]
    )


def forward_and_backward(ndl: Any, nodes: int) -> tuple[float, float, float]:
    """Return the ms of forward, of backward and of the collector during both."""
    seconds = 0.0

    def watched(run: Callable[[], Any]) -> Any:
        nonlocal seconds
        with collector_timed() as collecting:
            result = run()
        seconds += collecting()
        return result

    forward, (x, h) = timed(lambda: watched(lambda: diamonds(ndl, nodes)))
    backward, _ = timed(lambda: watched(h.backward))
    assert x.grad.numpy() == 1, f"the gradient is {x.grad}, not 1"
    return forward, backward, 1000 * seconds


def diamonds(ndl: Any, nodes: int) -> tuple[Any, Any]:
    """Return the leaf and the end of a chain of diamonds; its value stays 1."""
    import numpy as np

    x = h = ndl.Tensor(np.ones(1, np.float32))
    for _ in range(nodes // NODES_A_STEP):
        h = h * 0.5 + h * 0.5
    return x, h


def memory_in_a_process_of_its_own(folder: Path, nodes: int) -> tuple[float, float]:
    """Return the peaks of allocated and of resident memory, in bytes."""
    figures = []
    for how in ("allocated", "resident"):
        command = [sys.executable, str(ITSELF), how, str(folder), str(nodes)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        figures.append(float(done.stdout))
    allocated, resident = figures
    return allocated, resident


def peak(how: str, folder: Path, nodes: int) -> float:
    """Return by how much the graph and its gradients raise this process's memory."""
    ndl = load(folder / "apps/simple_ml.py").ndl
    if how == "resident":
        before = memory_now()
        forward_and_backward(ndl, nodes)
        return (memory_peak() - before) * 2**20
    tracemalloc.start()
    forward_and_backward(ndl, nodes)
    return float(tracemalloc.get_traced_memory()[1])


if __name__ == "__main__":
    prepare_environment()
    _, how, folder, nodes = sys.argv
    sys.stdout.write(f"{peak(how, Path(folder), int(nodes))}\n")
