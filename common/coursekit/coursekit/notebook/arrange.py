"""Bring the cells of three versions of a notebook together, and into one order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from coursekit.notebook.align import align
from coursekit.notebook.document import NotebookCell
from coursekit.notebook.marks import unmarked

Cells = Sequence[NotebookCell]


@dataclass(frozen=True)
class Node:
    """One cell as it was released, as it is here, and as it is released now."""

    base: NotebookCell | None = None
    ours: NotebookCell | None = None
    theirs: NotebookCell | None = None


def arrange(base: Cells, ours: Cells, theirs: Cells) -> list[Node]:
    """Return which cells are one, in the order of the merged notebook.

    The student's order rules, unless the release has moved cells about.
    """
    plain = [unmarked(cell) for cell in ours]
    to_ours, to_theirs = align(base, plain), align(base, theirs)
    found = _Arrangement(ours, theirs)
    for i, cell in enumerate(base):
        found.add(cell, to_ours.get(i), to_theirs.get(i))
    for j, k in list(found.added_by_both(plain)):
        found.add(None, j, k)
    found.add_rest()
    return [found.nodes[key] for key in found.order()]


class _Arrangement:
    """The nodes so far, and which of them the cells of both sides belong to."""

    def __init__(self, ours: Cells, theirs: Cells) -> None:
        self.ours, self.theirs = ours, theirs
        self.nodes: list[Node] = []
        self.here: dict[int, int] = {}
        self.there: dict[int, int] = {}

    def add(self, base: NotebookCell | None, j: int | None, k: int | None) -> None:
        """Add the node of a released cell, the j-th here, the k-th of the release."""
        if j is not None:
            self.here[j] = len(self.nodes)
        if k is not None:
            self.there[k] = len(self.nodes)
        mine = None if j is None else self.ours[j]
        self.nodes.append(Node(base, mine, None if k is None else self.theirs[k]))

    def added_by_both(self, plain: Cells) -> Iterator[tuple[int, int]]:
        """Yield the new cells of the two sides that say the same."""
        left = [k for k in range(len(self.theirs)) if k not in self.there]
        for j, cell in enumerate(plain):
            same = [k for k in left if cell.same_text(self.theirs[k])]
            if j not in self.here and same:
                left.remove(same[0])
                yield j, same[0]

    def add_rest(self) -> None:
        """Add the cells that one side has alone."""
        for j in range(len(self.ours)):
            if j not in self.here:
                self.add(None, j, None)
        for k in range(len(self.theirs)):
            if k not in self.there:
                self.add(None, None, k)

    def order(self) -> list[int]:
        """Return the nodes in the order in which they are to stand."""
        mine = [self.here[j] for j in range(len(self.ours))]
        released = [self.there[k] for k in range(len(self.theirs))]
        old = [key for key in released if self.nodes[key].base is not None]
        moved = old != sorted(old)
        return weave(released, mine) if moved else weave(mine, released)


def weave(main: Iterable[int], other: Iterable[int]) -> list[int]:
    """Return main's items, each of other's own after what it follows in other."""
    woven = list(main)
    known = set(woven)
    at = 0
    for item in other:
        if item in known:
            at = woven.index(item) + 1
            continue
        woven.insert(at, item)
        known.add(item)
        at += 1
    return woven
