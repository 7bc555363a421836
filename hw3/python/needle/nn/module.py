"""What every layer is: an object that knows its parameters and its mode."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from needle.autograd import Tensor

from .listing import listing
from .misfits import MisfitError

Walk = Iterator[tuple[str, Any]]  # names and what stands there


class Parameter(Tensor):
    """A tensor that an optimizer changes: the weights of a layer."""


class Module:
    """A layer, or a network made of layers.

    Its parameters are those among its attributes, those of modules among its
    attributes, and so on, also inside lists, tuples and dicts.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Let a class with a `forward` of its own take other inputs than its parent."""
        super().__init_subclass__(**kwargs)
        if "forward" in vars(cls) and "misfit" not in vars(cls):
            cls.misfit = Module.misfit

    def __init__(self) -> None:
        self.training = True

    def parameters(self) -> list[Tensor]:
        """Return all parameters in the order of the attributes, each once."""
        return [tensor for _, tensor in self.named_parameters()]

    def named_parameters(self) -> Iterator[tuple[str, Tensor]]:
        """Yield names and parameters: ``modules.0.weight``; a shared one has one name.

        A name is the way from this module: attributes, indices and keys, with dots.
        """
        return walk(self, Parameter, once=True)

    def named_buffers(self) -> Iterator[tuple[str, Tensor]]:
        """Yield names and tensors that belong to the state but are no parameters."""
        found = walk(self, Tensor, once=True)
        return ((name, each) for name, each in found if not isinstance(each, Parameter))

    def named_modules(self) -> Iterator[tuple[str, Module]]:
        """Yield names and modules: this one, named "", and all inside, each once."""
        return walk(self, Module, once=True)

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
        """Return copies of parameters and buffers by name, as constants.

        Buffers are the other tensors of the module; arrays of NumPy do not belong to
        the state. A tensor that several places share is there once.
        """
        from .state import state_of

        return state_of(self)

    def load_state_dict(self, state: Any, strict: bool = True) -> None:
        """Take over the values of a `state_dict`, all or nothing.

        Args:
            state: tensors or arrays by name.
            strict: whether every name has to be there, and no other. A shared tensor
                has several, of which one is enough.

        Raises:
            ValueError: that lists what is missing, unexpected, or of another shape.
        """
        from .state import load_into

        load_into(self, state, strict=strict)

    def misfit(self, *args: Any, **kwargs: Any) -> str | None:
        """Return why these inputs cannot be right; None if they may be."""
        return None

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Return the output of this layer."""
        raise NotImplementedError(f"{type(self).__name__}.forward")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return the output of this layer: ``layer(x)`` is ``layer.forward(x)``.

        Raises:
            MisfitError: a ValueError that names the layer, if the inputs do not fit it.
        """
        why = self.misfit(*args, **kwargs)
        if why:
            raise MisfitError(self, why)
        try:
            return self.forward(*args, **kwargs)
        except MisfitError as error:
            error.inside(self)
            raise

    def __repr__(self) -> str:
        return listing(self)


def walk(value: Any, kind: type, once: bool = False) -> Walk:
    """Yield names and objects of a kind inside a module, a list, a tuple or a dict.

    Depth first, in the order in which they were put there. What stands in two places
    comes twice, or with ``once`` under the first of its names; what contains itself is
    entered once.
    """
    return _walk(value, kind, "", set(), once)


def _walk(value: Any, kind: type, name: str, seen: set[int], once: bool) -> Walk:
    """Walk; ``seen`` are the ids of what is around, with ``once`` of all before."""
    if id(value) in seen:
        return
    inside = _inside(value)
    if inside is None and not isinstance(value, kind):
        return
    seen.add(id(value))
    if isinstance(value, kind):
        yield name, value
    for key, each in inside or ():
        at = f"{name}.{key}" if name else str(key)
        yield from _walk(each, kind, at, seen, once)
    if not once:
        seen.remove(id(value))


def _inside(value: Any) -> Iterable[tuple[Any, Any]] | None:
    """Return what a module or a container holds, by attribute, key or index."""
    if isinstance(value, Module):
        return vars(value).items()
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, (list, tuple)) else None


def _unpack_params(value: Any) -> list[Tensor]:
    return [each for _, each in walk(value, Parameter, once=True)]


def _child_modules(value: Any) -> list[Module]:
    return [each for _, each in walk(value, Module, once=True)]
