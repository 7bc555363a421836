"""Temporary folders that nobody else can enter, gone with the grader at the latest."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

OURS = re.compile(r"grader-(\d+)-\w+")
STALE_SECONDS = 3600.0  # a live process of another machine may share the folder


def make() -> Path:
    """Return a new folder; first sweep up after graders that were killed."""
    place = tempfile.gettempdir()
    sweep(place)
    return Path(tempfile.mkdtemp(prefix=f"grader-{os.getpid()}-", dir=place))


@contextmanager
def folder() -> Iterator[Path]:
    """Give a new folder for as long as the ``with`` statement lasts."""
    made = make()
    try:
        yield made
    finally:
        remove(made)


def remove(folder: Path) -> None:
    """Remove a folder in which hostile code may have forbidden itself everything.

    It may also have nested folders more deeply than Python recurses or a path can say,
    so each folder is brought to the top before it is looked into.
    """
    with suppress(OSError, RecursionError):
        shutil.rmtree(folder)
    waiting, count = [folder] if folder.exists() else [], 0
    emptied = []
    while waiting:
        here = waiting.pop()
        emptied.append(here)
        for entry in _entries(here):
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    Path(entry.path).chmod(0o700)
                    count += 1
                    top = folder / f".{secrets.token_hex(8)}-{count}"
                    waiting.append(Path(entry.path).rename(top))
                else:
                    os.unlink(entry.path)  # noqa: PTH108
    for each in reversed(emptied):
        with suppress(OSError):
            each.rmdir()


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []


@lru_cache(maxsize=8)
def sweep(place: str) -> None:
    """Remove, once a process, the old folders of processes that are no more."""
    with os.scandir(place) as entries:
        for entry in entries:
            found = OURS.fullmatch(entry.name)
            with suppress(OSError):
                if found and _is_stale(entry, int(found[1])):
                    remove(Path(entry.path))


def _is_stale(entry: os.DirEntry[str], pid: int) -> bool:
    status = entry.stat(follow_symlinks=False)
    mine = status.st_uid == os.getuid() and entry.is_dir(follow_symlinks=False)
    return mine and time.time() - status.st_mtime > STALE_SECONDS and not _lives(pid)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
