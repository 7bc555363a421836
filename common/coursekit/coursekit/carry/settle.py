"""Decide what becomes of one region of the target, and write its file anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from coursekit.carry.copy import MarkedFile
from coursekit.carry.offer import Offer
from coursekit.carry.record import CarriedRegion
from coursekit.merge.draft import Draft, at
from coursekit.merge.lines import Labels
from coursekit.merge.regions import FoundRegion
from coursekit.merge.text import Lined
from coursekit.merge.version import Version

What: TypeAlias = Literal[
    "carried",  # into a region that was untouched
    "updated",  # what was carried before, and stayed so, became its new version
    "merged",  # what was written on both sides, without a conflict
    "conflict",
    "same",  # both sides have it already
    "kept",  # nothing new since the last time; what stands at the target stays
]


@dataclass(frozen=True)
class Incoming:
    """The body that comes to a region, what is its base there, and what that means."""

    offer: Offer
    base: tuple[str, ...]
    what: Literal["carried", "updated", "merge", "same", "kept"]


def incoming(
    offer: Offer, file: MarkedFile, region: FoundRegion, before: CarriedRegion | None
) -> Incoming:
    """Compare an offered body with the target's and with what was carried before."""
    stub = file.stub(region.id)
    base = before.body if before else stub
    if offer.body == region.plain:
        return Incoming(offer, base, "same")
    if not file.is_written(region.id):
        return Incoming(offer, region.plain, "carried")
    if offer.body == base:
        return Incoming(offer, base, "kept")
    if region.plain == base:
        return Incoming(offer, base, "updated")
    return Incoming(offer, base, "merge")


@dataclass(frozen=True)
class Settled:
    """What happened to a region, where it stands now, and where its conflicts are."""

    what: What
    line: int
    conflicts: tuple[int, ...] = ()


@dataclass
class Rewritten:
    """A file of the target with the bodies that came in."""

    text: str
    regions: dict[str, Settled] = field(default_factory=dict)


def rewrite(
    file: MarkedFile, coming: Mapping[str, Incoming], homework: str
) -> Rewritten:
    """Return the text of a file of that homework once each body is in its place."""
    version = Version(Lined.of(file.text), file.now)
    version.divide(coming)
    draft = Draft(Labels())
    settled: dict[str, Settled] = {}
    for item in version.items:
        if item.region is None:
            draft.keep(version.raw(item.span))
        else:
            region = file.now.found[item.region]
            source = coming[item.region].offer.copy.homework
            draft.labels = Labels(f"yours, in {homework}", f"from {source}")
            settled[item.region] = _settle(draft, version, region, coming[item.region])
    lined = version.lined.with_lines(draft.lines, ends_open=version.lined.ends_open)
    return Rewritten(lined.text, settled)


def _settle(
    draft: Draft, version: Version, region: FoundRegion, coming: Incoming
) -> Settled:
    line, before = len(draft.lines) + 1, len(draft.conflicts)
    mine = version.body(region)
    draft.keep([(version.line(region.begin), version.lined.ends[region.begin - 1])])
    if coming.what in ("same", "kept"):
        draft.keep(at(mine, region.indent))
    else:
        draft.merge_body(coming.base, mine, coming.offer.body, region.indent)
    draft.keep([(version.line(region.end), version.lined.ends[region.end - 1])])
    conflicts = tuple(each.line for each in draft.conflicts[before:])
    return Settled(_what(coming, conflicts), line, conflicts)


def _what(coming: Incoming, conflicts: Sequence[int]) -> What:
    if coming.what == "merge":
        return "conflict" if conflicts else "merged"
    return coming.what
