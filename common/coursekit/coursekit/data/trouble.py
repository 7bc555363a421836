"""Put what a disk or a network says into words a person can act on."""

from __future__ import annotations

import errno
from pathlib import Path

from coursekit.errors import CourseError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
IN_THE_WAY = (errno.ENOTDIR, errno.EEXIST, errno.EISDIR)
ELSEWHERE = "free some, or set COURSE_DATA to a folder on another disk"


def disk_trouble(error: OSError, path: Path, need: int = 0) -> CourseError:
    """Explain why a file could not be written; nothing half-written was left."""
    amount = f" ({megabytes(need)} were to be written)" if need else ""
    if error.errno in FULL:
        what = f"the disk is full, or a limit on it is reached{amount}: {ELSEWHERE}"
    elif error.errno in FORBIDDEN:
        what = (
            f"this folder cannot be written to ({error.strerror}): change its owner or "
            "its permissions, or set COURSE_DATA to a folder of your own"
        )
    elif error.errno in IN_THE_WAY:
        what = (
            f"something is in the way ({error.strerror}: {error.filename}): move it, "
            "or set COURSE_DATA to another folder"
        )
    else:
        what = f"it cannot be written ({error.strerror or error})"
    return CourseError(f"{path}: {what}. Nothing half-written was left.")


def megabytes(size: int) -> str:
    """Write a number of bytes as a person reads it."""
    if size < 10_000:
        return f"{size} bytes"
    if size < 1_000_000:
        return f"{size / 1e3:.0f} kB"
    if size < 10_000_000_000:
        return f"{size / 1e6:.1f} MB"
    return f"{size / 1e9:.0f} GB"
