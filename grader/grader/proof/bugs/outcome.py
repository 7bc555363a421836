"""What became of a planted bug."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from grader.proof.bugs.catalogue import Planted


@dataclass(frozen=True)
class Kill:
    """A public test or hidden case that noticed the bug, and how that showed."""

    name: str
    question: str
    how: str  # failed, crashed, timeout


@dataclass(frozen=True)
class Outcome:
    """Who noticed a planted bug; ``trouble`` says why that cannot be told."""

    public: tuple[Kill, ...] = ()
    hidden: tuple[Kill, ...] = ()
    trouble: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as what JSON can say."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Outcome:
        """Return it as it was."""
        public, hidden = (
            tuple(Kill(**kill) for kill in kept[side]) for side in ("public", "hidden")
        )
        return cls(public, hidden, kept["trouble"])


@dataclass(frozen=True)
class Result:
    """A planted bug and its outcome."""

    entry: Planted
    outcome: Outcome

    def as_json(self) -> dict[str, Any]:
        """Return it as ``--json`` shows it."""
        bug = self.entry.bug
        return {
            "name": self.entry.name,
            "question": self.entry.question,
            "place": str(self.entry.place),
            "variant": self.entry.variant.name if self.entry.variant else None,
            "misconception": bug.misconception if bug else None,
            "equivalent": bug.equivalent if bug else None,
            "survives_public": bug.survives_public if bug else None,
            **self.outcome.as_json(),
        }
