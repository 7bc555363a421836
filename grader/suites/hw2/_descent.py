"""Try optimizers: what they make of given gradients, step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from gradebox import Trial, at_most, close, exact

from ._layers import EXACT
from ._ops import Floats, Shape, ndl, nonzero, normal, tensor
from ._tensors import growth

# No two of these can be mixed up, and none broadcasts to another unnoticed.
SHAPES: tuple[Shape, ...] = ((3, 4), (5,), (1, 4), (3, 1))

Make = Callable[..., Any]  # an optimizer of some parameters


def parameters(
    t: Trial, *shapes: Shape, dtype: str = "float64", scale: float = 1
) -> list[Any]:
    """Return parameters with random values."""
    arrays = [np.asarray(normal(t, *shape) * scale, dtype) for shape in shapes]
    return [ndl.nn.Parameter(t.input(array)) for array in arrays]


def constant(t: Trial, array: Floats, dtype: str = "float64") -> Any:
    """Return a tensor that needs no gradient."""
    return ndl.Tensor(t.input(np.asarray(array, dtype)), requires_grad=False)


def descend(
    t: Trial,
    name: str,
    make: Make,
    *,
    shapes: tuple[Shape, ...] = ((3, 4),),
    steps: int = 1,
    scale: float = 1,
) -> None:
    """Hand over all parameters after each of some steps, with random gradients.

    Args:
        scale: of the gradients; none of them is near 0.
    """
    params = parameters(t, *shapes)
    optimizer = make(params)
    for step in range(steps):
        for p in params:
            p.grad = constant(t, nonzero(t, *p.shape) * scale)
        optimizer.step()
        for number, p in enumerate(params):
            which = f"parameter {number} after step {step + 1}, {name}"
            t.answer(which, p, check=EXACT)


def answer_schedule(t: Trial, make: Make, *, scale: float = 1) -> None:
    """Hand over parameters after steps between which the rate is changed.

    Args:
        scale: of the gradients; none of them is near 0.
    """
    (p,) = parameters(t, (3, 4))
    optimizer = make([p])
    for step, factor in enumerate((1.0, 0.25, 2.0)):
        optimizer.lr *= factor
        p.grad = constant(t, nonzero(t, *p.shape) * scale)
        optimizer.step()
        t.answer(f"parameter after step {step + 1}", p, check=EXACT)


def answer_float32(t: Trial, make: Make, *, steps: int = 3) -> None:
    """Hand over float32 parameters, which stay float32, after some steps."""
    params = parameters(t, (3, 4), (5,), dtype="float32")
    optimizer = make(params)
    for _ in range(steps):
        for p in params:
            p.grad = constant(t, nonzero(t, *p.shape), "float32")
        optimizer.step()
    for number, p in enumerate(params):
        t.answer(f"parameter {number}", p, check=close(rtol=1e-4, atol=1e-5))


def answer_arguments(t: Trial, make: Make) -> None:
    """Hand over what a step has no business to change: gradients, and the objects."""
    params = parameters(t, (3, 4), (5,))
    before = list(params)
    optimizer = make(params)
    for p in params:
        p.grad = constant(t, nonzero(t, *p.shape))
    for _ in range(2):
        optimizer.step()
    for number, p in enumerate(params):
        t.answer(f"parameter {number}", p, check=EXACT)
        t.answer(f"gradient {number} afterwards", p.grad, check=exact())
    same = [p is q for p, q in zip(params, before, strict=True)]
    t.witness("whether they are the same objects", same, check=exact())


def answer_without_gradient(t: Trial, make: Make) -> None:
    """Hand over parameters of which one never has a gradient, one not in step 2."""
    params = parameters(t, (2, 3), (4,), (3,))
    optimizer = make(params)
    optimizer.reset_grad()
    for step in range(3):
        for p in (params[0], params[2]):
            p.grad = constant(t, nonzero(t, *p.shape))
        if step == 1:
            params[0].grad = None
        optimizer.step()
        for number, p in enumerate(params):
            t.answer(f"parameter {number} after step {step + 1}", p, check=EXACT)


def answer_minimum(t: Trial, make: Make, steps: int = 30) -> None:
    """Hand over where training on a quadratic gets; no graph may grow on the way.

    The gradients come from `backward`, and new tensors are asked for in every step.
    """
    w, b = params = parameters(t, (4, 3), (1, 3))
    x, y = tensor(t, normal(t, 8, 4)), tensor(t, normal(t, 8, 3))
    optimizer = make(params)

    def step() -> None:
        optimizer.reset_grad()
        out = ndl.matmul(x, w)
        difference = out + ndl.broadcast_to(b, out.shape) - y
        (difference * difference).sum().backward()
        optimizer.step()

    grown = growth(step, steps)
    for number, p in enumerate(params):
        t.answer(f"parameter {number}", p, check=close(rtol=1e-6, atol=1e-6))
        t.witness(f"parameter {number} is a leaf", p.is_leaf(), check=exact())
    t.witness(f"tensors more after {steps} more steps", grown, check=at_most(20))
