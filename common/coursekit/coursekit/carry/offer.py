"""Choose for every region from which homework its body comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coursekit.carry.copy import Copy, MarkedFile
from coursekit.merge import FoundRegion
from coursekit.update.leftover import conflict_lines


@dataclass(frozen=True)
class Offer:
    """A region of an earlier homework with the body that stands there now."""

    copy: Copy
    file: MarkedFile
    region: FoundRegion

    @property
    def owner(self) -> str:
        """Whose question the region was when it was given."""
        return self.file.given.found[self.region.id].owner

    @property
    def body(self) -> tuple[str, ...]:
        """The body, without the indentation of the markers."""
        return self.region.plain

    @property
    def is_only_passed_on(self) -> bool:
        """Whether the body came from a still earlier homework and stayed as it was."""
        came = self.copy.carried.regions.get(self.region.id)
        return came is not None and came.body == self.body

    def is_work_on(self, other: Offer) -> bool:
        """Whether this body was made from the other one, as that still is."""
        came = self.copy.carried.regions.get(self.region.id)
        return came is not None and came.body == other.body


@dataclass(frozen=True)
class Choice:
    """The offer that is taken for a region, and those that differ from it."""

    taken: Offer
    passed_over: tuple[Offer, ...] = ()


def choose(copies: Sequence[Copy]) -> dict[str, Choice]:
    """Return what is carried, by region, from homeworks in their order.

    The latest homework in which the student wrote a region wins. What one homework only
    passed on from another counts where it was written.
    """
    offers: dict[str, list[Offer]] = {}
    for copy in copies:
        for offer in _written(copy):
            offers.setdefault(offer.region.id, []).append(offer)
    return {name: _best(several) for name, several in offers.items()}


def not_written(copies: Sequence[Copy]) -> list[Offer]:
    """Return the regions that hold no more than their stub in any of the homeworks."""
    written = {offer.region.id for copy in copies for offer in _written(copy)}
    found = {
        region.id: Offer(copy, file, region)
        for copy in copies
        for file, region in copy.regions()
        if region.id not in written and not file.is_written(region.id)
    }
    return list(found.values())


def undecided(region: FoundRegion) -> bool:
    """Whether a conflict of an earlier carry still stands in a region."""
    return bool(conflict_lines("\n".join(region.body).encode()))


def _written(copy: Copy) -> list[Offer]:
    return [
        Offer(copy, file, region)
        for file, region in copy.regions()
        if file.is_written(region.id) and not undecided(region)
    ]


def _best(offers: list[Offer]) -> Choice:
    own = [offer for offer in offers if not offer.is_only_passed_on]
    taken = (own or offers)[-1]
    differ = tuple(
        offer
        for offer in own
        if offer.body != taken.body and not taken.is_work_on(offer)
    )
    return Choice(taken, differ)
