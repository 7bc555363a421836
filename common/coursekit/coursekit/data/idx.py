"""Read the header of an IDX file and check that the file is as long as it says."""

from __future__ import annotations

import math
from dataclasses import dataclass

ITEM_SIZES = {0x08: 1, 0x09: 1, 0x0B: 2, 0x0C: 4, 0x0D: 4, 0x0E: 8}
MOST_DIMENSIONS = 8


class IdxError(ValueError):
    """An IDX file whose header and length do not agree."""


@dataclass(frozen=True)
class Header:
    """What the header says: the code of the type, and the shape."""

    kind: int
    shape: tuple[int, ...]


def looks_like_idx(content: bytes) -> bool:
    """Say whether a file begins as IDX files do: two zeros, a type, a rank."""
    return (
        len(content) >= 4
        and content[:2] == b"\0\0"
        and content[2] in ITEM_SIZES
        and 1 <= content[3] <= MOST_DIMENSIONS
    )


def read_header(content: bytes) -> Header:
    """Return the header of a whole IDX file."""
    if not looks_like_idx(content):
        raise IdxError(f"not an IDX file: it begins with {content[:4].hex(' ')}")
    start = 4 + 4 * content[3]
    if len(content) < start:
        raise IdxError("an IDX file cut off inside its header")
    shape = tuple(
        int.from_bytes(content[at : at + 4], "big") for at in range(4, start, 4)
    )
    expected = start + ITEM_SIZES[content[2]] * math.prod(shape)
    if len(content) != expected:
        how = "cut off" if len(content) < expected else "too long"
        raise IdxError(
            f"an IDX file that is {how}: its header says {expected} bytes (shape "
            f"{shape}), it has {len(content)}"
        )
    return Header(content[2], shape)
