"""Match paths of a homework's folder against the globs of homework.toml."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


@lru_cache(maxsize=256)
def _pattern(glob: str) -> re.Pattern[str]:
    """Translate a glob: ``*`` and ``?`` stay within a folder, ``**/`` crosses any."""
    pattern = ""
    for part in re.split(r"(\*\*/|\*|\?)", glob):
        pattern += {"**/": "(?:[^/]+/)*", "*": "[^/]*", "?": "[^/]"}.get(
            part, re.escape(part)
        )
    return re.compile(pattern)


def matches(path: str, globs: Iterable[str]) -> bool:
    """Tell whether a path matches one of the globs."""
    return any(_pattern(glob).fullmatch(path) for glob in globs)


def may_hold(folder: str, globs: Iterable[str]) -> bool:
    """Tell whether a path below ``folder`` can match one of the globs."""
    parts = folder.split("/")
    return any(_may_hold(parts, glob.split("/")[:-1]) for glob in globs)


def _may_hold(folder: list[str], wanted: list[str]) -> bool:
    for part, glob in zip(folder, wanted, strict=False):
        if glob == "**":
            return True
        if not _pattern(glob).fullmatch(part):
            return False
    return len(folder) <= len(wanted)
