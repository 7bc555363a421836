"""In which order nodes and passing edges stand in each layer."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

SWEEPS = 12
EFFORT = 24_000  # items to look at: larger pictures get fewer sweeps


@dataclass
class Item:
    """A node in its layer, or the place where edges pass a layer.

    ``up`` and ``down`` list the neighbours in the layers around it, each with how far
    from the neighbour's middle the edge arrives, as a part of its breadth.
    """

    layer: int
    node: int | None = None
    up: list[tuple[int, float]] = field(default_factory=list)
    down: list[tuple[int, float]] = field(default_factory=list)


def order(items: list[Item], depth: int) -> list[list[int]]:
    """Return the items of each layer, from left to right, with few crossings.

    Each layer in turn is sorted by the middle of its neighbours in the layer before,
    downwards and upwards; the best of all orders seen is kept (Sugiyama et al., 1981).
    """
    rows: list[list[int]] = [[] for _ in range(depth)]
    for number, item in enumerate(items):
        rows[item.layer].append(number)
    best, fewest = [list(row) for row in rows], crossings(items, rows)
    for sweep in range(max(2, min(SWEEPS, EFFORT // len(items)))):
        if not fewest:
            break
        _sweep(items, rows, downwards=sweep % 2 == 0)
        _exchange(items, rows)
        count = crossings(items, rows)
        if count < fewest:
            best, fewest = [list(row) for row in rows], count
    return best


def crossings(items: list[Item], rows: list[list[int]]) -> int:
    """Return how many pairs of edges cross."""
    total = 0
    for row in rows:
        arrivals: list[float] = []
        place = _places(rows[items[row[0]].layer - 1]) if items[row[0]].layer else {}
        for number in row:
            for above, at in items[number].up:  # in the order in which they arrive
                end = place[above] + at
                total += len(arrivals) - bisect_right(arrivals, end)
                insort(arrivals, end)
    return total


def _places(row: list[int]) -> dict[int, int]:
    return {number: place for place, number in enumerate(row)}


def _sweep(items: list[Item], rows: list[list[int]], *, downwards: bool) -> None:
    """Sort every layer by its neighbours in the layer that was sorted before."""
    around: Callable[[Item], list[tuple[int, float]]] = (
        (lambda item: item.up) if downwards else (lambda item: item.down)
    )
    order_of_rows = rows if downwards else rows[::-1]
    for before, row in pairwise(order_of_rows):
        place = _places(before)
        middle = {}
        for here, number in enumerate(row):
            ends = [place[other] + at for other, at in around(items[number])]
            middle[number] = sum(ends) / len(ends) if ends else float(here)
        row.sort(key=middle.__getitem__)


def _exchange(items: list[Item], rows: list[list[int]]) -> None:
    """Exchange neighbours as long as that takes crossings away, a few times over."""
    for _ in range(4):
        changed = False
        for depth, row in enumerate(rows):
            up = _places(rows[depth - 1]) if depth else {}
            down = _places(rows[depth + 1]) if depth + 1 < len(rows) else {}
            for i in range(len(row) - 1):
                a, b = items[row[i]], items[row[i + 1]]
                gain = _saved(a.up, b.up, up) + _saved(a.down, b.down, down)
                if gain > 0:
                    row[i], row[i + 1] = row[i + 1], row[i]
                    changed = True
        if not changed:
            return


def _saved(
    left: list[tuple[int, float]], right: list[tuple[int, float]], place: dict[int, int]
) -> int:
    """Return how many crossings fewer there are with two items exchanged."""
    ends = sorted(place[number] + at for number, at in right)
    saved = 0
    for number, at in left:
        end = place[number] + at
        before = bisect_left(ends, end)
        after = len(ends) - bisect_right(ends, end)
        saved += before - after
    return saved
