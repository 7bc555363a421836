"""Where the items of each layer stand: near their neighbours, never on each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import TypeAlias

ROUNDS = 9  # of each kind
EFFORT = 24_000  # items to settle: larger pictures get fewer rounds


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


# Neighbours of an item: which, how far from their place they want it, how strongly.
Pulls: TypeAlias = "list[tuple[int, float, float]]"


class Pull:
    """What draws items together, downwards and upwards, and where they are by now."""

    def __init__(self, count: int) -> None:
        self.at = [0.0] * count
        self.up: list[Pulls] = [[] for _ in range(count)]
        self.down: list[Pulls] = [[] for _ in range(count)]

    def add(self, upper: int, lower: int, shift: float, weight: float) -> None:
        """Let an edge want ``lower`` at ``upper + shift``."""
        self.up[lower].append((upper, shift, weight))
        self.down[upper].append((lower, -shift, weight))

    def mean(self, number: int, pulls: Pulls) -> tuple[float, float]:
        """Return the mean of where an item is drawn to, and how strongly it is."""
        total = sum(weight for _, _, weight in pulls)
        if not total:
            return self.at[number], 0.01
        ends = sum((self.at[other] + shift) * weight for other, shift, weight in pulls)
        return ends / total, total

    def median(self, number: int, pulls: Pulls, before: Pulls) -> tuple[float, float]:
        """Return the nearest place with about as much weight on its left as right.

        Of several such places it is one that the neighbours in ``before`` like best.
        """
        at = self.at[number]
        for some in (before, pulls):
            if some:
                low, high = self._halves(some)
                at = min(max(at, low), high)
        return at, sum(weight for _, _, weight in pulls) or 0.01

    def _halves(self, pulls: Pulls) -> tuple[float, float]:
        """Return the places up to which there is about half of the weight."""
        ends = sorted(
            (self.at[other] + shift, weight) for other, shift, weight in pulls
        )
        return _half(ends), _half(ends[::-1])


def _half(ends: Sequence[tuple[float, float]]) -> float:
    passed = list(accumulate(weight for _, weight in ends))
    return next(
        end
        for (end, _), weight in zip(ends, passed, strict=True)
        if weight >= 0.4 * passed[-1]
    )


def place(
    rows: Sequence[Sequence[int]], breadths: Sequence[float], pull: Pull, gap: float
) -> list[float]:
    """Return the middle of each item; the leftmost edge of all is at 0.

    Rows are settled one after the other, down and up again: first between their
    neighbours in the row before, then between those on both sides, at the mean, which
    balances the picture. At last an item moves to the median: only as far as it must
    to have as much weight on its left as on its right. That makes edges straight which
    a mean leaves a little oblique.
    """
    gaps = [
        [gap + (breadths[a] + breadths[b]) / 2 for a, b in pairwise(row)]
        for row in rows
    ]
    rounds = max(1, min(ROUNDS, EFFORT // len(breadths)))
    for turn in range(3 * rounds):
        downwards = turn % 2 == 0
        before = pull.up if downwards else pull.down
        for depth in range(len(rows))[:: 1 if downwards else -1]:
            wishes = []
            for number in rows[depth]:
                around = pull.up[number] + pull.down[number]
                if turn < rounds:
                    wishes.append(pull.mean(number, before[number]))
                elif turn < 2 * rounds:
                    wishes.append(pull.mean(number, around))
                else:
                    wishes.append(pull.median(number, around, before[number]))
            wanted, weights = zip(*wishes, strict=True)
            settled = closest(wanted, weights, gaps[depth])
            for number, x in zip(rows[depth], settled, strict=True):
                pull.at[number] = x
    left = min(x - b / 2 for x, b in zip(pull.at, breadths, strict=True))
    return [x - left for x in pull.at]
