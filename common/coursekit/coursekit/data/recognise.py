"""Tell what a file is by its content, whatever it is called."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path

from coursekit.data.catalog import by_digest, known_sizes
from coursekit.data.cifar import PIXELS, Batch, read_batch, read_binary, write_batch
from coursekit.data.cifar_sets import PUBLISHED
from coursekit.data.idx import IdxError, looks_like_idx, read_header
from coursekit.data.model import File, Spec

PICKLED_BATCH = range(3_000_000, 40_000_000)  # sizes a pickled batch may have
BINARY_BATCH = 10_000 * (3072 + 1)


@dataclass(frozen=True)
class Match:
    """A file of a known set, with the bytes to keep of it."""

    spec: Spec
    file: File
    keep: bytes


@dataclass(frozen=True)
class Stranger:
    """A file of no known set; ``damaged`` if it was probably meant to be one."""

    reason: str
    damaged: bool = False


def recognise(
    name: str, content: bytes, packed: bytes | None = None
) -> Match | Stranger:
    """Say which known file this is; ``packed`` is its gzip form if it had one."""
    if len(content) in known_sizes():
        found = by_digest().get(sha256(content))
        if found is not None:
            spec, file = found
            return Match(
                spec, file, _packed(content, packed) if file.packed else content
            )
    if content[:1] == b"\x80" and len(content) in PICKLED_BATCH:
        return _pickled(name, content)
    if len(content) == BINARY_BATCH:
        return _binary(content)
    return _stranger(name, content)


def sha256(content: bytes) -> str:
    """Return the digest of a content in the catalogue's form."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def digest_of_file(path: Path, file: File) -> str:
    """Return the digest of a file on the disk, computed as the catalogue's was."""
    try:
        content = path.read_bytes()
        if file.packed:
            content = gzip.decompress(content)
        if file.digest.startswith(PIXELS):
            return read_batch(content).digest
    except (OSError, EOFError, ValueError, zlib.error):
        return ""
    return sha256(content)


def _packed(content: bytes, packed: bytes | None) -> bytes:
    """Return the gzip form: the one it came in, or a new one without a time stamp."""
    return packed if packed is not None else gzip.compress(content, 6, mtime=0)


def _pickled(name: str, content: bytes) -> Match | Stranger:
    """Recognise a pickled batch; keep it as it is only if it is the published file."""
    try:
        batch = read_batch(content)
    except ValueError as error:
        return Stranger(str(error), damaged="batch" in name)
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return _batch(batch, content if md5 in PUBLISHED else None)


def _binary(content: bytes) -> Match | Stranger:
    """Recognise a batch of the binary version, and keep it in the python version."""
    found = by_digest().get(read_binary(content, b"").digest)
    if found is None:
        return Stranger("as long as a binary CIFAR batch, but not one of CIFAR-10's")
    return _batch(read_binary(content, found[1].name.encode()), None)


def _batch(batch: Batch, keep: bytes | None) -> Match | Stranger:
    """Look a batch up by its pictures."""
    found = by_digest().get(batch.digest)
    if found is None:
        return Stranger(
            "a CIFAR batch whose pictures are not CIFAR-10's (wrong checksum)",
            damaged=True,
        )
    return Match(*found, write_batch(batch) if keep is None else keep)


def _stranger(name: str, content: bytes) -> Stranger:
    """Say what an unknown file seems to be."""
    if looks_like_idx(content):
        try:
            header = read_header(content)
        except IdxError as error:
            return Stranger(str(error), damaged=True)
        return Stranger(
            f"an IDX file of shape {header.shape}, but of no set known here"
            " (wrong checksum)",
            damaged=_is_expected(name, len(content)),
        )
    if "idx" in name.lower() and "ubyte" in name.lower():
        start = content[:4].hex(" ") or "nothing"
        return Stranger(
            f"named like an IDX file, but begins with {start}", damaged=True
        )
    return Stranger("not a file of a known set")


def _is_expected(name: str, size: int) -> bool:
    """Say whether a file has the name and the length of a known one."""
    stem = name.removesuffix(".gz")
    files = (file for _, file in by_digest().values())
    return any(
        file.name.removesuffix(".gz") == stem and file.size == size for file in files
    )
