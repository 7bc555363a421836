"""What one case may use; the child limits itself before student code runs."""

from __future__ import annotations

import math
import os
import resource
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of one case, in the units in which people write them."""

    seconds: float = 10.0  # wall clock, watched by the trusted side; bounds CPU too
    memory_mb: int = 2048
    file_mb: int = 64
    files: int = 256
    processes: bool = False
    addresses: bool = True  # limited like memory; what reserves them cannot have that


MAX_PROCESSES = 512


def apply(limits: Limits, *, own_users: bool) -> None:
    """Limit this process and all that it starts.

    The limit on processes counts every process of the user, so it is set only where the
    box has users of its own.
    """
    cpu = math.ceil(limits.seconds) + 1
    _limit(resource.RLIMIT_CPU, cpu, cpu + 1)  # the first is a signal that says why
    if limits.addresses:  # memory that is used is limited for the box as a whole
        _limit(resource.RLIMIT_AS, limits.memory_mb << 20)
    _limit(resource.RLIMIT_FSIZE, limits.file_mb << 20)
    _limit(resource.RLIMIT_NOFILE, limits.files)
    _limit(resource.RLIMIT_CORE, 0)
    if own_users:
        _limit(resource.RLIMIT_NPROC, MAX_PROCESSES)


def _limit(kind: int, value: int, last: int | None = None) -> None:
    """Lower the soft limit and the hard one (``last``, if it is another).

    One that is lower already stays.
    """
    last = value if last is None else last
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value, last = min(value, hard), min(last, hard)
    try:
        resource.setrlimit(kind, (value, last))
    except (OSError, ValueError):  # macOS knows no address-space limit
        if kind != resource.RLIMIT_AS:
            raise


def keep_only(descriptors: dict[int, int]) -> None:
    """Move descriptors to where the mapping says (target: source); close all others."""
    sources = {target: os.dup(source) for target, source in descriptors.items()}
    top = max(descriptors) + 1
    # Out of the way of every target, so that no move overwrites a source.
    high = {target: _above(source, top) for target, source in sources.items()}
    for target, source in high.items():
        os.dup2(source, target)
    os.closerange(top, _descriptors())


def _above(descriptor: int, floor: int) -> int:
    import fcntl

    return fcntl.fcntl(descriptor, fcntl.F_DUPFD, floor)


def _descriptors() -> int:
    """Return a bound on the descriptors this process can have open."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(soft, 2**20) if soft != resource.RLIM_INFINITY else 2**20
