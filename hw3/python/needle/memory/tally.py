"""Values and bytes by kind: how many there are, and were when there was most."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Counts:
    """Values by kind; bytes by kind, and by the phase in which they were made."""

    values: Counter[str] = field(default_factory=Counter)
    bytes: Counter[str] = field(default_factory=Counter)
    phases: Counter[str] = field(default_factory=Counter)

    def copy(self) -> Counts:
        """Return the same counts, to keep."""
        return Counts(self.values.copy(), self.bytes.copy(), self.phases.copy())


class Tally:
    """The counts of now, and those of the moment with most bytes."""

    def __init__(self) -> None:
        self.now = Counts()
        self.live_bytes = 0
        self.peak_bytes = 0
        self._at_peak: Counts | None = None  # None: now is the peak

    @property
    def peak(self) -> Counts:
        """The counts when there were most bytes, the first time."""
        return self.now if self._at_peak is None else self._at_peak

    def count_value(self, kind: str, change: int) -> None:
        """Count one value more or less."""
        if change < 0:
            self._falls()
        self.now.values[kind] += change

    def count_bytes(self, kind: str, phase: str, change: int) -> None:
        """Count bytes that came or went."""
        if change < 0:
            self._falls()
        self.now.bytes[kind] += change
        self.now.phases[phase] += change
        self.live_bytes += change
        if self.live_bytes > self.peak_bytes:
            self.peak_bytes = self.live_bytes
            self._at_peak = None

    def rename(self, was: str, kind: str, *, values: int = 0, size: int = 0) -> None:
        """Count values and bytes as of another kind than before."""
        self.now.values[was] -= values
        self.now.values[kind] += values
        self.now.bytes[was] -= size
        self.now.bytes[kind] += size

    def _falls(self) -> None:
        """Keep the counts of the peak, because it ends here."""
        # A copy for each summit that is higher than all before; not for each value.
        if self._at_peak is None:
            self._at_peak = self.now.copy()
