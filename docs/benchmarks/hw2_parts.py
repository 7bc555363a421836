"""Where the time of a training step goes: array calls, by kind, and the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from needle_watch import calls_and_values
from resnet_steps import NETWORK, many, needle_step
from solved import load
from turns import Prepare, figures, ratios, table, take_turns

REPEAT = 50
WHOLE, PRODUCTS, ARRAYS = "a step", "matrix products", "all operations on arrays"
# An operation and the arrays it was given.
Call = tuple[Any, tuple[Any, ...]]


def measure(folder: Path, rounds: int) -> str:
    """Return the table in Markdown."""
    apps = load(folder / "apps/mlp_resnet.py")
    step = needle_step(apps)
    step()  # the first step of an optimizer is another one
    with calls_recorded(apps.ndl) as calls:
        step()
    products = [call for call in calls if type(call[0]).__name__ == "MatMul"]
    runs = {
        WHOLE: many(lambda: step, REPEAT),
        PRODUCTS: replay(products),
        ARRAYS: replay(calls),
    }
    times = take_turns("parts of a step", runs, rounds, lambda *_: None)
    called, made = calls_and_values(apps.ndl, step)
    rows = [
        f"| {name} | {len(counted)} | {figures([t / REPEAT for t in times[name]], 2)}"
        f" | {figures(ratios(times[name], times[WHOLE]), 2)} |"
        for name, counted in ((PRODUCTS, products), (ARRAYS, calls))
    ]
    whole = figures([t / REPEAT for t in times[WHOLE]], 2)
    return "\n\n".join(
        [
            f"A step of training, {NETWORK}, Adam, one thread, {rounds} rounds:"
            " what is left when the operations of a step are done again on the same"
            " arrays, without needle.",
            table(
                "| | operations | ms | min to max | share | min to max |",
                [f"| {WHOLE} | {len(calls)} | {whole} | 1.00 | |", *rows],
            ),
            f"A step makes {made} values and calls {called} functions of Python and C,"
            f" {called / made:.0f} for each value.",
        ]
    )


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
