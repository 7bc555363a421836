"""What a proof has found wrong, told with the place where it can be put right."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong: where in the sources, what, and what to do."""

    file: str  # relative to the root of the checkout
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"
