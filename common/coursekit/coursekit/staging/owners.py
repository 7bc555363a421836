"""What stands behind BEGIN YOUR SOLUTION and STAGE: owners, ids, ranges of stages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from coursekit.homework import QUESTION_ID

_STAGE = r"hw(0|[1-9][0-9]*)"
_FROM = re.compile(rf"{_STAGE}\+")
_SPAN = re.compile(rf"{_STAGE}(?:\.\.{_STAGE})?")
_ID = re.compile(r"(?:^|\s)id=(\S*)$")
_ID_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class StageRange:
    """Some consecutive stages: ``hw3+``, ``hw1..hw2``, or ``hw2`` alone."""

    first: int
    last: int | None

    def __contains__(self, stage: int) -> bool:
        return self.first <= stage and (self.last is None or stage <= self.last)

    @classmethod
    def parse(cls, text: str) -> StageRange:
        """Read a range; raise ValueError with what to write instead."""
        open_ended = _FROM.fullmatch(text)
        if open_ended:
            return cls(int(open_ended[1]), None)
        span = _SPAN.fullmatch(text)
        if span is None:
            raise ValueError(f"{text!r} is no range of stages: write hw3+ or hw1..hw2")
        first, last = int(span[1]), int(span[2] or span[1])
        if last < first:
            raise ValueError(f"{text!r} runs backwards: write hw{last}..hw{first}")
        return cls(first, last)


@dataclass(frozen=True)
class OwnerSpec:
    """Which question owns a region at which stage, and the region's explicit id."""

    owner: str
    changes: tuple[tuple[StageRange, str], ...] = ()
    id: str | None = None

    def at(self, stage: int) -> str:
        """Return the owner at this stage: the last clause that covers it."""
        owner = self.owner
        for stages, other in self.changes:
            if stage in stages:
                owner = other
        return owner

    def owners(self) -> list[str]:
        """Return every owner the region ever has."""
        return [self.owner, *(owner for _, owner in self.changes)]

    @classmethod
    def parse(cls, text: str) -> OwnerSpec:
        """Read ``hw1.forward; hw4+: hw4.nd_backend id=name``, or raise ValueError."""
        explicit = None
        match = _ID.search(text)
        if match:
            explicit, text = match[1], text[: match.start()]
            if not _ID_NAME.fullmatch(explicit):
                raise ValueError(f"id={explicit!r} is no name: use letters, digits, _")
        first, *others = (clause.strip() for clause in text.split(";"))
        return cls(_owner(first), tuple(map(_change, others)), explicit)


def parse_owners(text: str) -> tuple[str, ...]:
    """Read the owners behind SOLUTION ONLY, separated by commas; there may be none."""
    return tuple(_owner(word.strip()) for word in text.split(",")) if text else ()


def _change(clause: str) -> tuple[StageRange, str]:
    stages, colon, owner = clause.partition(":")
    if not colon:
        raise ValueError(
            f"{clause!r} does not say from which stage on: write hw4+: hw4.question"
        )
    return StageRange.parse(stages.strip()), _owner(owner.strip())


def _owner(text: str) -> str:
    if not text:
        raise ValueError("no owner: name the question, such as hw0.add")
    if not QUESTION_ID.fullmatch(text):
        raise ValueError(f"{text!r} is no question's id: write it as hw0.add")
    return text
