"""What a block of a program did with memory."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

from . import watch
from .ledger import Ledger, Row
from .table import table

if TYPE_CHECKING:
    from .picture import MemoryPicture

BEFORE = "before"  # the phase of what was there when a record was opened
START = "start"  # the phase until the first mark
MOST = 20_000  # moments of a history; an even number


class Moment(NamedTuple):
    """A change: when, how many bytes were there after it, and in which phase."""

    seconds: float
    live_bytes: int
    phase: str


class Sample(NamedTuple):
    """A moment with the number of the change, and bytes by the phase they are from."""

    change: int
    moment: Moment
    phases: dict[str, int]


class Record:
    """Values and bytes while a block runs; `needle.memory.track` makes one.

    After the block it keeps what was true at its end.
    """

    def __init__(self) -> None:
        self._ledger = Ledger(self._changed)
        self._samples: list[Sample] = []
        self._marks: list[tuple[int, str]] = []
        self._changes = 0
        self._began: float | None = None
        self._open = False

    def __enter__(self) -> Record:
        if self._began is not None:
            raise RuntimeError("a record is opened once: call memory.track() again")
        self._ledger.phase = BEFORE
        watch.begin(self._ledger)
        self._ledger.phase = START
        self._began = time.perf_counter()
        self._open = True
        self._changed()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._open:
            self._open = False
            watch.end(self._ledger)
            self._ledger.close()

    def mark(self, phase: str) -> None:
        """Begin a phase: what is made from now on counts as made in it."""
        if not self._open:
            raise RuntimeError(f"mark({phase!r}): this record is not open")
        self._ledger.catch_up()
        self._ledger.phase = str(phase)
        self._marks.append((self._changes, str(phase)))
        self._changed()

    @property
    def live_values(self) -> int:
        """How many values are alive: tensors, and tuples of them."""
        self._ledger.catch_up()
        return sum(self._ledger.tally.now.values.values())

    @property
    def live_bytes(self) -> int:
        """How many bytes the arrays of these values take, shared ones once."""
        self._ledger.catch_up()
        return self._ledger.tally.live_bytes

    @property
    def peak_bytes(self) -> int:
        """The most bytes that there were at once since the block began."""
        self._ledger.catch_up()
        return self._ledger.tally.peak_bytes

    def by_op(self) -> list[Row]:
        """Return a row for each kind of value, the one with most bytes first.

        A kind is an operation, or ``Parameter``, ``leaf`` (an input that gets a
        gradient), ``constant`` (a value that no gradient flows to). Memory that
        several values share counts for a parameter among them, else for the oldest.
        """
        self._ledger.catch_up()
        now, peak = self._ledger.tally.now, self._ledger.tally.peak
        rows = [
            Row(
                kind,
                now.values[kind],
                now.bytes[kind],
                peak.values[kind],
                peak.bytes[kind],
            )
            for kind in now.values.keys() | peak.values.keys()
        ]
        rows = [row for row in rows if any(row[1:])]
        return sorted(rows, key=lambda row: (-row.peak_bytes, -row.bytes, row.op))

    def by_phase(self) -> dict[str, int]:
        """Return the bytes alive by the phase in which they were made."""
        self._ledger.catch_up()
        return +self._ledger.tally.now.phases

    @property
    def history(self) -> list[Moment]:
        """Every change of the bytes; of very many, the larger one of each two."""
        self._ledger.catch_up()
        return [sample.moment for sample in self._samples]

    def picture(self) -> MemoryPicture:
        """Return a drawing of the history: what was there, by phase."""
        from .picture import MemoryPicture

        self._ledger.catch_up()
        return MemoryPicture(self._samples, self._marks, self._changes, str(self))

    def _repr_svg_(self) -> str:
        return self.picture().svg

    def __str__(self) -> str:
        return table(self.live_values, self.live_bytes, self.peak_bytes, self.by_op())

    __repr__ = __str__

    def _changed(self) -> None:
        """Add a sample to the history."""
        if self._began is None:
            return
        self._changes += 1
        tally, seconds = self._ledger.tally, time.perf_counter() - self._began
        moment = Moment(seconds, tally.live_bytes, self._ledger.phase)
        self._samples.append(Sample(self._changes, moment, dict(tally.now.phases)))
        if len(self._samples) > MOST:
            self._thin()

    def _thin(self) -> None:
        """Keep of each two samples the one with more bytes, and the last."""
        *early, last = self._samples
        pairs = zip(early[::2], early[1::2], strict=True)
        larger = [max(pair, key=lambda s: s.moment.live_bytes) for pair in pairs]
        self._samples = [*larger, last]
