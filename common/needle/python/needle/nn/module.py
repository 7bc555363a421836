"""What every layer is: an object that knows its parameters and its mode."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from needle.autograd import Tensor


class Parameter(Tensor):
    """A tensor that an optimizer changes: the weights of a layer."""


class Module:
    """A layer, or a network made of layers.

    Its parameters are those among its attributes, those of modules among its
    attributes, and so on, also inside lists, tuples and dicts.
    """

    def __init__(self) -> None:
        self.training = True

    def parameters(self) -> list[Tensor]:
        """Return all parameters in the order of the attributes, each once."""
        return [tensor for _, tensor in self.named_parameters()]

    def named_parameters(self) -> Iterator[tuple[str, Tensor]]:
        """Yield names and parameters: ``modules.0.weight``; a shared one has one name.

        A name is the way from this module: attributes, indices and keys, with dots.
        """
        return _once(walk(self, Parameter))

    def named_buffers(self) -> Iterator[tuple[str, Tensor]]:
        """Yield names and tensors that belong to the state but are no parameters."""
        found = _once(walk(self, Tensor))
        return ((name, each) for name, each in found if not isinstance(each, Parameter))

    def _children(self) -> list[Module]:
        return _child_modules(self.__dict__)

    def eval(self) -> Module:
        """Turn this module, and all inside, to evaluation; return it."""
        return self._set_training(False)

    def train(self) -> Module:
        """Turn this module, and all inside, to training; return it."""
        return self._set_training(True)

    def _set_training(self, training: bool) -> Module:
        self.training = training
        for module in self._children():
            module.training = training
        return self

    def state_dict(self) -> dict[str, Tensor]:
        """Return parameters and buffers by name, as constants that share the data.

        An optimizer's step puts new arrays into the module, so what is returned stays
        as it is now.
        """
        from .state import state_of

        return state_of(self)

    def load_state_dict(self, state: Any, strict: bool = True) -> None:
        """Take over the values of a `state_dict`, all or nothing.

        Args:
            state: tensors or arrays by name.
            strict: whether every name has to be there, and no other.

        Raises:
            ValueError: that lists what is missing, unexpected, or of another shape.
        """
        from .state import load_into

        load_into(self, state, strict=strict)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Return the output of this layer."""
        raise NotImplementedError(f"{type(self).__name__}.forward")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return the output of this layer: ``layer(x)`` is ``layer.forward(x)``."""
        return self.forward(*args, **kwargs)


def walk(value: Any, kind: type) -> Iterator[tuple[str, Any]]:
    """Yield names and objects of a kind inside a module, a list, a tuple or a dict.

    Depth first, in the order in which they were put there; what stands in two places
    comes twice, modules that contain themselves are entered once.
    """
    yield from _walk(value, kind, "", set())


def _walk(value: Any, kind: type, name: str, above: set[int]) -> Iterator[Any]:
    if isinstance(value, kind):
        yield name, value
    if isinstance(value, Module):
        value = value.__dict__
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, (list, tuple)):
        inside = enumerate(value)
    else:
        return
    if id(value) in above:
        return
    for key, each in inside:
        at = f"{name}.{key}" if name else str(key)
        yield from _walk(each, kind, at, above | {id(value)})


def _once(found: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Leave out what came before under another name."""
    seen: set[int] = set()
    for name, each in found:
        if id(each) not in seen:
            seen.add(id(each))
            yield name, each


def _unpack_params(value: Any) -> list[Tensor]:
    return [each for _, each in _once(walk(value, Parameter))]


def _child_modules(value: Any) -> list[Module]:
    return [each for _, each in _once(walk(value, Module))]
