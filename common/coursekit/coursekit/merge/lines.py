"""Merge three versions of a list of lines, the way ``diff3`` does."""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["same", "ours", "theirs", "both", "conflict"]
OURS, BETWEEN, THEIRS = "<" * 7, "=" * 7, ">" * 7


class Labels(NamedTuple):
    """What conflict markers call the two sides."""

    ours: str = "yours"
    theirs: str = "new"


class Span(NamedTuple):
    """Consecutive lines: from ``start`` up to, not including, ``end``."""

    start: int
    end: int


@dataclass(frozen=True)
class Hunk:
    """Lines of the three versions that correspond, and which of them changed.

    ``both`` is the same change on both sides.
    """

    kind: Kind
    base: Span
    ours: Span
    theirs: Span


@dataclass(frozen=True)
class Conflict:
    """Lines that both sides changed, differently, and where their marker stands.

    ``line`` is that of ``<<<<<<<`` in the merged text, from 1.
    """

    line: int
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    base: tuple[str, ...]


def line_after(line: int, old: str, new: str) -> int:
    """Return where a line of the old text stands in the new one, both from 1.

    Of a line that is gone it is the place where it was.
    """
    matcher = difflib.SequenceMatcher(
        None, old.splitlines(), new.splitlines(), autojunk=False
    )
    for _, start, end, first, last in matcher.get_opcodes():
        if start < line <= end:
            return min(first + line - start, max(last, first + 1))
    return line


def merge_lines(
    base: Sequence[str],
    ours: Sequence[str],
    theirs: Sequence[str],
    *,
    labels: Labels | tuple[str, str] = Labels(),  # noqa: B008  # immutable
) -> tuple[list[str], list[Conflict]]:
    """Return the merged lines, conflicts between markers, and a list of these."""
    merged: list[str] = []
    conflicts: list[Conflict] = []
    for hunk in three_way(base, ours, theirs):
        mine, new = ours[slice(*hunk.ours)], theirs[slice(*hunk.theirs)]
        if hunk.kind == "conflict":
            old = base[slice(*hunk.base)]
            conflicts.append(
                Conflict(len(merged) + 1, tuple(mine), tuple(new), tuple(old))
            )
            merged += between_markers(mine, new, labels)
        else:
            merged += new if hunk.kind == "theirs" else mine
    return merged, conflicts


def between_markers(
    ours: Sequence[str], theirs: Sequence[str], labels: Labels | tuple[str, str]
) -> list[str]:
    """Return both sides of a conflict between markers as git writes them."""
    first, last = f"{OURS} {labels[0]}", f"{THEIRS} {labels[1]}"
    return [first, *ours, BETWEEN, *theirs, last]


def three_way(
    base: Sequence[Hashable],
    ours: Sequence[Hashable],
    theirs: Sequence[Hashable],
    *,
    trim: bool = True,
) -> list[Hunk]:
    """Divide three sequences into runs that correspond, in order and without gaps.

    Lines in which both sides of a conflict agree stand outside it, unless ``trim`` is
    off: then each side of it is whole.
    """
    versions = (base, ours, theirs)
    found: list[Hunk] = []
    at = (0, 0, 0)
    for same in _common_runs(base, ours, theirs):
        found += _changed(versions, at, (same.base, same.ours, same.theirs), trim)
        found.append(same)
        at = (same.base.end, same.ours.end, same.theirs.end)
    rest = (len(base), len(ours), len(theirs))
    found += _changed(versions, at, tuple(Span(n, n) for n in rest), trim)
    return found


def _changed(
    versions: Sequence[Sequence[Hashable]],
    at: Sequence[int],
    until: Sequence[Span],
    trim: bool,
) -> Iterator[Hunk]:
    """Yield what stands between two common runs, if anything does."""
    spans = [Span(here, after.start) for here, after in zip(at, until, strict=True)]
    old, mine, new = (
        list(lines[slice(*span)]) for lines, span in zip(versions, spans, strict=True)
    )
    if mine == old and new == old:
        return  # all three are empty, or there would be a common run
    if mine == old:
        yield Hunk("theirs", *spans)
    elif new == old:
        yield Hunk("ours", *spans)
    elif mine == new:
        yield Hunk("both", *spans)
    elif trim:
        yield from _conflict(mine, new, *spans)
    else:
        yield Hunk("conflict", *spans)


def _conflict(
    mine: list[Hashable], new: list[Hashable], base: Span, ours: Span, theirs: Span
) -> Iterator[Hunk]:
    """Yield the conflict, and around it the lines in which the two sides agree."""
    head = _agreeing(mine, new)
    tail = _agreeing(mine[head:][::-1], new[head:][::-1])
    if head:
        yield Hunk(
            "both",
            Span(base.start, base.start),
            Span(ours.start, ours.start + head),
            Span(theirs.start, theirs.start + head),
        )
    yield Hunk(
        "conflict",
        base,
        Span(ours.start + head, ours.end - tail),
        Span(theirs.start + head, theirs.end - tail),
    )
    if tail:
        yield Hunk(
            "both",
            Span(base.end, base.end),
            Span(ours.end - tail, ours.end),
            Span(theirs.end - tail, theirs.end),
        )


def _agreeing(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    count = 0
    for mine, new in zip(one, other, strict=False):
        if mine != new:
            break
        count += 1
    return count


def _common_runs(
    base: Sequence[Hashable], ours: Sequence[Hashable], theirs: Sequence[Hashable]
) -> Iterator[Hunk]:
    """Yield the longest runs of lines that stand in all three versions."""
    mine, new = _matches(base, ours), _matches(base, theirs)
    start = 0
    while start < len(base):
        if start not in mine or start not in new:
            start += 1
            continue
        length = 1
        while (
            mine.get(start + length) == mine[start] + length
            and new.get(start + length) == new[start] + length
        ):
            length += 1
        places = (start, mine[start], new[start])
        yield Hunk("same", *(Span(place, place + length) for place in places))
        start += length


def _matches(base: Sequence[Hashable], other: Sequence[Hashable]) -> dict[int, int]:
    """Return which line of the base stands where in another version."""
    matcher = difflib.SequenceMatcher(None, base, other, autojunk=False)
    return {
        block.a + offset: block.b + offset
        for block in matcher.get_matching_blocks()
        for offset in range(block.size)
    }
