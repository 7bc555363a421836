"""What is inside files: archives, compressed streams, text written as other text.

Whoever gives files away must know what is in all of them: a figure may carry its
source in its metadata, a notebook its output in base64, a wheel another wheel.
"""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

MAX_INSIDE = 64 * 2**20  # bytes of one stream that are looked at
DEPTH = 6  # of archives in archives
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_LINE = rb"[A-Za-z0-9+/]{40,}"
_BREAK = rb"(?:\\n|\\r|[\s\",])+"
_BASE64 = re.compile(
    rb"(?:%b%b)*%b(?:%b[A-Za-z0-9+/]{1,39})?={0,2}" % (_LINE, _BREAK, _LINE, _BREAK)
)
_TEXT = re.compile(rb"[\t\n\r\x20-\x7e\x80-\xff]*")
# What damaged archives, some of them on purpose, make of the libraries.
_UNSOUND = (
    *(OSError, EOFError, ValueError, RuntimeError, NotImplementedError, LookupError),
    *(zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError),
)


def unpacked(
    files: Mapping[str, bytes], depth: int = DEPTH
) -> Iterator[tuple[str, bytes]]:
    """Yield the files, and whatever is inside one as ``file!name`` or ``file!``."""
    for path, content in files.items():
        yield path, content
        if depth > 0:
            for name, inner in _inside(content):
                yield from unpacked({f"{path}!{name}": inner}, depth - 1)


def _inside(content: bytes) -> Iterator[tuple[str, bytes]]:
    for reader in (_zip, _tar, _compressed, _streams, _wide, _base64):
        try:
            yield from reader(content)
        except _UNSOUND:
            continue


def _zip(content: bytes) -> Iterator[tuple[str, bytes]]:
    if b"PK\x05\x06" not in content:
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            with suppress(*_UNSOUND), archive.open(entry) as file:
                yield entry.filename, file.read(MAX_INSIDE)


def _tar(content: bytes) -> Iterator[tuple[str, bytes]]:
    if content[257:262] != b"ustar":
        return
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for entry in archive:
            file = archive.extractfile(entry)
            if file is not None:
                yield entry.name, file.read(MAX_INSIDE)


def _compressed(content: bytes) -> Iterator[tuple[str, bytes]]:
    openers: dict[bytes, Callable[[io.BytesIO], io.BufferedIOBase]] = {
        b"\x1f\x8b": lambda raw: gzip.GzipFile(fileobj=raw),
        b"BZh": bz2.BZ2File,
        b"\xfd7zXZ\x00": lzma.LZMAFile,
    }
    for magic, opener in openers.items():
        if content.startswith(magic):
            with opener(io.BytesIO(content)) as file:
                yield "", file.read(MAX_INSIDE)


def _streams(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the zlib streams of a binary file: a picture's metadata, a document."""
    if _is_text(content):
        return
    for match in _ZLIB.finditer(content):
        try:
            found = zlib.decompressobj().decompress(
                content[match.start() :], MAX_INSIDE
            )
        except zlib.error:
            continue
        yield "", found


def _wide(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield text whose letters take two or four bytes, in one."""
    if b"\0" in content:
        narrow = content.replace(b"\0", b"")
        if 2 * len(narrow) <= len(content) + 4:
            yield "", narrow


def _base64(content: bytes) -> Iterator[tuple[str, bytes]]:
    for match in _BASE64.finditer(content):
        letters = re.sub(rb"\\[nr]|[^A-Za-z0-9+/]", b"", match[0])
        if len(letters) % 4 == 1:  # one too many: the next word's
            letters = letters[:-1]
        found = base64.b64decode(letters + b"=" * (-len(letters) % 4))
        if _is_text(found) or _is_packed(found):
            yield "", found


def _is_text(content: bytes) -> bool:
    return _TEXT.fullmatch(content) is not None


def _is_packed(content: bytes) -> bool:
    """Tell whether the bytes begin as an archive, a picture or a document does."""
    known = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x89PNG", b"%PDF")
    return content.startswith(known) or _ZLIB.match(content) is not None
