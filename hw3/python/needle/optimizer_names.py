"""Names for what an optimizer remembers.

Optimizers keep what they remember as they like: numbers, tensors or arrays, in
dictionaries or lists, for each parameter by itself, its ``id`` or its position. A name
says where something was: ``t``, ``m.0`` (for the first parameter), ``m.id0`` (for its
id), ``m.at0`` (for the number 0), ``m.item0`` (in a list), ``state.0.m``. After a colon
it says what it was, unless that is a number in an attribute, or a tensor elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .autograd import Tensor

from .backend_selection import BACKEND, NDArray
from .optimizer_values import beside, in_parts, sum_of_parts

_STEP = re.compile("at-?[0-9]+|(id|item)?[0-9]+")
_TYPES = {
    Tensor: "tensor",
    np.ndarray: "array",
    np.generic: "scalar",  # before numbers, for some are Python's, too
    int: "number",
    float: "number",
    type(None): "none",
}


class Leaf(NamedTuple):
    """What one name stands for."""

    kind: str
    value: Any


def constant(value: Any) -> Tensor:
    """Return a copy of some numbers as a tensor that no gradient flows to."""
    array = value.realize_cached_data() if isinstance(value, Tensor) else value
    array = in_parts(array) if BACKEND == "nd" else array
    return Tensor(array, requires_grad=False)


def flat(
    path: tuple[str, ...], value: Any, params: Sequence[Tensor]
) -> Iterator[tuple[str, Tensor]]:
    """Yield the names of all that is inside a value, and copies of it."""
    inside = _inside(value, params, path)
    if inside:
        for step, each in inside:
            yield from flat((*path, step), each, params)
    elif inside is None:
        kind, content = _leaf(value, params, path)
        suffix = "" if kind == _usual(path) else f":{kind}"
        yield ".".join(path) + suffix, constant(content)
    elif len(path) > 1:  # nothing in a container that is in another
        kind = "dict" if isinstance(value, Mapping) else "list"
        yield f"{'.'.join(path)}:{kind}", constant(())


def tree_of(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return a state as dictionaries in dictionaries, one for each step of its names.

    Raises:
        ValueError: for a name that is none.
    """
    tree: dict[str, Any] = {}
    for name, value in state.items():
        place, _, kind = str(name).partition(":")
        path = place.split(".")
        inside = tree
        for step in path[:-1]:
            inside = inside.setdefault(step, {})
            if isinstance(inside, Leaf):
                break
        kind = kind or _usual(path)
        taken = isinstance(inside, Leaf) or path[-1] in inside
        if taken or kind not in _RESTORE or not all(path):
            raise ValueError(f"{name!r:.60} is no name in the state of an optimizer")
        inside[path[-1]] = Leaf(kind, value)
    return tree


def made(part: Any, params: Sequence[Tensor]) -> Any:
    """Return the value that a part of a tree was made from.

    Raises:
        ValueError, TypeError: if it was made from none.
    """
    if isinstance(part, Leaf):
        return _RESTORE[part.kind](constant(part.value), params)
    inside = {_key(step, params): made(each, params) for step, each in part.items()}
    if all(_kind_of(step) == "item" for step in part):
        return [inside[index] for index in sorted(inside)]
    return inside


def _inside(
    value: Any, params: Sequence[Tensor], path: tuple[str, ...]
) -> list[tuple[str, Any]] | None:
    """Return what a container holds, by the step that leads to it."""
    if isinstance(value, Mapping):
        return [(_step(key, params, path), each) for key, each in value.items()]
    if isinstance(value, (list, tuple)):
        return [(f"item{index}", each) for index, each in enumerate(value)]
    return None


def _usual(path: Sequence[str]) -> str:
    """Return the kind that a name need not say."""
    return "number" if len(path) == 1 else "tensor"


def _position(value: Any, params: Sequence[Tensor]) -> int | None:
    return next((i for i, p in enumerate(params) if p is value), None)


def _step(key: Any, params: Sequence[Tensor], path: tuple[str, ...]) -> str:
    """Return the key of a dictionary as a step of a name."""
    if (position := _position(key, params)) is not None:
        return str(position)
    if isinstance(key, int):
        ids = [id(p) for p in params]
        return f"id{ids.index(key)}" if key in ids else f"at{key}"
    if isinstance(key, str) and key.isidentifier() and not _STEP.fullmatch(key):
        return key
    raise TypeError(
        f"state_dict: {'.'.join(path)} has the key {key!r:.60}; what an optimizer"
        " keeps has a parameter, its id, a number or a name as its key"
    )


def _key(step: str, params: Sequence[Tensor]) -> Any:
    """Return the key that a step of a name stands for."""
    kind = _kind_of(step)
    if kind is None:
        return step
    number = int(step.removeprefix(kind))
    if kind in ("at", "item"):
        return number
    param = _param(number, params)
    return id(param) if kind == "id" else param


def _param(number: int, params: Sequence[Tensor]) -> Tensor:
    if number not in range(len(params)):
        raise ValueError(f"there is no parameter {number}")
    return params[int(number)]


def _kind_of(step: str) -> str | None:
    """Return the word before the number of a step, None for a name."""
    found = _STEP.fullmatch(step)
    return None if found is None else step.rstrip("-0123456789")


def _leaf(value: Any, params: Sequence[Tensor], path: tuple[str, ...]) -> Leaf:
    """Return what a value is, and in which numbers it is kept."""
    position = _position(value, params)
    if position is not None:
        return Leaf("parameter", position)
    for kind in (_TYPES[t] for t in _TYPES if isinstance(value, t)):
        return Leaf(kind, () if value is None else value)
    raise TypeError(
        f"state_dict: {'.'.join(path)} is of type {type(value).__name__}; an optimizer"
        " keeps numbers, tensors and arrays, also in dictionaries and lists"
    )


_RESTORE: dict[str, Callable[[Tensor, Sequence[Tensor]], Any]] = {
    "tensor": lambda tensor, params: tensor,
    "array": lambda tensor, params: tensor.numpy(),
    "scalar": lambda tensor, params: tensor.numpy()[()],
    "number": lambda tensor, params: tensor.numpy().item(),
    "parameter": lambda tensor, params: _param(tensor.numpy().item(), params),
    "none": lambda tensor, params: None,
    "dict": lambda tensor, params: {},
    "list": lambda tensor, params: [],
}

if BACKEND == "nd":
    _TYPES[NDArray] = "ndarray"
    _RESTORE |= {
        "tensor": beside,
        "ndarray": lambda tensor, params: beside(tensor, params).realize_cached_data(),
        "scalar": lambda tensor, params: sum_of_parts(tensor),
        "number": lambda tensor, params: sum_of_parts(tensor).item(),
    }
