"""The state of an optimizer by name, and back into an optimizer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .autograd import Tensor
from .optimizer_names import constant, flat, made, tree_of
from .state_error import absent, check_mapping, state_error

if TYPE_CHECKING:
    from .optim import Optimizer

PARAMS = "params"  # the attribute with the parameters; in a state, their shapes


def state_of(optimizer: Optimizer) -> dict[str, Tensor]:
    """Return copies of all that an optimizer remembers, by name.

    Raises:
        TypeError: for what is no number, tensor or array, nor a container of these.
    """
    params = list(optimizer.params)
    state = {PARAMS: constant(_shapes(params))}
    for name, value in _memory(optimizer).items():
        state.update(flat((name,), value, params))
    return state


def load_into(optimizer: Optimizer, state: Mapping[str, Any]) -> None:
    """Let an optimizer remember what a state says: all of it, or nothing.

    Raises:
        ValueError: that lists what is missing, unexpected, or of other parameters.
    """
    check_mapping(state)
    params = list(optimizer.params)
    tree = tree_of({name: each for name, each in state.items() if name != PARAMS})
    memory = _memory(optimizer)
    wrong = _other_params(params, state.get(PARAMS))
    alone = {name for name, value in memory.items() if not _is_container(value)}
    wrong += absent(alone | (tree.keys() & vars(optimizer).keys()), tree)
    if wrong:
        raise state_error(optimizer, wrong)
    values = {}
    for name, part in tree.items():
        try:
            values[name] = made(part, params)
        except (ValueError, TypeError) as error:
            raise state_error(optimizer, [f"{name}: {error}"]) from error
    for name in memory.keys() | values.keys():
        old = getattr(optimizer, name)
        setattr(optimizer, name, _renewed(old, values.get(name)))


def _memory(optimizer: Optimizer) -> dict[str, Any]:
    """Return the attributes that a new optimizer would not have as they are."""
    return {
        name: value
        for name, value in vars(optimizer).items()
        if name != PARAMS
        and not (value is None or isinstance(value, str) or callable(value))
    }


def _is_container(value: Any) -> bool:
    """Return whether there may be nothing in it yet, and so nothing in a state."""
    return isinstance(value, (dict, list, tuple))


def _renewed(old: Any, new: Any) -> Any:
    """Return what an attribute becomes; a container stays the same one."""
    if isinstance(old, tuple) and isinstance(new, (list, type(None))):
        return tuple(new or ())
    if isinstance(old, dict) and isinstance(new, (dict, type(None))):
        old.clear()
        old.update(new or {})
        return old
    if isinstance(old, list) and isinstance(new, (list, type(None))):
        old[:] = new or []
        return old
    if isinstance(old, int) and isinstance(new, float) and new.is_integer():
        return type(old)(new)  # arrays of our own know no integers
    return new


def _shapes(params: Sequence[Tensor]) -> np.ndarray:
    """Return the shapes as the rows of an array, filled up with -1."""
    width = max((len(p.shape) for p in params), default=0)
    rows = [[*p.shape, *[-1] * (width - len(p.shape))] for p in params]
    return np.array(rows, dtype=np.int64).reshape(len(params), width)


def _other_params(params: Sequence[Tensor], shapes: Any) -> list[str]:
    """Return in words where the parameters of a state are others."""
    if shapes is None:
        return [f"missing: {PARAMS}, the shapes of the parameters"]
    rows = constant(shapes).numpy().tolist()
    if len(rows) != len(params):
        return [f"it is for {len(rows)} parameters, not for {len(params)}"]
    of_state = [tuple(length for length in row if length >= 0) for row in rows]
    return [
        f"of another shape: parameter {i} is {p.shape}, in the state {shape}"
        for i, (p, shape) in enumerate(zip(params, of_state, strict=True))
        if tuple(p.shape) != shape
    ]
