"""What the processes of a box use together, and whether that is too much."""

from __future__ import annotations

from typing import Literal, Protocol

# Beside the memory of a case: our supervisor, page tables, files in the scratch folder.
SLACK_MB = 256

Excess = Literal["", "memory", "processes", "files"]


class Meter(Protocol):
    """Limit what all processes of one box use together, job by job."""

    def confine(self) -> None:
        """Take the box's first process in; all others will descend from it."""

    def begin(self, memory_mb: int) -> None:
        """Start counting for a job that may use this much memory."""

    def stop(self) -> bool:
        """Tell whether the box must be ended at once; asked every few milliseconds."""

    def excess(self) -> Excess:
        """Return what the job used too much of, if anything."""


class NoMeter:
    """Count nothing."""

    def confine(self) -> None:
        """Do nothing."""

    def begin(self, memory_mb: int) -> None:
        """Do nothing."""

    def stop(self) -> bool:
        """Let it run."""
        return False

    def excess(self) -> Excess:
        """Know of none."""
        return ""
