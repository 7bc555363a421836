"""Where data sets lie on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def cache_root() -> Path:
    """Return the folder of the cache: ``COURSE_DATA``, else the user's cache folder."""
    chosen = os.environ.get("COURSE_DATA")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return platformdirs.user_cache_path("needle-course", appauthor=False) / "data"


def shipped_root() -> Path:
    """Return the folder of the shipped sets: in the wheel, else in the source tree."""
    package = Path(__file__).parents[1]
    inside = package / "shipped_data"
    return inside if inside.is_dir() else package.parents[1] / "data"
