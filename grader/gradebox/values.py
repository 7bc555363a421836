"""What an answer is once it has left the process that gave it: inert data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Union

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class ArrayValue:
    """An array, a NumPy scalar (``kind="scalar"``) or whatever holds one."""

    kind: str
    data: npt.NDArray[Any]  # C-contiguous and read-only, whatever the original was
    strides: tuple[int, ...]  # of the original, in bytes


@dataclass(frozen=True)
class TypeValue:
    """A class."""

    name: str


@dataclass(frozen=True)
class DTypeValue:
    """A dtype."""

    name: str


@dataclass(frozen=True)
class ExceptionValue:
    """An exception: the names of its type and of what that derives from."""

    types: tuple[str, ...]
    message: str

    @property
    def name(self) -> str:
        """Return the name of the exception's own type."""
        return self.types[0]


@dataclass(frozen=True)
class Opaque:
    """Something that no answer can be; only the name of its type is kept."""

    name: str


Value = Union[  # noqa: UP007 (refers to itself)
    None,
    bool,
    int,
    float,
    complex,
    str,
    bytes,
    tuple["Value", ...],
    list["Value"],
    dict[str, "Value"],
    ArrayValue,
    TypeValue,
    DTypeValue,
    ExceptionValue,
    Opaque,
]


def type_name(kind: type) -> str:
    """Return a class's name, with its module unless that is ``builtins``."""
    module = getattr(kind, "__module__", None)
    name = str(getattr(kind, "__qualname__", "?"))[:100]
    if not isinstance(module, str) or module in {"builtins", "__main__"}:
        return name
    return f"{module[:100]}.{name}"


DTYPES = frozenset(
    {"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"}
    | {"f2", "f4", "f8", "c8", "c16"}
)


def dtype_allowed(dtype: np.dtype[Any]) -> bool:
    """Tell whether arrays of this dtype travel as raw bytes."""
    return dtype.names is None and dtype.str[1:] in DTYPES
