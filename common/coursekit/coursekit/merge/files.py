"""Merge three versions of one file, region by region and line by line around them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from coursekit.merge.bodies import indented
from coursekit.merge.lines import (
    BETWEEN,
    OURS,
    THEIRS,
    Conflict,
    Hunk,
    Labels,
    Span,
    three_way,
)
from coursekit.merge.regions import FoundRegion, Regions, read_regions
from coursekit.merge.scan import Trouble
from coursekit.merge.text import Lined

Side: TypeAlias = Literal["ours", "theirs"]
Take: TypeAlias = Callable[[str, str], Literal["ours", "theirs", "merge"]]
Line: TypeAlias = tuple[str, "str | None"]  # its text; its end, None for the usual one
_TOKEN = "\0"  # begins what stands for a whole region; in no source file


@dataclass(frozen=True)
class Merged:
    """The merged text, its conflicts by line, and what of ours could not be followed.

    The lines of troubles are those of our version.
    """

    text: str
    conflicts: tuple[Conflict, ...] = ()
    troubles: tuple[Trouble, ...] = ()


def merge_everything(region: str, owner: str) -> Literal["merge"]:
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
) -> Merged:
    """Merge what was changed from ``base`` to ``theirs`` into ``ours``.

    ``take`` says for a region, by its id and its owner in ``theirs``, which side's body
    is taken, or that the two are merged; what is outside the regions is always merged.
    A region is treated as one only where all three versions have it for certain. Line
    ends, a byte order mark and a missing final newline stay as ours has them.
    """
    versions = _Versions(
        _Version.of(path, base, read_regions(path, base)),
        _Version.of(path, ours, read_regions(path, ours, base)),
        _Version.of(path, theirs, read_regions(path, theirs)),
        take,
        Labels(*labels),
    )
    return versions.merged()


@dataclass(frozen=True)
class _Item:
    """A line, or a whole region, of one version: its key, and its lines."""

    key: str
    span: Span


@dataclass
class _Version:
    lined: Lined
    regions: Regions
    items: list[_Item] = field(default_factory=list)

    @classmethod
    def of(cls, path: str, text: str, regions: Regions) -> _Version:
        return cls(Lined.of(text), regions)

    def divide(self, shared: Mapping[str, object]) -> None:
        """Make items of the lines, one of each region that all versions have."""
        starts = {
            region.begin - 1: region
            for name, region in self.regions.found.items()
            if name in shared
        }
        place = 0
        while place < len(self.lined.lines):
            region = starts.get(place)
            end = region.end if region else place + 1
            key = _TOKEN + region.id if region else self.lined.lines[place]
            self.items.append(_Item(key, Span(place, end)))
            place = end

    def keys(self, span: Span | None = None) -> list[str]:
        items = self.items if span is None else self.items[slice(*span)]
        return [item.key for item in items]

    def tokens(self) -> list[int]:
        """Return the places of the regions among the items."""
        return [n for n, item in enumerate(self.items) if item.key.startswith(_TOKEN)]

    def region(self, item: _Item) -> FoundRegion | None:
        is_region = item.key.startswith(_TOKEN)
        return self.regions.found[item.key.removeprefix(_TOKEN)] if is_region else None

    def lines(self, span: Span) -> Iterator[Line]:
        """Yield the lines of some items as they stand."""
        for item in self.items[slice(*span)]:
            yield from self.raw(item.span)

    def raw(self, span: Span) -> Iterator[Line]:
        here = slice(*span)
        yield from zip(self.lined.lines[here], self.lined.ends[here], strict=True)


class _Versions:
    """The three versions of a file, and the merged one as it grows."""

    def __init__(
        self,
        base: _Version,
        ours: _Version,
        theirs: _Version,
        take: Take,
        labels: Labels,
    ) -> None:
        self.base, self.ours, self.theirs = base, ours, theirs
        self.take, self.labels = take, labels
        self.lines: list[Line] = []
        self.conflicts: list[Conflict] = []
        self.seen: Counter[str] = Counter()
        shared = {
            name: region
            for name, region in base.regions.found.items()
            if name in ours.regions.found and name in theirs.regions.found
        }
        for version in (base, ours, theirs):
            version.divide(shared)

    def merged(self) -> Merged:
        for hunk in self._hunks():
            if hunk.kind == "conflict":
                self._conflict(hunk)
            elif hunk.kind == "theirs":
                self._take(self.theirs, hunk.theirs)
            else:
                self._take(self.ours, hunk.ours)
        text = self.ours.lined.with_lines(self.lines, ends_open=self._ends_open()).text
        return Merged(text, tuple(self.conflicts), self._troubles())

    def _hunks(self) -> Iterator[Hunk]:
        """Merge between the regions, since a region is itself wherever it stands."""
        at = (0, 0, 0)
        for same in self._anchors():
            yield from self._between(at, tuple(span.start for span in same))
            yield Hunk("same", *same)
            at = (same[0].end, same[1].end, same[2].end)
        versions = (self.base, self.ours, self.theirs)
        yield from self._between(at, tuple(len(each.items) for each in versions))

    def _anchors(self) -> Iterator[tuple[Span, Span, Span]]:
        """Yield the regions that come in the same order in all three versions."""
        versions = (self.base, self.ours, self.theirs)
        places = [version.tokens() for version in versions]
        keys = [
            [version.items[n].key for n in tokens]
            for version, tokens in zip(versions, places, strict=True)
        ]
        for hunk in three_way(*keys):
            if hunk.kind != "same":
                continue
            for n in range(hunk.base.end - hunk.base.start):
                b, o, t = (
                    tokens[span.start + n]
                    for tokens, span in zip(
                        places, (hunk.base, hunk.ours, hunk.theirs), strict=True
                    )
                )
                yield Span(b, b + 1), Span(o, o + 1), Span(t, t + 1)

    def _between(self, start: Sequence[int], end: Sequence[int]) -> Iterator[Hunk]:
        spans = [Span(a, b) for a, b in zip(start, end, strict=True)]
        base, ours, theirs = (
            version.keys(span)
            for version, span in zip(
                (self.base, self.ours, self.theirs), spans, strict=True
            )
        )
        for hunk in three_way(base, ours, theirs):
            yield Hunk(
                hunk.kind,
                _moved(hunk.base, start[0]),
                _moved(hunk.ours, start[1]),
                _moved(hunk.theirs, start[2]),
            )

    def _take(self, version: _Version, span: Span) -> None:
        for item in version.items[slice(*span)]:
            region = version.region(item)
            if region is None:
                # A line of theirs ends as the others in ours do.
                raw = version.raw(item.span)
                mine = version is self.ours
                self.lines += raw if mine else [(line, None) for line, _ in raw]
            else:
                self._region(region.id)

    def _region(self, name: str) -> None:
        self.seen[name] += 1
        base, ours, theirs = (
            version.regions.found[name]
            for version in (self.base, self.ours, self.theirs)
        )
        begin, end = (
            _merged_marker(*(_line(version, name, place) for version in self._all()))
            for place in ("begin", "end")
        )
        indent = begin[: len(begin) - len(begin.lstrip())]
        self._add_marker(begin, ours.begin)
        choice = self.take(name, theirs.owner)
        if choice == "merge":
            self._merge_bodies(base, ours, theirs, indent)
        elif choice == "ours":
            self._our_body(ours, Span(0, len(ours.body)), indent)
        else:
            self.lines += [(line, None) for line in indented(theirs.plain, indent)]
        self._add_marker(end, ours.end)

    def _merge_bodies(
        self, base: FoundRegion, ours: FoundRegion, theirs: FoundRegion, indent: str
    ) -> None:
        for hunk in three_way(base.plain, ours.plain, theirs.plain):
            new = indented(theirs.plain[slice(*hunk.theirs)], indent)
            if hunk.kind == "theirs":
                self.lines += [(line, None) for line in new]
            elif hunk.kind == "conflict":
                old = indented(base.plain[slice(*hunk.base)], indent)
                mine = list(self._ours_in(ours, hunk.ours, indent))
                self._add_conflict(mine, [(line, None) for line in new], old)
            else:
                self._our_body(ours, hunk.ours, indent)

    def _our_body(self, ours: FoundRegion, span: Span, indent: str) -> None:
        self.lines += self._ours_in(ours, span, indent)

    def _ours_in(self, ours: FoundRegion, span: Span, indent: str) -> Iterator[Line]:
        ends = self.ours.lined.ends[ours.begin : ours.end - 1][slice(*span)]
        lines = indented(ours.plain[slice(*span)], indent)
        return zip(lines, ends, strict=True)

    def _conflict(self, hunk: Hunk) -> None:
        self._add_conflict(
            list(self.ours.lines(hunk.ours)),
            [(line, None) for line, _ in self.theirs.lines(hunk.theirs)],
            tuple(line for line, _ in self.base.lines(hunk.base)),
        )
        for version, span in ((self.ours, hunk.ours), (self.theirs, hunk.theirs)):
            for item in version.items[slice(*span)]:
                if item.key.startswith(_TOKEN):
                    self.seen[item.key.removeprefix(_TOKEN)] += 1

    def _add_conflict(
        self, ours: Sequence[Line], theirs: Sequence[Line], base: tuple[str, ...]
    ) -> None:
        mine, new = (tuple(line for line, _ in side) for side in (ours, theirs))
        self.conflicts.append(Conflict(len(self.lines) + 1, mine, new, base))
        self.lines += [
            (f"{OURS} {self.labels.ours}", None),
            *ours,
            (BETWEEN, None),
            *theirs,
            (f"{THEIRS} {self.labels.theirs}", None),
        ]

    def _add_marker(self, text: str, our_line: int) -> None:
        self.lines.append((text, self.ours.lined.ends[our_line - 1]))

    def _all(self) -> tuple[_Version, _Version, _Version]:
        return self.base, self.ours, self.theirs

    def _ends_open(self) -> bool:
        """Whether the last line is to lack its end: as ours, where ours changed it."""
        base, ours, theirs = (version.lined.ends_open for version in self._all())
        return ours if ours != base else theirs

    def _troubles(self) -> tuple[Trouble, ...]:
        twice = [
            Trouble(
                self.ours.regions.found[name].begin,
                f"{name} was moved on both sides and stands in the merged file more"
                " than once: keep one of them",
            )
            for name, count in self.seen.items()
            if count > 1
        ]
        return (*self.ours.regions.troubles, *twice)


def _line(version: _Version, name: str, place: str) -> str:
    region = version.regions.found[name]
    number = region.begin if place == "begin" else region.end
    return version.lined.lines[number - 1]


def _merged_marker(base: str, ours: str, theirs: str) -> str:
    """Merge a marker line: its indentation, and what it says, where theirs wins."""
    old, mine, new = (len(line) - len(line.lstrip()) for line in (base, ours, theirs))
    indent = ours[:mine] if ours[:mine] != base[:old] else theirs[:new]
    words = ours[mine:] if theirs[new:] == base[old:] else theirs[new:]
    return indent + words


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
