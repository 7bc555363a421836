"""Take bends out of long edges, within the room that their layers leave them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

TIMES = 3  # each edge makes room for others


class Room:
    """Where items may move to, while all others stay where they are."""

    def __init__(
        self,
        rows: Sequence[Sequence[int]],
        breadths: Sequence[float],
        at: list[float],
        gap: float,
    ) -> None:
        self.breadths, self.at, self.gap = breadths, at, gap
        self.left: dict[int, int] = {}
        self.right: dict[int, int] = {}
        for row in rows:
            self.right.update(pairwise(row))
            self.left.update((here, before) for before, here in pairwise(row))

    def of(self, item: int) -> tuple[float, float]:
        """Return the least and the greatest place for an item."""
        low, high = float("-inf"), float("inf")
        if item in self.left:
            low = self.at[self.left[item]] + self._apart(item, self.left[item])
        if item in self.right:
            high = self.at[self.right[item]] - self._apart(item, self.right[item])
        return min(low, self.at[item]), max(high, self.at[item])

    def _apart(self, one: int, other: int) -> float:
        return self.gap + (self.breadths[one] + self.breadths[other]) / 2


def straighten(
    chains: Sequence[tuple[float, Sequence[int], float]], room: Room
) -> None:
    """Move the items of each chain, so that it goes straight as far as it can.

    A chain is where it begins, the items that it passes, and where it ends.
    """
    for _ in range(TIMES):
        for begin, items, end in chains:
            runs = list(_runs(items, room))
            for number, (run, low, high) in enumerate(runs):
                wanted = sorted(room.at[item] for item in run)[len(run) // 2]
                if number == 0:
                    wanted = begin
                if number == len(runs) - 1 and (number or low <= end <= high):
                    wanted = end
                for item in run:
                    room.at[item] = min(max(wanted, low), high)


def _runs(items: Sequence[int], room: Room) -> Iterator[tuple[list[int], float, float]]:
    """Yield items that may all stand at one place, with the places they may stand."""
    run: list[int] = []
    low, high = float("-inf"), float("inf")
    for item in items:
        its_low, its_high = room.of(item)
        if run and max(low, its_low) > min(high, its_high):
            yield run, low, high
            run, low, high = [], float("-inf"), float("inf")
        run.append(item)
        low, high = max(low, its_low), min(high, its_high)
    if run:
        yield run, low, high
