"""Take a submission in and record what becomes of it, here or in another process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from grader.store import worker
from grader.store.facts import Arrival, Counts, Score

if TYPE_CHECKING:
    from grader.result import GradeResult
    from grader.store.database import Store


@dataclass(frozen=True)
class Again:
    """A submission that is in the store already and is to be graded."""

    number: int


class Desk(Protocol):
    """Where one submission is handed in."""

    def arrive(self, what: Arrival | Again) -> None:
        """Begin to record that grading it has begun."""

    def arrived(self) -> bool:
        """Return whether :meth:`number` would not have to wait."""

    def number(self) -> int:
        """Return the submission's number, once it is on the disk."""

    def finish(self, result: GradeResult) -> None:
        """Record the verdicts; they are on the disk when this returns."""

    def fail(self, said: str) -> None:
        """Record why there are no verdicts."""


class Here:
    """A desk in this process, for those who have the store open."""

    def __init__(self, store: Store, by: str | None = None) -> None:
        self._store = store
        self._by = by or worker.me()
        self._number: int | None = None

    def arrive(self, what: Arrival | Again) -> None:
        """Record at once."""
        from grader.store import record

        if isinstance(what, Again):
            record.claim(self._store, what.number, self._by)
            self._number = what.number
        else:
            self._number = record.receive(self._store, what, self._by)

    def arrived(self) -> bool:
        """Return True: nothing is pending here."""
        return True

    def number(self) -> int:
        """Return the submission's number."""
        assert self._number is not None
        return self._number

    def finish(self, result: GradeResult) -> None:
        """Record the verdicts."""
        from grader.store import record

        record.finish(self._store, self.number(), result, self._by)

    def fail(self, said: str) -> None:
        """Record why there are no verdicts."""
        from grader.store import record

        record.fail(self._store, self.number(), said, self._by)

    def scores(self, homework: str, student: str, counts: Counts) -> list[Score]:
        """Return what counts for a student so far."""
        from grader.store.gradebook import gradebook

        return gradebook(self._store, homework, student=student, counts=counts)
