"""The smallest graph: one addition of one element, forward and backward."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from generated import table
from needle_watch import calls_and_values
from oracle import NO_TORCH, torch_or_none
from solved import load
from turns import Prepare, figures, ratios, take_turns

MUST, AIM = 3.0, 1.0
REPEAT = 10_000
NEEDLE = "needle"


def measure(folder: Path, rounds: int) -> str:
    """Return the table in Markdown."""
    ndl = load(folder / "apps/simple_ml.py").ndl
    adds = {NEEDLE: needle_adds(ndl), **torch_adds()}
    times = take_turns("tiny additions", adds, rounds, same)
    base = next((values for name, values in times.items() if name != NEEDLE), None)
    rows = []
    for name, values in times.items():
        each = [1000 * value / REPEAT for value in values]
        ratio = figures(ratios(values, base), 2) if base else "|"
        rows.append(f"| {name} | {figures(each, 1)} | {ratio} |")
    called, _ = calls_and_values(ndl, needle_adds(ndl, repeat=1)())
    return "\n\n".join(
        [
            f"`(a + b).backward()`, one float32 element each, one thread, {rounds}"
            f" rounds of {REPEAT}, processor time.\n"
            f"Must: at most {MUST} times PyTorch's time; aim: {AIM}.",
            table("| | us | min to max | ratio | min to max |", rows),
            *([] if base else [NO_TORCH]),
            f"needle calls {called} functions of Python and C for it.",
        ]
    )


def needle_adds(ndl: Any, repeat: int = REPEAT) -> Prepare:
    """Return many additions with needle; they return a gradient."""
    import numpy as np

    def prepare() -> Callable[[], float]:
        a, b = (ndl.Tensor(np.ones(1, np.float32)) for _ in range(2))

        def run() -> float:
            for _ in range(repeat):
                (a + b).backward()
            return float(a.grad.numpy()[0])

        return run

    return prepare


def torch_adds() -> dict[str, Prepare]:
    """Return many additions with PyTorch, where it is installed."""
    torch = torch_or_none()
    if torch is None:
        return {}

    def prepare() -> Callable[[], float]:
        a, b = (torch.ones(1, requires_grad=True) for _ in range(2))

        def run() -> float:
            for _ in range(REPEAT):
                (a + b).backward()
            return float(a.grad) / REPEAT  # it adds up, needle replaces

        return run

    return {f"PyTorch {torch.__version__}, eager": prepare}


def same(gradient: float, first: float) -> None:
    """Raise unless both found the gradient 1."""
    assert gradient == first == 1, f"gradients {gradient} and {first}, both should be 1"
