"""Merge three versions of one file, region by region and line by line around them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from coursekit.merge.draft import Draft, at
from coursekit.merge.lines import Conflict, Hunk, Labels, Span, three_way
from coursekit.merge.regions import FoundRegion, read_regions
from coursekit.merge.scan import Trouble
from coursekit.merge.text import Lined
from coursekit.merge.version import Version

Choice: TypeAlias = Literal["ours", "theirs", "merge"]
Take: TypeAlias = Callable[[str, str], Choice]


@dataclass(frozen=True)
class Merged:
    """The merged text, its conflicts by line, and what of ours could not be followed.

    The lines of troubles are those of our version.
    """

    text: str
    conflicts: tuple[Conflict, ...] = ()
    troubles: tuple[Trouble, ...] = ()


def merge_everything(region: str, owner: str) -> Choice:
    """Choose the three-way merge for every region."""
    return "merge"


def merge_file(
    path: str,
    base: str,
    ours: str,
    theirs: str,
    *,
    take: Take = merge_everything,
    labels: Labels | tuple[str, str] = Labels(),  # noqa: B008  # immutable
    trim: bool = True,
) -> Merged:
    """Merge what was changed from ``base`` to ``theirs`` into ``ours``.

    ``take`` says for a region, by its id and its owner in ``theirs``, which side's body
    is taken, or that the two are merged; what is outside the regions is always merged.
    A region is treated as one only where all three versions have it for certain. Line
    ends, a byte order mark and a missing final newline stay as ours has them. With
    ``trim`` off, conflicts between regions hold each side whole, also where both agree.
    """
    if ours == theirs:
        return Merged(ours, troubles=read_regions(path, ours, base).troubles)
    merge = _Merge(
        Version(Lined.of(base), read_regions(path, base)),
        Version(Lined.of(ours), read_regions(path, ours, base)),
        Version(Lined.of(theirs), read_regions(path, theirs)),
        take,
        Labels(*labels),
        trim=trim,
    )
    return merge.result()


class _Merge:
    """Three versions of a file, and the merged one as it grows."""

    def __init__(
        self,
        base: Version,
        ours: Version,
        theirs: Version,
        take: Take,
        labels: Labels,
        *,
        trim: bool,
    ) -> None:
        self.base, self.ours, self.theirs = self.all = (base, ours, theirs)
        self.take, self.trim = take, trim
        self.draft = Draft(labels)
        self.seen: Counter[str] = Counter()
        shared = {
            name: region
            for name, region in base.regions.found.items()
            if name in ours.regions.found and name in theirs.regions.found
        }
        for version in self.all:
            version.divide(shared)

    def result(self) -> Merged:
        for hunk in self._hunks():
            if hunk.kind == "conflict":
                self._conflict(hunk)
            elif hunk.kind == "theirs":
                self._add(self.theirs, hunk.theirs)
            else:
                self._add(self.ours, hunk.ours)
        draft, ours = self.draft, self.ours.lined
        text = ours.with_lines(draft.lines, ends_open=self._ends_open()).text
        troubles = (*self.ours.regions.troubles, *self._repeated())
        return Merged(text, tuple(draft.conflicts), troubles)

    def _hunks(self) -> Iterator[Hunk]:
        """Merge between the regions, since a region is itself wherever it stands."""
        start = (0, 0, 0)
        for places in self._anchors():
            yield from self._between(start, places)
            start = (places[0] + 1, places[1] + 1, places[2] + 1)
            spans = zip(places, start, strict=True)
            yield Hunk("same", *(Span(*span) for span in spans))
        yield from self._between(start, [len(version.items) for version in self.all])

    def _anchors(self) -> Iterator[tuple[int, int, int]]:
        """Yield the places of regions that come in one order in all versions."""
        base, ours, theirs = tokens = [version.tokens() for version in self.all]
        keys = [
            [version.items[place].key for place in places]
            for version, places in zip(self.all, tokens, strict=True)
        ]
        for hunk in three_way(*keys):
            if hunk.kind == "same":
                yield from zip(
                    base[slice(*hunk.base)],
                    ours[slice(*hunk.ours)],
                    theirs[slice(*hunk.theirs)],
                    strict=True,
                )

    def _between(self, start: Sequence[int], end: Sequence[int]) -> Iterator[Hunk]:
        keys = [
            version.keys(Span(first, last))
            for version, first, last in zip(self.all, start, end, strict=True)
        ]
        for hunk in three_way(*keys, trim=self.trim):
            spans = zip((hunk.base, hunk.ours, hunk.theirs), start, strict=True)
            yield Hunk(
                hunk.kind, *(Span(a + first, b + first) for (a, b), first in spans)
            )

    def _add(self, version: Version, span: Span) -> None:
        for item in version.items[slice(*span)]:
            if item.region is not None:
                self._add_region(item.region)
            elif version is self.ours:
                self.draft.keep(version.raw(item.span))
            else:
                self.draft.bring(line for line, _ in version.raw(item.span))

    def _add_region(self, name: str) -> None:
        self.seen[name] += 1
        base, ours, theirs = (version.regions.found[name] for version in self.all)
        begin = self._marker(base.begin, ours.begin, theirs.begin)
        end = self._marker(base.end, ours.end, theirs.end)
        indent = begin[: len(begin) - len(begin.lstrip())]
        self.draft.keep([(begin, self.ours.lined.ends[ours.begin - 1])])
        self._add_body(base, ours, theirs, indent)
        self.draft.keep([(end, self.ours.lined.ends[ours.end - 1])])

    def _add_body(
        self, base: FoundRegion, ours: FoundRegion, theirs: FoundRegion, indent: str
    ) -> None:
        choice = self.take(theirs.id, theirs.owner)
        mine = self.ours.body(ours)
        if choice == "ours":
            self.draft.keep(at(mine, indent))
            return
        before = base.plain if choice == "merge" else ours.plain
        if before != ours.plain and base.is_stub and theirs.is_stub:
            before = theirs.plain  # a new stub is nothing to who has written
        self.draft.merge_body(before, mine, theirs.plain, indent)

    def _marker(self, base: int, ours: int, theirs: int) -> str:
        """Merge a marker line: its indentation, and what it says, where theirs wins."""
        numbers = zip(self.all, (base, ours, theirs), strict=True)
        old, mine, new = (_halves(version.line(number)) for version, number in numbers)
        indent = new[0] if mine[0] == old[0] else mine[0]
        return indent + (mine[1] if new[1] == old[1] else new[1])

    def _conflict(self, hunk: Hunk) -> None:
        self.draft.conflict(
            [*self.ours.lines(hunk.ours)],
            [line for line, _ in self.theirs.lines(hunk.theirs)],
            [line for line, _ in self.base.lines(hunk.base)],
        )
        for version, span in ((self.ours, hunk.ours), (self.theirs, hunk.theirs)):
            items = version.items[slice(*span)]
            self.seen.update(item.region for item in items if item.region)

    def _ends_open(self) -> bool:
        """Whether the last line is to lack its end: as ours, where ours changed it."""
        base, ours, theirs = (version.lined.ends_open for version in self.all)
        return ours if ours != base else theirs

    def _repeated(self) -> Iterator[Trouble]:
        for name, count in self.seen.items():
            if count > 1:
                yield Trouble(
                    self.ours.regions.found[name].begin,
                    f"{name} was moved on both sides and stands in the merged file more"
                    " than once: keep one of them",
                )


def _halves(line: str) -> tuple[str, str]:
    """Return the indentation of a line, and the rest."""
    rest = line.lstrip()
    return line[: len(line) - len(rest)], rest
