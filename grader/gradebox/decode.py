"""Turn nodes and buffers back into values, trusting nothing about them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from gradebox.encode import MAX_DEPTH, MAX_INT_BITS, MAX_MRO, MAX_NODES
from gradebox.values import (
    DTYPES,
    ArrayValue,
    DTypeValue,
    ExceptionValue,
    Opaque,
    TypeValue,
    Value,
)

MAX_NDIM = 64  # NumPy's own
MAX_EXTENT = 2**48


class WireError(ValueError):
    """The bytes are not what the encoder writes."""


def decode(node: object, buffers: Sequence[bytes]) -> Value:
    """Return the value; raise :class:`WireError` for anything that is not one."""
    decoder = _Decoder(iter(buffers))
    value = decoder.value(node, MAX_DEPTH)
    decoder.finish()
    return value


def require(condition: bool) -> None:
    """Refuse the message unless ``condition`` holds."""
    if not condition:
        raise WireError("malformed answer")


def text(value: object, limit: int = 300) -> str:
    """Return ``value`` if it is a string of bounded length."""
    if type(value) is not str or len(value) > limit:
        raise WireError("malformed answer")
    return value


class _Decoder:
    """Read nodes in order, taking their buffers as they come."""

    def __init__(self, buffers: Iterator[bytes]) -> None:
        self._buffers = buffers
        self._nodes = 0

    def value(self, node: object, depth: int) -> Value:
        self._nodes += 1
        require(depth > 0 and self._nodes <= MAX_NODES)
        if type(node) is not list or not node or type(node[0]) is not str:
            raise WireError("malformed answer")
        tag, arguments = node[0], node[1:]
        if tag in _SIMPLE:
            return _SIMPLE[tag](*_exactly(arguments, _ARITY[tag]))
        if tag in {"tuple", "list", "dict"}:
            return self._container(tag, arguments, depth)
        if tag == "array":
            return self._array(*_exactly(arguments, 4))
        return self._buffered(tag, arguments)

    def finish(self) -> None:
        """Refuse buffers that no node has asked for."""
        require(next(self._buffers, None) is None)

    def _buffered(self, tag: str, arguments: list[Any]) -> Value:
        if tag == "str":
            _exactly(arguments, 0)
            return self._text()
        if tag == "bytes":
            _exactly(arguments, 0)
            return self._take()
        require(tag == "exception" and len(arguments) == 1)
        (names,) = arguments
        require(type(names) is list and 0 < len(names) <= MAX_MRO)
        return ExceptionValue(tuple(text(name) for name in names), self._text())

    def _container(self, tag: str, arguments: list[Any], depth: int) -> Value:
        (parts,) = _exactly(arguments, 1)
        require(type(parts) is list)
        if tag == "dict":
            return {self._text(): self.value(part, depth - 1) for part in parts}
        values = [self.value(part, depth - 1) for part in parts]
        return tuple(values) if tag == "tuple" else values

    def _array(self, kind: Any, dtype: Any, shape: Any, strides: Any) -> ArrayValue:
        dtype = text(dtype, 5)
        require(dtype[:1] in {"<", ">", "|"} and dtype[1:] in DTYPES)
        require(type(shape) is list and type(strides) is list)
        require(len(shape) == len(strides) <= MAX_NDIM)
        require(all(type(n) is int and 0 <= n <= MAX_EXTENT for n in shape))
        require(all(type(n) is int and abs(n) < 2**62 for n in strides))
        data = self._take()
        try:
            found = np.dtype(dtype)
            require(math.prod(shape) * found.itemsize == len(data))
            array = np.ndarray(tuple(shape), found, data)
        except (ValueError, TypeError) as error:
            raise WireError("malformed array") from error
        return ArrayValue(text(kind), array, tuple(strides))

    def _take(self) -> bytes:
        data = next(self._buffers, None)
        if data is None:
            raise WireError("an answer lacks its data")
        return data

    def _text(self) -> str:
        try:
            return self._take().decode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise WireError("malformed text") from error


def _exactly(arguments: list[Any], count: int) -> list[Any]:
    require(len(arguments) == count)
    return arguments


def _bool(value: Any) -> bool:
    require(type(value) is bool)
    return bool(value)


def _int(value: Any) -> int:
    digits = text(value, MAX_INT_BITS // 4 + 8)
    try:
        return int(digits, 16)
    except ValueError as error:
        raise WireError("malformed integer") from error


def _float(value: Any) -> float:
    try:
        return float.fromhex(text(value, 40))
    except (ValueError, OverflowError) as error:
        raise WireError("malformed number") from error


_SIMPLE: dict[str, Callable[..., Value]] = {
    "none": lambda: None,
    "bool": _bool,
    "int": _int,
    "float": _float,
    "complex": lambda real, imag: complex(_float(real), _float(imag)),
    "dtype": lambda name: DTypeValue(text(name)),
    "type": lambda name: TypeValue(text(name)),
    "opaque": lambda name: Opaque(text(name)),
}
_ARITY = {
    "none": 0,
    "bool": 1,
    "int": 1,
    "float": 1,
    "complex": 2,
    "dtype": 1,
    "type": 1,
    "opaque": 1,
}
