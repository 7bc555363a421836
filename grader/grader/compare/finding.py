"""What is wrong with an answer, in words that do not give the right one away."""

from __future__ import annotations

from dataclasses import dataclass

from gradebox.values import (
    ArrayValue,
    DTypeValue,
    ExceptionValue,
    Opaque,
    TypeValue,
    Value,
)

from grader.text import line


@dataclass(frozen=True)
class Finding:
    """What is wrong, as a clause that follows the answer's name, and a diagnosis."""

    what: str
    hint: str = ""  # a sentence


def describe(value: Value) -> str:
    """Return what kind of thing a value is: kind, shape and dtype, no contents."""
    if isinstance(value, ArrayValue):
        return _describe_array(value)
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, ExceptionValue | Opaque):
        kind = "the exception" if isinstance(value, ExceptionValue) else "of type"
        return f"{kind} {line(value.name, 120)}"
    if isinstance(value, TypeValue | DTypeValue):
        return "a type" if isinstance(value, TypeValue) else "a dtype"
    return "None" if value is None else _article(type(value).__name__)


def _describe_array(value: ArrayValue) -> str:
    dtype = dtype_name(value)
    if value.kind == "scalar":
        return f"a {dtype} scalar"
    kind = "array" if value.kind == "ndarray" else line(value.kind, 60)
    return f"{_article(kind)} of shape {value.data.shape} and dtype {dtype}"


def dtype_name(value: ArrayValue) -> str:
    """Return the dtype's name; an unusual byte order is part of it."""
    dtype = value.data.dtype
    return dtype.name if dtype.isnative else f"{dtype.name} in foreign byte order"


def _article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiouAEIOU" else f"a {noun}"
