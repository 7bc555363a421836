"""Frames: a length-prefixed JSON header followed by raw buffers.

    magic (4 bytes) | header length (u32) | body length (u32) | header | body

The header is an object whose ``buffers`` lists the lengths into which the body falls.
Reading costs no more memory than the bytes received, and no deep recursion.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradebox.decode import WireError

__all__ = ["Frame", "FrameReader", "WireError", "pack"]

MAGIC = b"GBX1"
PREFIX = struct.Struct("<4sII")
MAX_HEADER = 2**20
MAX_BODY = 80 * 2**20
MAX_NESTING = 64

_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


@dataclass(frozen=True)
class Frame:
    """One message out of the box."""

    header: dict[str, Any]
    buffers: list[bytes]


def pack(header: dict[str, Any], buffers: Sequence[bytes] = ()) -> bytes:
    """Return the bytes of a frame."""
    sizes = [len(buffer) for buffer in buffers]
    head = json.dumps({**header, "buffers": sizes}, allow_nan=False).encode("ascii")
    if len(head) > MAX_HEADER or sum(sizes) > MAX_BODY:
        raise WireError("the message is too large")
    return b"".join([PREFIX.pack(MAGIC, len(head), sum(sizes)), head, *buffers])


class FrameReader:
    """Cut a stream of bytes, however it arrives, into frames."""

    def __init__(self) -> None:
        self._pending = bytearray()

    @property
    def pending(self) -> int:
        """Return how many bytes wait for the rest of their frame."""
        return len(self._pending)

    def feed(self, data: bytes) -> list[Frame]:
        """Take bytes in and return the frames they complete."""
        self._pending += data
        frames = []
        while (frame := self._next()) is not None:
            frames.append(frame)
        return frames

    def _next(self) -> Frame | None:
        if len(self._pending) < PREFIX.size:
            return None
        magic, head, body = PREFIX.unpack_from(self._pending)
        if magic != MAGIC or head > MAX_HEADER or body > MAX_BODY:
            raise WireError("not a frame")
        end = PREFIX.size + head + body
        if len(self._pending) < end:
            return None
        header = _header(bytes(self._pending[PREFIX.size : PREFIX.size + head]))
        buffers = _split(self._pending, PREFIX.size + head, body, header)
        del self._pending[:end]
        return Frame(header, buffers)


def _header(data: bytes) -> dict[str, Any]:
    """Parse the header; bounded in depth before the parser sees it."""
    _check_nesting(data)
    try:
        header = json.loads(data, parse_int=_small_int, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise WireError("malformed header") from error
    if type(header) is not dict:
        raise WireError("malformed header")
    return header


def _check_nesting(data: bytes) -> None:
    """Refuse a header nested too deeply, in time linear in its length."""
    # Without its escapes, every quote that is left begins or ends a string.
    quoted = data.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')
    depth = 0
    for bracket in b"".join(quoted[::2]).translate(None, _NOT_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_NESTING:
            raise WireError("the header is nested too deeply")


def _split(
    data: bytearray, start: int, length: int, header: dict[str, Any]
) -> list[bytes]:
    """Cut the body into the buffers that the header announces."""
    sizes = header.pop("buffers", None)
    if type(sizes) is not list or any(type(n) is not int or n < 0 for n in sizes):
        raise WireError("malformed buffers")
    if sum(sizes) != length:
        raise WireError("the buffers do not fill the body")
    buffers = []
    for size in sizes:
        buffers.append(bytes(data[start : start + size]))
        start += size
    return buffers


def _small_int(digits: str) -> int:
    if len(digits) > 20:
        raise ValueError("a number in the header is too long")
    return int(digits)


def _refuse(name: str) -> float:
    raise ValueError(f"{name} has no place in a header")
