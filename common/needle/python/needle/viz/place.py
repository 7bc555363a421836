"""Where the items of each layer stand: near their neighbours, never on each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

ROUNDS = 12


def closest(
    wanted: Sequence[float], weights: Sequence[float], gaps: Sequence[float]
) -> list[float]:
    """Return positions as close as possible to the wanted ones, ``gaps`` apart.

    The sum of ``weights * (positions - wanted)**2`` is least among all positions with
    ``positions[i + 1] - positions[i] >= gaps[i]``. This is isotonic regression, solved
    by pooling neighbours that are in each other's way.
    """
    offset = 0.0
    offsets = []
    pools: list[tuple[float, float, int]] = []  # mean, weight, length
    for i, want in enumerate(wanted):
        offset += gaps[i - 1] if i else 0.0
        offsets.append(offset)
        mean, weight, length = want - offset, weights[i], 1
        while pools and pools[-1][0] >= mean:
            other, its_weight, its_length = pools.pop()
            mean = (mean * weight + other * its_weight) / (weight + its_weight)
            weight += its_weight
            length += its_length
        pools.append((mean, weight, length))
    means = [mean for mean, _, length in pools for _ in range(length)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


class Pull:
    """What draws items together: for each, ``(other, shift, weight)`` up and down."""

    def __init__(self, count: int) -> None:
        self.up: list[list[tuple[int, float, float]]] = [[] for _ in range(count)]
        self.down: list[list[tuple[int, float, float]]] = [[] for _ in range(count)]

    def add(self, upper: int, lower: int, shift: float, weight: float) -> None:
        """Let an edge want ``lower`` at ``upper + shift``."""
        self.up[lower].append((upper, shift, weight))
        self.down[upper].append((lower, -shift, weight))


def place(
    rows: Sequence[Sequence[int]], breadths: Sequence[float], pull: Pull, gap: float
) -> list[float]:
    """Return the middle of each item; the leftmost edge of all is at 0."""
    at = [0.0] * len(breadths)
    gaps = [
        [gap + (breadths[a] + breadths[b]) / 2 for a, b in pairwise(row)]
        for row in rows
    ]
    for row, apart in zip(rows, gaps, strict=True):
        _settle(row, [0.0] * len(row), [1.0] * len(row), apart, at)
    for turn in range(2 * ROUNDS):
        downwards = turn % 2 == 0
        both = turn >= ROUNDS
        order = range(len(rows)) if downwards else reversed(range(len(rows)))
        for depth in order:
            row = rows[depth]
            wishes = [
                _wish(
                    at,
                    number,
                    (pull.up[number] if downwards or both else [])
                    + (pull.down[number] if not downwards or both else []),
                )
                for number in row
            ]
            _settle(
                row, [w[0] for w in wishes], [w[1] for w in wishes], gaps[depth], at
            )
    left = min(at[i] - breadths[i] / 2 for i in range(len(at)))
    return [x - left for x in at]


def _wish(
    at: Sequence[float], number: int, pulls: Sequence[tuple[int, float, float]]
) -> tuple[float, float]:
    """Return where an item is drawn to, and how strongly."""
    total = sum(weight for _, _, weight in pulls)
    if not total:
        return at[number], 0.01
    return sum((at[other] + shift) * w for other, shift, w in pulls) / total, total


def _settle(
    row: Sequence[int],
    wanted: Sequence[float],
    weights: Sequence[float],
    gaps: Sequence[float],
    at: list[float],
) -> None:
    for number, x in zip(row, closest(wanted, weights, gaps), strict=True):
        at[number] = x
