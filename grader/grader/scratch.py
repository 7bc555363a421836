"""Temporary folders that nobody else can enter, gone with the grader at the latest."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

OURS = re.compile(r"grader-(\d+)-\w+")
STALE_SECONDS = 3600.0  # a live process of another machine may share the folder


def make() -> Path:
    """Return a new folder; first sweep up after graders that were killed."""
    place = tempfile.gettempdir()
    sweep(place)
    return Path(tempfile.mkdtemp(prefix=f"grader-{os.getpid()}-", dir=place))


def remove(folder: Path) -> None:
    """Remove a folder in which hostile code may have forbidden itself everything."""
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        return
    for parent, names, _ in os.walk(folder):  # top down: opened before it is entered
        for name in names:
            with suppress(OSError):
                path = Path(parent, name)
                if not path.is_symlink():
                    path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


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
