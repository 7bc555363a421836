"""Files in the format of MNIST: IDX, usually compressed with gzip."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np

_GZIP = b"\x1f\x8b"
_BYTES = 0x08  # the code for unsigned bytes


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
    raw = _bytes(Path(path))
    if len(raw) < 4 or raw[:2] != b"\0\0":
        raise ValueError(f"{path} is no IDX file: it begins with {raw[:4]!r}")
    kind, ndim = raw[2], raw[3]
    if kind != _BYTES:
        raise ValueError(f"{path} holds numbers of type {kind:#04x}, not bytes (0x08)")
    if axes is not None and ndim != axes:
        raise ValueError(f"{path} has {ndim} axes where {axes} are expected")
    start = 4 + 4 * ndim
    if len(raw) < start:
        raise ValueError(f"{path} ends after {len(raw)} bytes, within its header")
    shape = struct.unpack(f">{ndim}I", raw[4:start])
    if len(raw) - start != math.prod(shape):
        raise ValueError(
            f"{path} holds {len(raw) - start} bytes of data; its header says"
            f" {' x '.join(map(str, shape))} = {math.prod(shape)}: get it again"
        )
    return np.frombuffer(raw, dtype=np.uint8, offset=start).reshape(shape)


def _bytes(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(
            f"{path} is not there; `course data get mnist --into .` puts the four files"
            " of MNIST into data/"
        ) from None
    if not raw.startswith(_GZIP):
        return raw
    try:
        return gzip.decompress(raw)
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(
            f"{path} is damaged or cut off ({error}): get it again"
        ) from None
