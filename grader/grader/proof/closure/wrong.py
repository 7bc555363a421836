"""One thing that is wrong, and how those that are alike are told as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.proof.closure.columns import Column
from grader.proof.closure.outcome import Outcome
from grader.proof.closure.places import Place

# Problems that concern no single test or case.
UNCOLLECTED, UNBUILT, REGION = "uncollected", "unbuilt", "owner of the region"


@dataclass(frozen=True)
class Wrong:
    """Something wrong with one outcome, before those that are alike become one."""

    place: Place
    problem: str  # outcomes with the same place and problem are told once
    outcome: Outcome
    column: Column
    text: str


def told(group: Sequence[Wrong]) -> str:
    """Say what those that are alike have in common, and whom it concerns."""
    first = group[0]
    if first.problem in (UNCOLLECTED, UNBUILT, REGION):
        return first.text
    names = list(dict.fromkeys(wrong.outcome.name for wrong in group))
    items = list(dict.fromkeys(wrong.outcome.item for wrong in group))
    who = names[0] if len(items) > 1 or not items[0] else items[0]
    if len(names) > 1:
        who = f"{names[0]} (and {len(names) - 1} more)"
    suite = "public test" if first.outcome.suite == "public" else "hidden case"
    return f"{suite} {who} {first.text}"
