"""Replace one folder by another in a single step, and guard against two at once."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

RENAME_SWAP = 2  # RENAME_EXCHANGE on Linux, RENAME_SWAP on macOS: the same number
AT_FDCWD = -100


def replace_folder(new: Path, dest: Path) -> None:
    """Put ``new`` in the place of ``dest``; the old folder ends up as ``new``.

    The two change names at once where the system can, so that a cut leaves the one or
    the other. Where it cannot, a cut may leave the old folder under the name that
    ``recover`` looks for.
    """
    if exchange(new, dest):
        return
    aside = _aside(dest)
    dest.rename(aside)
    try:
        new.rename(dest)
    except BaseException:
        aside.rename(dest)
        raise
    aside.rename(new)


def recover(dest: Path) -> None:
    """Clear away what an interrupted run left beside ``dest``."""
    aside = _aside(dest)
    if aside.is_dir():
        if not dest.exists():
            aside.rename(dest)
        else:
            shutil.rmtree(aside, ignore_errors=True)
    for left in dest.parent.glob(f".{dest.name}.*.new"):
        shutil.rmtree(left, ignore_errors=True)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step; False where that is not possible."""
    libc = ctypes.CDLL(None, use_errno=True)
    paths = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        failed = libc.renamex_np(*paths, ctypes.c_uint(RENAME_SWAP))
    elif hasattr(libc, "renameat2"):
        here = ctypes.c_int(AT_FDCWD)
        flags = ctypes.c_uint(RENAME_SWAP)
        failed = libc.renameat2(here, paths[0], here, paths[1], flags)
    else:
        return False
    if not failed:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):  # not on this file system
        return False
    raise OSError(code, os.strerror(code), str(other))


@contextlib.contextmanager
def exclusive(dest: Path) -> Iterator[None]:
    """Hold the folder around ``dest``, so that two commands wait for each other."""
    dest.parent.mkdir(parents=True, exist_ok=True)
    held = os.open(dest.parent, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems cannot lock
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _aside(dest: Path) -> Path:
    return dest.with_name(f".{dest.name}.old")
