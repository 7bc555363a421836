"""Look into files, folders and archives without ever extracting one.

What is inside is read into memory, piece by piece and bounded, and recognised by its
content. No name found in an archive becomes a path, so no name can lead anywhere; links
and devices are passed over.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

LARGEST = 64 * 2**20  # bytes of one file; the largest known one has 47 MB
MOST_BYTES = 4 * 2**30  # unpacked, from one archive
MOST_MEMBERS = 100_000
DEEPEST = 2  # archives in archives

_DAMAGE = (
    EOFError,
    OSError,  # gzip's and lzma's own errors are kinds of it
    zlib.error,
    lzma.LZMAError,
    tarfile.TarError,
    zipfile.BadZipFile,
    NotImplementedError,  # a zip with a compression that Python does not know
    RuntimeError,  # an encrypted zip
)


@dataclass(frozen=True)
class Content:
    """The whole content of a file, with its gzip form if that is how it came."""

    name: str
    data: bytes
    packed: bytes | None = None

    @property
    def basename(self) -> str:
        """Return the last part of the name."""
        return PurePosixPath(self.name).name


@dataclass(frozen=True)
class Passed:
    """Something that was not read, and why; ``damaged`` if it should have been."""

    name: str
    reason: str
    damaged: bool = False


Piece = Content | Passed


class Readable(Protocol):
    """Anything with a method ``read``."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes, none at the end."""
        ...


class _LimitError(Exception):
    """An archive holds more than any data set does."""


class _Counted(io.RawIOBase):
    """A stream of unpacked bytes that stops when there are too many."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._left = MOST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self._stream.read(len(view))
        self._left -= len(data)
        if self._left < 0:
            raise _LimitError(f"unpacks to more than {MOST_BYTES >> 30} GB")
        view[: len(data)] = data
        return len(data)


def files_below(path: Path) -> Iterator[Path]:
    """List a file, or what a folder holds, in order, hidden files left out."""
    if not path.is_dir():
        yield path
        return
    closed: list[str] = []
    walk = os.walk(path, onerror=lambda error: closed.append(error.filename))
    for folder, folders, names in walk:
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder) / name for name in sorted(names) if name[0] != ".")
    yield from map(Path, closed)


def pieces(path: Path) -> Iterator[Piece]:
    """Yield the content of a file, or of everything in an archive."""
    if path.is_dir():
        yield Passed(path.name, "a folder that cannot be read", damaged=True)
        return
    if not path.is_file():
        yield Passed(path.name, "not a regular file")
        return
    try:
        with path.open("rb") as stream:
            yield from _open(path.name, stream, 0)
    except _LimitError as limit:
        yield Passed(path.name, str(limit), damaged=True)
    except OSError as error:
        yield Passed(path.name, f"cannot be read ({error.strerror})", damaged=True)


def _open(name: str, stream: IO[bytes], depth: int) -> Iterator[Piece]:
    """Yield what a seekable stream holds, by what it begins with."""
    head = stream.read(512)
    stream.seek(0)
    try:
        if head[:4] == b"PK\x03\x04":
            yield from _zip(name, stream, depth)
        elif head[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=stream) as unpacked:
                yield from _packed(name, unpacked, stream, depth)
        elif head[:6] == b"\xfd7zXZ\0":
            with lzma.LZMAFile(stream) as unpacked:
                yield from _packed(name, unpacked, None, depth)
        elif head[:3] == b"BZh":
            with bz2.BZ2File(stream) as unpacked:
                yield from _packed(name, unpacked, None, depth)
        elif head[257:262] == b"ustar":
            yield from _tar(name, stream, depth)
        else:
            yield _read(name, stream)
    except _LimitError:
        raise
    except _DAMAGE as error:
        what = str(error) or type(error).__name__
        yield Passed(name, f"damaged or cut off ({what})", damaged=True)


def _packed(
    name: str, unpacked: Readable, gzipped: IO[bytes] | None, depth: int
) -> Iterator[Piece]:
    """Yield what a compressed stream holds: a tar archive, or one file."""
    stream = io.BufferedReader(_Counted(unpacked), 2**16)
    if stream.peek(512)[257:262] == b"ustar":
        yield from _tar(name, stream, depth)
        return
    piece = _read(name, stream)
    if isinstance(piece, Content) and gzipped is not None:
        gzipped.seek(0)
        piece = Content(name, piece.data, gzipped.read())
    yield piece


def _tar(name: str, stream: IO[bytes], depth: int) -> Iterator[Piece]:
    """Yield what a tar archive holds, reading it once from front to back."""
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for count, member in enumerate(archive):
            _check_count(count)
            inner = f"{name}/{member.name}"
            if member.isdir():
                continue
            if not member.isreg():
                yield Passed(inner, "a link or device")
            elif member.size > LARGEST:
                yield Passed(inner, "larger than any file of a known set")
            else:
                content = archive.extractfile(member)
                assert content is not None  # it is a regular file
                yield from _member(inner, content.read(LARGEST + 1), depth)


def _zip(name: str, stream: IO[bytes], depth: int) -> Iterator[Piece]:
    """Yield what a zip archive holds."""
    left = MOST_BYTES
    with zipfile.ZipFile(stream) as archive:
        for count, member in enumerate(archive.infolist()):
            _check_count(count)
            inner = f"{name}/{member.filename}"
            if member.is_dir():
                continue
            if member.file_size > LARGEST:
                yield Passed(inner, "larger than any file of a known set")
                continue
            with archive.open(member) as content:
                data = content.read(LARGEST + 1)
            left -= len(data)
            if left < 0:
                raise _LimitError(f"unpacks to more than {MOST_BYTES >> 30} GB")
            yield from _member(inner, data, depth)


def _member(name: str, data: bytes, depth: int) -> Iterator[Piece]:
    """Yield a file found in an archive, or look into it if it is one itself."""
    if depth + 1 > DEEPEST:
        yield Passed(name, f"an archive in more than {DEEPEST} others")
    else:
        yield from _open(name, io.BytesIO(data), depth + 1)


def _read(name: str, stream: IO[bytes]) -> Piece:
    """Read a file that is no archive, unless it is too large to be of interest."""
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        return Passed(name, "larger than any file of a known set")
    return Content(name, data)


def _check_count(count: int) -> None:
    """Stop at an archive of absurdly many files."""
    if count >= MOST_MEMBERS:
        raise _LimitError(f"holds more than {MOST_MEMBERS} files")
