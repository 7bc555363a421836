"""Try layers: what they return, and what flows back through them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from gradebox import Trial, close, exact

from ._ops import Floats, Shape, ndl, normal, tensor

# What is right to the last digits of float32, whatever its dtype.
VALUES = close(rtol=1e-4, atol=1e-5, dtype=False)
# Values in float64; only rounding may differ.
EXACT = close(rtol=1e-9, atol=1e-9, dtype=False)

# Float32 of mean 3000 and deviation 1: that the squares differ by 1 is lost among 9e6.
FAR = close(rtol=0, atol=0.02, dtype=False)

Layer = Callable[..., Any]


def set_tensors(t: Trial, layer: Any, dtype: str = "float64", **arrays: Floats) -> None:
    """Put tensors around given arrays into a layer, as its parameters or buffers."""
    for name, array in arrays.items():
        setattr(layer, name, tensor(t, array, dtype))


def seeded(t: Trial) -> int:
    """Seed the global generator, and return the seed."""
    seed = t.input(int(t.rng.randint(2**31)))
    np.random.seed(seed)
    return seed


def answer_output(
    t: Trial, name: str, layer: Layer, x: Floats, dtype: str = "float64"
) -> None:
    """Hand over what a layer returns for an input, which stays as it is."""
    check, inputs = EXACT if dtype == "float64" else VALUES, tensor(t, x, dtype)
    t.answer(f"output, {name}", layer(inputs), check=check)
    t.answer(f"the input afterwards, {name}", inputs, check=exact())


def answer_far(t: Trial, layer: Layer, m: int, n: int) -> None:
    """Hand over what a norm makes of float32 numbers far from 0."""
    x = tensor(t, normal(t, m, n) + 3000, "float32")
    t.answer("output far from 0", layer(x), check=FAR)


def answer_evaluation(t: Trial, layer: Any, x: Floats) -> None:
    """Hand over what a layer returns in evaluation, and in training after it."""
    for mode in ("eval", "train"):
        getattr(layer, mode)()
        answer_output(t, f"after {mode}()", layer, x)


def answer_gradients(
    t: Trial,
    name: str,
    layer: Layer,
    x: Floats,
    *parameters: str,
    result: Shape | None = None,
) -> None:
    """Hand over the gradients of input and parameters, for a random ``out_grad``.

    Args:
        parameters: names of attributes of the layer.
        result: the shape of the output; by default the input's.
    """
    inputs = tensor(t, x)
    out_grad = tensor(t, normal(t, *(x.shape if result is None else result)))
    layer(inputs).backward(out_grad)
    t.answer(f"gradient of the input, {name}", inputs.grad, check=EXACT)
    for each in parameters:
        gradient = getattr(layer, each).grad
        t.answer(f"gradient of {each}, {name}", gradient, check=EXACT)


def matrix_layer(t: Trial, size: int) -> Any:
    """Return a module of the suite's own that multiplies by a random matrix."""

    class Times(ndl.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            matrix = t.input(normal(t, size, size))
            self.matrix = ndl.nn.Parameter(matrix)

        def forward(self, x: Any) -> Any:
            return ndl.matmul(x, self.matrix)

    return Times()
