"""Keep what a proof found, for as long as nothing that it depends on changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import grader
from grader import digest
from grader.cache import cache_folder, load, save

KEPT = 20_000  # files of some hundred bytes; one proof of all homeworks makes 3,000
DISTRIBUTIONS = ("numpy", "pybind11", "pytest")
# What of our own code has no part in an outcome: it only shows or records it.
NO_PART = ("commands", "report", "store")


def cached(
    kind: str,
    parts: Iterable[str | bytes],
    compute: Callable[[], Any],
    *,
    use: bool = True,
    lasting: Callable[[Any], bool] = lambda _: True,
) -> Any:
    """Return what ``compute`` returns, which JSON can say, and keep it.

    ``parts`` is what the outcome depends on besides the machine, the compiler, Python,
    its packages and our own code. ``use=False`` computes it anew, and keeps that.
    What is not ``lasting``, because it may be another time, is not kept.
    """
    path = cache_folder("proof") / digest.digest_of(kind, _surroundings(), *parts)
    kept = load(path) if use else None
    if isinstance(kept, str):
        return json.loads(kept)
    found = compute()
    if lasting(found):
        save(path, json.dumps(found), keep=KEPT)
    return found


@lru_cache(maxsize=1)
def _surroundings() -> str:
    """Return a digest of the machine and of our own code."""
    return digest.digest_of(
        digest.machine(),
        digest.compiler(),
        digest.packages(DISTRIBUTIONS),
        digest.kit(),
        _own_code(),
    )


def _own_code() -> str:
    folder = Path(grader.__file__).parent
    return digest.digest_files(
        {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*.py")
            if path.relative_to(folder).parts[0] not in NO_PART
        }
    )
