"""Make the bundle that students get: a homework's folder that works alone."""

from __future__ import annotations

from coursekit.release.bundle import bundle, zip_bytes
from coursekit.release.wheels import build_wheels

__all__ = ["build_wheels", "bundle", "zip_bytes"]
