"""One version of a file as the merge sees it: lines, and regions that count as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from coursekit.merge.lines import Span
from coursekit.merge.regions import FoundRegion, Regions
from coursekit.merge.text import Line, Lined

TOKEN = "\0"  # begins what stands for a whole region; in no source file


@dataclass(frozen=True)
class Item:
    """A line, or a whole region, of one version: its key, and its lines."""

    key: str
    span: Span

    @property
    def region(self) -> str | None:
        """The region's id, None for a line."""
        return self.key.removeprefix(TOKEN) if self.key.startswith(TOKEN) else None


@dataclass
class Version:
    """A version's lines, its regions, and the items it is divided into."""

    lined: Lined
    regions: Regions
    items: list[Item] = field(default_factory=list)

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
            key = TOKEN + region.id if region else self.lined.lines[place]
            self.items.append(Item(key, Span(place, end)))
            place = end

    def keys(self, span: Span) -> list[str]:
        """Return the keys of some items."""
        return [item.key for item in self.items[slice(*span)]]

    def tokens(self) -> list[int]:
        """Return the places of the regions among the items."""
        return [number for number, item in enumerate(self.items) if item.region]

    def lines(self, span: Span) -> Iterator[Line]:
        """Yield the lines of some items as they stand."""
        for item in self.items[slice(*span)]:
            yield from self.raw(item.span)

    def raw(self, span: Span) -> list[Line]:
        """Return lines as they stand."""
        here = slice(*span)
        return [*zip(self.lined.lines[here], self.lined.ends[here], strict=True)]

    def line(self, number: int) -> str:
        """Return the line with this number, counted from 1."""
        return self.lined.lines[number - 1]

    def body(self, region: FoundRegion) -> list[Line]:
        """Return the outdented body of a region, with the ends of its lines."""
        ends = self.lined.ends[region.begin : region.end - 1]
        return [*zip(region.plain, ends, strict=True)]
