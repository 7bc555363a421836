"""A step of training the residual network, needle and PyTorch taking turns."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from generated import table
from one_thread import openblas_kernels
from oracle import NO_TORCH, torch_or_none
from resnet_steps import (
    NETWORK,
    PHASES,
    Phases,
    Step,
    many,
    needle_evaluation,
    needle_network,
    needle_step,
)
from solved import load
from torch_resnet import torch_evaluation, torch_step
from turns import Prepare, Times, figures, ratios, take_turns

MUST, AIM = 3.0, 1.5
STEPS = 50
NEEDLE, SPARED = "needle", "needle, `backward` inside `no_grad`"
EAGER, FUSED = "PyTorch, eager", "PyTorch, eager, fused Adam"
Makers = dict[str, Callable[..., Step]]


def measure(folder: Path, rounds: int) -> str:
    """Return the tables in Markdown."""
    apps = load(folder / "apps/mlp_resnet.py")
    torch = torch_or_none()
    makers = steps(apps, torch)
    agree(makers)
    watched: dict[str, Phases] = {name: {} for name in makers}
    runs = {name: watch(make, watched[name]) for name, make in makers.items()}
    times = take_turns("steps of training", runs, rounds, lambda *_: None)
    return "\n\n".join(
        [
            f"A step of training, {NETWORK}, Adam, one thread, {rounds} rounds of"
            f" {STEPS} steps, processor time.\n"
            f"Must: at most {MUST} times the time of PyTorch, eager; aim: {AIM}.",
            table(
                "| | ms | min to max | ratio | min to max | to fused | min to max |",
                rows(times),
            ),
            "The same steps in parts, means in ms:",
            table(
                f"| | {' | '.join(PHASES)} |",
                [part_row(name, watched[name], rounds) for name in makers],
            ),
            "The logits of a batch in evaluation mode, without a graph:",
            table(
                "| | ms | min to max | ratio | min to max |",
                [evaluations(apps, torch, rounds)],
            ),
            *([] if torch else [NO_TORCH]),
            f"OpenBLAS kernels: {openblas_kernels()}.",
        ]
    )


def steps(apps: Any, torch: Any) -> Makers:
    """Return what makes the first step of each implementation, given keywords."""
    found: Makers = {
        NEEDLE: partial(needle_step, apps),
        SPARED: partial(needle_step, apps, graphs=False),
    }
    if torch:
        begun = parameters(apps)
        found[EAGER] = partial(torch_step, torch, begun)
        found[FUSED] = partial(torch_step, torch, begun, fused=True)
    return found


def parameters(apps: Any) -> list[Any]:
    """Return the arrays that every network begins with."""
    return [p.numpy() for p in needle_network(apps).parameters()]


def evaluations(apps: Any, torch: Any, rounds: int) -> str:
    """Return the rows of the table of evaluation."""
    runs = {NEEDLE: repeat(needle_evaluation(apps))}
    if torch:
        runs[EAGER] = repeat(torch_evaluation(torch, parameters(apps)))
    times = take_turns("evaluation", runs, rounds, same_logits)
    return "\n".join(
        f"| {name} | {figures([value / STEPS for value in values], 2)}"
        f" | {figures(ratios(values, times[EAGER]), 2) if torch else '|'} |"
        for name, values in times.items()
    )


def repeat(evaluate: Callable[[], Any]) -> Prepare:
    """Return a run of many evaluations that returns the last logits."""

    def run() -> Any:
        return [evaluate() for _ in range(STEPS)][-1].numpy()

    return lambda: run


def same_logits(logits: Any, first: Any) -> None:
    """Raise unless two networks gave the same logits."""
    import numpy as np

    np.testing.assert_allclose(logits, first, rtol=1e-3, atol=1e-4)


def agree(makers: Makers) -> None:
    """Raise unless all come to the same loss, without dropout.

    With it each draws zeros of its own.
    """
    losses = {
        name: many(partial(make, drop=0), 10)()() for name, make in makers.items()
    }
    first = losses[NEEDLE]
    for name, loss in losses.items():
        assert abs(loss - first) < 1e-3 * first, f"{name}: loss {loss}, needle {first}"


def watch(make: Callable[[], Step], phases: Phases) -> Prepare:
    """Return a run of steps whose phases are timed as well."""

    def prepare() -> Callable[[], None]:
        step = make()

        def run() -> None:
            for _ in range(STEPS):
                step.timed(phases)

        return run

    return prepare


def rows(times: Times) -> list[str]:
    """Return the rows of the table of steps."""
    found = []
    for name, values in times.items():
        cells = [figures([value / STEPS for value in values], 2)]
        for base in (EAGER, FUSED):
            known = times.get(base)
            cells.append(figures(ratios(values, known), 2) if known else "|")
        found.append(f"| {name} | {' | '.join(cells)} |")
    return found


def part_row(name: str, phases: Phases, rounds: int) -> str:
    """Return the row of one implementation in the table of parts."""
    taken = (rounds + 1) * STEPS  # with the round that warms up
    cells = (f"{1000 * phases[phase] / taken:.2f}" for phase in PHASES)
    return f"| {name} | {' | '.join(cells)} |"
