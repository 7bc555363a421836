"""Files in the format of MNIST: IDX, usually compressed with gzip."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np

_GZIP = b"\x1f\x8b"
_BYTES = 0x08  # the code for unsigned bytes
_MOST_AXES = 16
_PIECE = 1 << 20


def read_idx(path: str | Path, axes: int | None = None) -> np.ndarray:
    """Return the bytes of an IDX file, compressed or not, as an array.

    The format: two zero bytes, the code of the type (8 for unsigned bytes), the number
    of axes, then their lengths as big-endian 32-bit integers, then the data.

    Args:
        path: the file.
        axes: how many axes are expected: 3 for images, 1 for labels.

    Returns:
        An array of dtype uint8, of the shape that the file says.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file is damaged, cut off, too long or something else; says
            which.
    """
    with _damage_told(path), _opened(Path(path)) as file:
        head = file.read(4)
        if len(head) < 4 or head[:2] != b"\0\0":
            raise ValueError(f"{path} is no IDX file: it begins with {head!r}")
        kind, ndim = head[2], head[3]
        if kind != _BYTES:
            raise ValueError(
                f"{path} holds numbers of type {kind:#04x}, not bytes (0x08)"
            )
        if ndim > _MOST_AXES or (axes is not None and ndim != axes):
            expected = f"at most {_MOST_AXES}" if axes is None else axes
            raise ValueError(f"{path} has {ndim} axes where {expected} are expected")
        lengths = file.read(4 * ndim)
        if len(lengths) < 4 * ndim:
            raise ValueError(
                f"{path} ends after {4 + len(lengths)} bytes, within its header"
            )
        shape = struct.unpack(f">{ndim}I", lengths)
        raw = _at_most(math.prod(shape) + 1, file)
    if len(raw) != math.prod(shape):
        held = f"more than {len(raw) - 1}" if len(raw) > math.prod(shape) else len(raw)
        raise ValueError(
            f"{path} holds {held} bytes of data; its header says"
            f" {' x '.join(map(str, shape))} = {math.prod(shape)}: get it again"
        )
    return np.frombuffer(raw, dtype=np.uint8).reshape(shape)


def _opened(path: Path) -> BinaryIO:
    """Open a file for reading, through gzip where it is compressed."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise FileNotFoundError(
            f"{path} is not there; `course data get mnist --into .` puts the four files"
            " of MNIST into data/"
        ) from None
    compressed = file.read(len(_GZIP)) == _GZIP
    file.seek(0)
    return gzip.open(file) if compressed else file


def _at_most(count: int, file: BinaryIO) -> bytes:
    """Read so many bytes, piece by piece: a header may claim any number."""
    pieces, held = [], 0
    while piece := file.read(min(_PIECE, count - held)):
        pieces.append(piece)
        held += len(piece)
    return b"".join(pieces)


@contextmanager
def _damage_told(path: str | Path) -> Iterator[None]:
    """Say of a file that gzip cannot read which one it is."""
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(
            f"{path} is damaged or cut off ({error}): get it again"
        ) from None
