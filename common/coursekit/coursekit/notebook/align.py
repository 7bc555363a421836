"""Find which cell of one notebook is which of another."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Hashable, Sequence

from coursekit.notebook.document import NotebookCell

ALIKE = 0.6  # from here on a cell is taken for an edited version of another


def align(one: Sequence[NotebookCell], other: Sequence[NotebookCell]) -> dict[int, int]:
    """Return pairs of positions: by id, then by text, then by likeness in between."""
    pairs: dict[int, int] = {}
    for key in (_by_id, _by_text):
        _pair_equal(pairs, [key(cell) for cell in one], [key(cell) for cell in other])
    _pair_alike(pairs, one, other)
    return pairs


def _by_id(cell: NotebookCell) -> Hashable | None:
    return None if cell.id is None else (cell.kind, cell.id)


def _by_text(cell: NotebookCell) -> Hashable | None:
    text = cell.text.strip()
    return (cell.kind, text) if text else None


def _pair_equal(
    pairs: dict[int, int],
    one: Sequence[Hashable | None],
    other: Sequence[Hashable | None],
) -> None:
    """Pair equal keys, the first with the first, the second with the second."""
    taken = set(pairs.values())
    free = defaultdict(list)
    for j, key in enumerate(other):
        if key is not None and j not in taken:
            free[key].append(j)
    for i, key in enumerate(one):
        if i not in pairs and free.get(key):
            pairs[i] = free[key].pop(0)


def _pair_alike(
    pairs: dict[int, int],
    one: Sequence[NotebookCell],
    other: Sequence[NotebookCell],
) -> None:
    """Pair what is left with the likest cell between the neighbours' partners."""
    for i, cell in enumerate(one):
        if i in pairs:
            continue
        low = max((pairs[k] for k in range(i) if k in pairs), default=-1)
        later = (pairs[k] for k in range(i + 1, len(one)) if k in pairs)
        high = next((j for j in later if j > low), len(other))
        taken = set(pairs.values())
        likely = [
            (_likeness(cell, other[j]), -j)
            for j in range(low + 1, high)
            if j not in taken
        ]
        best, place = max(likely, default=(0.0, 0))
        if best >= ALIKE:
            pairs[i] = -place


def _likeness(one: NotebookCell, other: NotebookCell) -> float:
    """Return which part of the shorter text's words are in the longer, in order."""
    if one.kind != other.kind:
        return 0.0
    mine, theirs = _words(one.text), _words(other.text)
    shorter = min(len(mine), len(theirs))
    if not shorter:
        return 0.0
    matcher = difflib.SequenceMatcher(None, mine, theirs, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / shorter


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|[^\w\s]", text)
