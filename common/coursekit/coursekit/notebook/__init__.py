"""Turn a handout into a notebook, and run notebooks headless."""

from __future__ import annotations

from coursekit.notebook.build import build
from coursekit.notebook.execute import execute

__all__ = ["build", "execute"]
