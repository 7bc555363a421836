"""The state of a module by name, and back into a module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..autograd import Tensor
from ..state_error import absent, check_mapping, state_error

if TYPE_CHECKING:
    from .module import Module


class _Shared(NamedTuple):
    """A tensor of a module, and the names of all places in which it stands."""

    tensor: Tensor
    names: list[str]


def state_of(module: Module) -> dict[str, Tensor]:
    """Return copies of the tensors of a module by name, as constants.

    Parameters come first, then buffers; a tensor that several places share has the name
    of the first.
    """
    return {
        shared.names[0]: Tensor(
            shared.tensor.realize_cached_data(), requires_grad=False
        )
        for shared in _tensors(module)
    }


def load_into(module: Module, state: Mapping[str, Any], *, strict: bool) -> None:
    """Put the values of a state into the tensors of a module: all of them, or none."""
    check_mapping(state)
    own = _tensors(module)
    wrong: list[str] = []
    if strict:
        first = {name: shared.names[0] for shared in own for name in shared.names}
        wrong += absent(first.values(), (first.get(name, name) for name in state))
    values = [_value(shared, state, wrong) for shared in own]
    if wrong:
        raise state_error(module, wrong)
    for shared, value in zip(own, values, strict=True):
        if value is not None:
            shared.tensor.data = value


def _tensors(module: Module) -> list[_Shared]:
    """Return the tensors of a module, each once: first parameters, then buffers."""
    from .module import Parameter, walk

    found: dict[int, _Shared] = {}
    owners: dict[str, Tensor] = {}
    for name, tensor in walk(module, Tensor):
        if owners.setdefault(name, tensor) is not tensor:
            raise ValueError(
                f"{type(module).__name__} has two tensors with the name {name}, so that"
                " a state cannot tell them apart: rename an attribute or a key"
            )
        found.setdefault(id(tensor), _Shared(tensor, [])).names.append(name)
    return sorted(
        found.values(), key=lambda each: not isinstance(each.tensor, Parameter)
    )


def _value(
    shared: _Shared, state: Mapping[str, Any], wrong: list[str]
) -> Tensor | None:
    """Return the new value of a tensor, if the state has one that fits."""
    tensor, names = shared
    given = {name: _array(state[name]) for name in names if name in state}
    for name, array in given.items():
        if array is None:
            wrong.append(f"not numbers: {name} is {state[name]!r:.40}")
        elif array.shape != tuple(tensor.shape):
            shapes = f"{name} is {tensor.shape}, in the state {array.shape}"
            wrong.append(f"of another shape: {shapes}")
    arrays = [array for array in given.values() if array is not None]
    if any(not _same(array, arrays[0]) for array in arrays):
        wrong.append(f"two values for one tensor: {', '.join(given)}")
    if not arrays:
        return None
    return Tensor(arrays[0], device=tensor.device, dtype=tensor.dtype)


def _array(value: Any) -> np.ndarray | None:
    """Return a value as an array of real numbers, None if it is none."""
    try:
        array = value.numpy() if isinstance(value, Tensor) else np.asarray(value)
    except ValueError:  # lists of different lengths
        return None
    return array if array.dtype.kind in "biuf" else None


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
