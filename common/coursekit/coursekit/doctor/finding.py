"""What one look at the machine found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "note", "missing"]


@dataclass(frozen=True)
class Finding:
    """One thing the course uses: what is there, and how to get it if it is not.

    ``missing`` and ``required`` together mean that the course cannot be taken so;
    ``note`` is for what works but could be better.
    """

    name: str
    state: State
    found: str
    fix: str = ""
    required: bool = False

    @property
    def blocks(self) -> bool:
        """Say whether this stands in the way."""
        return self.required and self.state == "missing"
