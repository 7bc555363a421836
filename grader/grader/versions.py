"""Compare the versions of homework material."""

from __future__ import annotations

import re


def is_newer(one: str, other: str) -> bool:
    """Tell whether one version, such as 2026.11 or 2026.11.2, comes after another."""
    return _numbers(one) > _numbers(other)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"[0-9]{1,18}", version)]
