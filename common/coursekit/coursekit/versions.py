"""Order the names of versions of homework material as people do."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"([0-9]{1,18})")  # bounded: a version may be anybody's text


def is_older(one: str, other: str) -> bool:
    """Whether one version comes before the other: ``2026.9`` before ``2026.11``."""
    return _key(one) < _key(other)


def _key(version: str) -> list[tuple[int, str]]:
    parts = (part for part in _NUMBER.split(version) if part)
    return [
        (int(part), "") if _NUMBER.fullmatch(part) else (-1, part) for part in parts
    ]
