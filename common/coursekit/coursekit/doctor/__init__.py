"""Look what a machine has of what the course needs."""

from __future__ import annotations

from coursekit.doctor.examine import examine
from coursekit.doctor.finding import Finding

__all__ = ["Finding", "examine"]
