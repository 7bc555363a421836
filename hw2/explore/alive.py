"""Count what stays alive while something is repeated."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence

from explore.patience import patient, say

ROUNDS = (1, 5, 10, 20)


@patient
def count_alive(
    steps: Mapping[str, Callable[[], object]], rounds: Sequence[int] = ROUNDS
) -> None:
    """Repeat each step and print how many more values are alive than after none.

    They are counted after a visit of the garbage collector: what is alive then is held
    by somebody.
    """
    found = {name: alive_after(step, rounds) for name, step in steps.items()}
    say(f"{'values alive after step':28s}" + "".join(f"{k:>8d}" for k in rounds))
    for name, counts in found.items():
        say(f"  {name:26s}" + "".join(f"{count:8d}" for count in counts))


def alive_after(step: Callable[[], object], rounds: Sequence[int]) -> list[int]:
    """Return how many more values are alive after some of the repetitions."""
    before = _alive()
    counts = []
    for number in range(1, max(rounds) + 1):
        step()
        if number in rounds:
            counts.append(_alive() - before)
    return counts


def _alive() -> int:
    import needle as ndl

    gc.collect()
    return int(ndl.memory.live())
