"""Copy an answer into plain nodes and raw buffers, whatever it was.

A node is a JSON list ``[tag, ...]``; long data goes to buffers in the order in which
the nodes are read. Only exact types are taken at their word: a subclass of ``float`` or
``tuple`` can lie about itself, so it is ``opaque``, a type name and nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from gradebox.tensors import data_of, is_tensor
from gradebox.values import dtype_allowed, type_name

MAX_DEPTH = 16
MAX_NODES = 10_000
MAX_BYTES = 64 * 2**20
MAX_INT_BITS = 16_384
MAX_MRO = 32

Node = list[Any]


class EncodeError(ValueError):
    """The answer is too deep or too large to be handed over."""


class Hash(Protocol):
    """A running digest."""

    def update(self, data: bytes, /) -> None:
        """Fold in more bytes."""


@dataclass
class Encoded:
    """One answer, copied: its node tree and the buffers that the nodes refer to."""

    node: Node
    buffers: list[bytes] = field(default_factory=list)

    def fold_into(self, digest: Hash) -> None:
        """Fold the answer into a digest; strides are where it lay, not what it is."""
        digest.update(repr(_without_strides(self.node)).encode())
        for buffer in self.buffers:
            digest.update(len(buffer).to_bytes(8, "little"))
            digest.update(buffer)


def encode(value: object) -> Encoded:
    """Return a copy of ``value`` that later changes to it do not touch."""
    encoder = _Encoder()
    return Encoded(encoder.node(value, MAX_DEPTH), encoder.buffers)


class _Encoder:
    """Walk a value, counting nodes and bytes."""

    def __init__(self) -> None:
        self.buffers: list[bytes] = []
        self._nodes = 0
        self._bytes = 0

    def node(self, value: object, depth: int) -> Node:
        self._nodes += 1
        if depth <= 0 or self._nodes > MAX_NODES:
            raise EncodeError("the answer has too many parts or is nested too deeply")
        kind = type(value)
        if kind in _PLAIN:
            return _PLAIN[kind](value)
        if kind is str:
            self._keep(str.encode(value, "utf-8", "surrogatepass"))  # type: ignore[arg-type]
            return ["str"]
        if kind is bytes:
            self._keep(value)  # type: ignore[arg-type]
            return ["bytes"]
        if kind is tuple or kind is list:
            parts = [self.node(part, depth - 1) for part in value]  # type: ignore[attr-defined]
            return [kind.__name__, parts]
        if kind is dict:
            return self._dict(value, depth)  # type: ignore[arg-type]
        return self._object(value)

    def _dict(self, value: dict[object, object], depth: int) -> Node:
        if any(type(key) is not str for key in value):
            return ["opaque", "dict with keys that are not all strings"]
        parts = []
        for key, part in value.items():
            self._keep(str(key).encode("utf-8", "surrogatepass"))
            parts.append(self.node(part, depth - 1))
        return ["dict", parts]

    def _object(self, value: object) -> Node:  # noqa: PLR0911 (one line a kind)
        if type(value) is np.ndarray:
            return self._array("ndarray", value)
        if isinstance(value, np.generic):
            return self._array("scalar", np.asarray(value))
        if isinstance(value, np.dtype):
            return ["dtype", value.name[:100]]
        if isinstance(value, type):
            return ["type", type_name(value)]
        if isinstance(value, BaseException):
            return self._exception(value)
        if is_tensor(value):
            return self._tensor(value)
        return ["opaque", type_name(type(value))]

    def _tensor(self, tensor: object) -> Node:
        data = data_of(tensor)
        if data is None:
            return ["opaque", "Tensor whose data are no array"]
        return self._array("Tensor", data)

    def _array(self, kind: str, array: npt.NDArray[Any]) -> Node:
        if not dtype_allowed(array.dtype):
            return ["opaque", f"{kind} of dtype {array.dtype.name[:100]}"]
        self._room(array.nbytes)
        self._keep(array.tobytes())
        return ["array", kind, array.dtype.str, list(array.shape), list(array.strides)]

    def _exception(self, error: BaseException) -> Node:
        self._keep(safe_message(error).encode("utf-8", "surrogatepass"))
        names = [type_name(kind) for kind in type(error).__mro__[:MAX_MRO]]
        return ["exception", names]

    def _keep(self, data: bytes) -> None:
        self._room(len(data))
        self._bytes += len(data)
        self.buffers.append(data)

    def _room(self, size: int) -> None:
        if self._bytes + size > MAX_BYTES:
            raise EncodeError(f"the answer is larger than {MAX_BYTES >> 20} MiB")


def safe_message(error: BaseException, limit: int = 2000) -> str:
    """Return the exception's text, whatever its ``__str__`` does."""
    try:
        return str(error)[:limit]
    except BaseException:
        return "(the exception's own text could not be had)"


def _int(value: int) -> Node:
    if value.bit_length() > MAX_INT_BITS:
        return ["opaque", f"int of more than {MAX_INT_BITS} bits"]
    return ["int", hex(value)]


_PLAIN: dict[type, Callable[[Any], Node]] = {
    type(None): lambda _: ["none"],
    bool: lambda value: ["bool", value],
    int: _int,
    float: lambda value: ["float", value.hex()],
    complex: lambda value: ["complex", value.real.hex(), value.imag.hex()],
}


def _without_strides(node: Node) -> Node:
    if node[0] == "array":
        return node[:4]
    if node[0] in {"tuple", "list", "dict"}:
        return [node[0], [_without_strides(part) for part in node[1]]]
    return node
