"""Match paths of a submission against the globs of homework.toml."""

from __future__ import annotations

from coursekit.globs import matches, may_hold

__all__ = ["matches", "may_hold"]
