"""Where the time of a training step goes: array calls, by kind, and the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from generated import table
from needle_watch import calls_and_values
from resnet_steps import NETWORK, many, needle_step
from solved import load
from turns import Prepare, figures, ratios, take_turns

REPEAT = 50
WHOLE, PRODUCTS, OTHERS = "a step", "matrix products", "all other operations"
ADAM, REST = "Adam", "the rest: nodes, sorting, checks, and caches gone cold"
# An operation and the arrays it was given.
Call = tuple[Any, tuple[Any, ...]]


def measure(folder: Path, rounds: int) -> str:
    """Return the table in Markdown."""
    apps = load(folder / "apps/mlp_resnet.py")
    step = needle_step(apps, graphs=False)
    step()  # the first step of an optimizer is another one
    with calls_recorded(apps.ndl) as calls:
        step()
    products, others = split(calls)
    runs = {
        WHOLE: many(lambda: step, REPEAT),
        PRODUCTS: replay(products),
        OTHERS: replay(others),
        ADAM: lambda: lambda: [step.update() for _ in range(REPEAT)],
    }
    times = take_turns("parts of a step", runs, rounds, lambda *_: None)
    known = zip(times[PRODUCTS], times[OTHERS], times[ADAM], strict=True)
    times[REST] = [
        whole - sum(parts) for whole, parts in zip(times[WHOLE], known, strict=True)
    ]
    numbers = {WHOLE: len(calls), PRODUCTS: len(products), OTHERS: len(others)}
    called, made = calls_and_values(apps.ndl, step)
    rows = []
    for name, taken in times.items():
        each = figures([value / REPEAT for value in taken], 2)
        share = figures(ratios(taken, times[WHOLE]), 2)
        rows.append(f"| {name} | {numbers.get(name, '')} | {each} | {share} |")
    return "\n\n".join(
        [
            f"Where the time of a step goes, {NETWORK}, one thread, {rounds} rounds:"
            " its operations done again on the same arrays, without needle, and Adam's"
            " update by itself.",
            table(
                "| | operations | ms | min to max | share | min to max |",
                rows,
            ),
            f"A step makes {made} values and calls {called} functions of Python and C,"
            f" {called / made:.0f} for each value.",
        ]
    )


def split(calls: list[Call]) -> tuple[list[Call], list[Call]]:
    """Return the matrix products among some calls, and the others."""
    products = [call for call in calls if type(call[0]).__name__ == "MatMul"]
    return products, [call for call in calls if type(call[0]).__name__ != "MatMul"]


@contextmanager
def calls_recorded(ndl: Any) -> Iterator[list[Call]]:
    """Keep every operation that is computed, with its arrays."""
    calls: list[Call] = []

    def recorded(compute: Callable[..., Any]) -> Callable[..., Any]:
        def run(op: Any, *arrays: Any) -> Any:
            calls.append((op, arrays))
            return compute(op, *arrays)

        return run

    with ExitStack() as patches:
        for operation in vars(ndl.ops).values():
            if isinstance(operation, type) and "compute" in vars(operation):
                compute = recorded(vars(operation)["compute"])
                patches.enter_context(patch.object(operation, "compute", compute))
        yield calls


def replay(calls: list[Call]) -> Prepare:
    """Return a run of the same operations on the same arrays, and nothing else."""

    def prepare() -> Callable[[], None]:
        def run() -> None:
            for _ in range(REPEAT):
                for op, arrays in calls:
                    op.compute(*arrays)

        return run

    return prepare
