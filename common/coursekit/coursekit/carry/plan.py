"""Plan a carry: what becomes of every region, before anything is touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from coursekit.carry.copy import Copy, MarkedFile, Remark
from coursekit.carry.offer import Choice, Offer, choose, not_written, undecided
from coursekit.carry.record import Carried, CarriedRegion
from coursekit.carry.settle import Incoming, Settled, incoming, rewrite

Fate: TypeAlias = Literal[
    "offered",  # --helpers would take it
    "unused",  # no body that was carried names it
    "carried",
    "updated",
    "same",
    "kept",  # nothing new since the last time; what stands at the target stays
    "clash",  # the target has something else of that name
    "no place",  # where it belongs is for a person to say
    "later",  # once the conflicts in the file are decided
    "not taken",  # no submission of the target may hold such a file
]


@dataclass(frozen=True)
class Extra:
    """A helper or a new file: where it stands, who names it, and what became of it."""

    title: str
    source: str  # the path as people see it
    line: int | None
    what: Fate
    used_by: tuple[str, ...] = ()
    target: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What a carry does to one region, and where it stands then."""

    region: str
    path: str
    settled: Settled
    choice: Choice
    port: bool  # the region belongs to another question now

    @property
    def source(self) -> str:
        """The homework from which the body comes."""
        return self.choice.taken.copy.homework


@dataclass
class Plan:
    """Every region that is carried, what is not and why, and the new contents."""

    outcomes: list[Outcome] = field(default_factory=list)
    gone: list[Offer] = field(default_factory=list)
    blank: list[Offer] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)  # of the target's files
    extras: list[Extra] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)  # new ones
    carried: Carried = field(default_factory=Carried)

    @property
    def conflicts(self) -> int:
        """How many places wait for a person's decision."""
        return sum(len(each.settled.conflicts) for each in self.outcomes)


def plan_carry(sources: Sequence[Copy], target: Copy) -> Plan:
    """Compare the sources, earliest homework first, with the target."""
    chosen, given = choose(sources), target.given
    plan = Plan(
        gone=[each.taken for name, each in chosen.items() if name not in given],
        blank=[each for each in not_written(sources) if each.region.id in given],
        remarks=[*_remarks(sources, target)],
    )
    regions = dict(target.carried.regions)
    for file in target.files.values():
        coming = {
            name: incoming(chosen[name].taken, file, region, regions.get(name))
            for name, region in file.now.found.items()
            if name in chosen
        }
        _plan_file(plan, target, file, coming, chosen)
        regions |= {name: _record(each) for name, each in coming.items()}
    plan.carried = target.carried.model_copy(update={"regions": regions})
    return plan


def _plan_file(
    plan: Plan,
    target: Copy,
    file: MarkedFile,
    coming: Mapping[str, Incoming],
    chosen: Mapping[str, Choice],
) -> None:
    written = rewrite(file, coming, target.homework)
    if written.text != file.text:
        plan.texts[file.path] = written.text
    for name, each in coming.items():
        # A region with a name of its own was written to move on as it is.
        named = "::" not in name
        port = each.offer.owner != target.given[name].owner and not named
        settled = written.regions[name]
        plan.outcomes.append(Outcome(name, file.path, settled, chosen[name], port))


def _record(coming: Incoming) -> CarriedRegion:
    return CarriedRegion(source=coming.offer.copy.homework, body=coming.offer.body)


def _remarks(sources: Iterable[Copy], target: Copy) -> Iterator[Remark]:
    for source in sources:
        yield from source.remarks
        for file, region in source.regions():
            if undecided(region):
                yield Remark(
                    source.shown(file.path),
                    region.begin,
                    f"{region.id} is not carried, because a conflict in it is still to"
                    " be decided",
                )
    yield from target.remarks
