"""Why what goes into a layer cannot be right, before it does, or computes nonsense."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from ..describe import as_call

if TYPE_CHECKING:
    from .module import Module


class MisfitError(ValueError):
    """What goes into a layer does not fit it; says which layer of a network."""

    def __init__(self, layer: Module, why: str) -> None:
        super().__init__(layer, why)
        self.layer = layer
        self.why = why
        self.place = ""

    def __str__(self) -> str:
        return f"{as_call(self.layer)}{self.place}: {self.why}"

    def inside(self, outer: Module) -> None:
        """Note where in another module the layer stands; the outermost counts."""
        for name, module in outer.named_modules():
            if module is self.layer and name:
                self.place = f" at {name} of {type(outer).__name__}"


def not_ending_in(x: Any, length: int) -> str | None:
    """Return why ``x`` is not of shape ``(n, ..., length)``; None if it is."""
    shape = getattr(x, "shape", None)
    if shape is None:
        return f"it takes a tensor, not a {type(x).__name__}"
    if len(shape) > 1 and shape[-1] == length:
        return None
    said = f"the input has shape {tuple(shape)}, not (n, {length})"
    if len(shape) > 2 and prod(shape[1:]) == length:
        return f"{said}: put Flatten() before it"
    if tuple(shape) == (length,):
        return f"{said}: make a batch of one of it, x.reshape((1, {length}))"
    return said


def not_rows(x: Any, length: int) -> str | None:
    """Return why ``x`` is not of shape ``(n, length)``; None if it is."""
    why = not_ending_in(x, length)
    if why or len(x.shape) == 2:
        return why
    return (
        f"the input has shape {tuple(x.shape)}, not (n, {length}): make one axis of all"
        " but the last, and reshape the output back"
    )


def not_labelled(logits: Any, y: Any) -> str | None:
    """Return why ``y`` are no labels of the rows of ``logits``; None if they may be."""
    if not hasattr(logits, "shape"):
        return f"logits are a tensor, not a {type(logits).__name__}"
    first = tuple(logits.shape)
    second = tuple(y.shape) if hasattr(y, "shape") else np.shape(y)
    if len(first) == 2 and second == first[:1]:
        return None if first[0] else "there are no examples, hence no mean"
    said = f"logits have shape {first} and labels {second}, not (n, k) and (n,)"
    if len(first) == 2 and second == first:
        return f"{said}: labels are the numbers of classes, not one-hot"
    return said
