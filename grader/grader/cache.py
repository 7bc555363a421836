"""Small files of ours that can be made again, kept in the grader's folder."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from gradebox.decode import WireError, decode
from gradebox.encode import EncodeError, encode
from gradebox.values import Value
from gradebox.wire import FrameReader, pack

from grader.home import folder


def cache_folder(*parts: str) -> Path:
    """Return a folder of the cache."""
    return folder("cache", *parts)


def load(path: Path) -> Value:
    """Return the value kept at ``path``, or None if there is none worth having."""
    try:
        frames = FrameReader().feed(path.read_bytes())
        return decode(frames[0].header["value"], frames[0].buffers)
    except (OSError, WireError, IndexError, KeyError):
        return None


def save(path: Path, value: object, *, keep: int) -> None:
    """Keep a value; the folder holds the ``keep`` newest. A full disk is no error."""
    with suppress(OSError, EncodeError, WireError):
        encoded = encode(value)
        write(path, pack({"value": encoded.node}, encoded.buffers))
        prune(path.parent, keep)


def write(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all."""
    descriptor, name = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.replace(name, path)  # noqa: PTH105 (atomic, from a name)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)  # noqa: PTH108
        raise


def prune(folder: Path, keep: int) -> None:
    """Remove all but the newest files of a folder."""

    def age(path: Path) -> float:
        with suppress(OSError):
            return -path.stat().st_mtime
        return 0.0

    files = sorted(folder.iterdir(), key=age)
    for path in files[keep:]:
        with suppress(OSError):
            path.unlink()
