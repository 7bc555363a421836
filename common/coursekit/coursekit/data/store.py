"""Write into the cache: whole files only, one writer a set at a time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from coursekit.data.model import File, Spec
from coursekit.data.places import cache_root
from coursekit.data.record import RECORD, read_record, write_record
from coursekit.data.trouble import disk_trouble

PATIENCE = 2.0  # seconds of waiting before another command's lock is mentioned

Note = Callable[[str], None]


@contextmanager
def writing(spec: Spec, note: Note = lambda text: None) -> Iterator[None]:
    """Hold the set's lock, so that two commands at once do not disturb each other."""
    from filelock import FileLock, Timeout

    folder = cache_root() / ".locks"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / f"{spec.name}.lock")
        try:
            lock.acquire(timeout=PATIENCE)
        except Timeout:
            note(f"{spec.name}: waiting for another command that works on it")
            lock.acquire()
    except OSError as error:
        raise disk_trouble(error, folder) from error
    try:
        _clear_leftovers(spec)
        yield
    finally:
        lock.release()


def install(spec: Spec, file: File, content: bytes) -> Path:
    """Put one verified file into the cache; the caller holds the set's lock."""
    folder = cache_root() / spec.name
    path = folder / file.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace(path, content, _scratch(), spec.name)
        sizes = read_record(folder) | {file.name: len(content)}
        replace(folder / RECORD, write_record(sizes), _scratch(), spec.name)
    except OSError as error:
        raise disk_trouble(error, path, need=len(content)) from error
    return path


def forget(spec: Spec, files: Iterable[File]) -> None:
    """Strike files from the record, so that they are fetched or taken in again."""
    folder = cache_root() / spec.name
    names = {file.name for file in files}
    sizes = {k: v for k, v in read_record(folder).items() if k not in names}
    try:
        replace(folder / RECORD, write_record(sizes), _scratch(), spec.name)
    except OSError as error:
        raise disk_trouble(error, folder) from error


def replace(path: Path, content: bytes, scratch: Path, prefix: str) -> None:
    """Write beside, flush, rename: the file is the old one or the new one, whole."""
    handle, name = tempfile.mkstemp(prefix=f"{prefix}-", dir=scratch)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _scratch() -> Path:
    """Return the folder of files that are being written, on the cache's own disk."""
    folder = cache_root() / ".writing"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _clear_leftovers(spec: Spec) -> None:
    """Remove what a killed command left; no other command writes this set now."""
    for path in (cache_root() / ".writing").glob(f"{spec.name}-*"):
        with suppress(OSError):
            path.unlink()
