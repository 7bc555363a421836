"""The state of a module by name, and back into a module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from needle.autograd import Tensor

if TYPE_CHECKING:
    from .module import Module


def state_of(module: Module) -> dict[str, Tensor]:
    """Return the tensors of a module by name, as constants; shared ones once."""
    return {name: tensor.detach() for name, tensor in _tensors(module).items()}


def load_into(module: Module, state: Mapping[str, Any], *, strict: bool) -> None:
    """Put the values of a state into the tensors of a module, all or none."""
    from .module import walk

    own = _tensors(module)
    wrong = _misfits(own, state)
    if strict:
        known = {name for name, _ in walk(module, Tensor)}
        wrong += [f"missing: {name}" for name in own if name not in state]
        wrong += [f"unexpected: {name}" for name in state if name not in known]
    if wrong:
        lines = "".join(f"\n  {each}" for each in wrong)
        raise ValueError(f"this state does not fit {type(module).__name__}:{lines}")
    for name, tensor in own.items():
        if name in state:
            value = state[name]
            array = value.numpy() if isinstance(value, Tensor) else value
            tensor.data = Tensor(array, device=tensor.device, dtype=tensor.dtype)


def _tensors(module: Module) -> dict[str, Tensor]:
    return {**dict(module.named_parameters()), **dict(module.named_buffers())}


def _misfits(own: Mapping[str, Tensor], state: Mapping[str, Any]) -> list[str]:
    return [
        f"of another shape: {name} is {own[name].shape}, its value {value.shape}"
        for name, value in state.items()
        if name in own and tuple(own[name].shape) != tuple(value.shape)
    ]
