"""Try single operations: their values, and what flows back through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from gradebox import Check, Trial, close, exact, student

ndl = student("needle")

Floats = npt.NDArray[np.floating]
Shape = tuple[int, ...]
Op = Callable[..., Any]

# Right formulas differ in rounding only; a wrong one is far off.
NUMBERS = {
    "float32": close(rtol=1e-4, atol=1e-5),
    "float64": close(rtol=1e-9, atol=1e-9),
}
# For what only moves numbers about, or turns their signs.
SAME = dict.fromkeys(NUMBERS, exact())


def normal(t: Trial, *shape: int) -> Floats:
    """Draw standard normal float64 numbers."""
    return np.asarray(t.rng.standard_normal(shape))


def positive(t: Trial, *shape: int) -> Floats:
    """Draw float64 numbers between 1/2 and 5/2: logarithms and quotients stay small."""
    return np.asarray(t.rng.uniform(0.5, 2.5, size=shape))


def nonzero(t: Trial, *shape: int) -> Floats:
    """Draw float64 numbers of both signs, none of them near 0."""
    return positive(t, *shape) * t.rng.choice([-1, 1], size=shape)


def lengths(t: Trial, count: int) -> Shape:
    """Draw lengths of axes, from 2 to 6 and no two alike: mixing them up shows."""
    return tuple(int(n) for n in t.rng.permutation(np.arange(2, 7))[:count])


def shapes(t: Trial) -> Iterator[tuple[str, Shape]]:
    """Yield shapes of every kind that an elementwise operation meets, with names."""
    m, n, k = lengths(t, 3)
    yield "a matrix", (m, n)
    yield "a vector", (k,)
    yield "three axes", (k, m, n)
    yield "axes of length 1", (1, n, 1)
    yield "no axes", ()
    yield "no elements", (0, n)


def tensor(t: Trial, array: npt.ArrayLike, dtype: str = "float64") -> Any:
    """Return a tensor around an input of the case."""
    return ndl.Tensor(t.input(np.asarray(array, dtype)))


def forwards(
    t: Trial,
    name: str,
    op: Op,
    *arrays: Floats,
    checks: dict[str, Check] = NUMBERS,
) -> None:
    """Hand over the value of an operation, in float32 and in float64."""
    for dtype, check in checks.items():
        inputs = [tensor(t, array, dtype) for array in arrays]
        t.answer(f"{name}, {dtype}", op(*inputs), check=check)


def backwards(
    t: Trial, name: str, op: Op, *arrays: Floats, result: Shape | None = None
) -> None:
    """Hand over what flows back into each input, for a random ``out_grad``.

    Args:
        result: the shape of the operation's value; by default the first input's.
    """
    inputs = [tensor(t, array) for array in arrays]
    out_grad = tensor(t, normal(t, *(arrays[0].shape if result is None else result)))
    node = op(*inputs)
    gradients = node.op.gradient_as_tuple(out_grad, node)
    for position, gradient in enumerate(gradients):
        which = f" of input {position}" if len(arrays) > 1 else ""
        t.answer(f"gradient{which}, {name}", gradient, check=NUMBERS["float64"])


def every_op(a: Any, b: Any) -> list[tuple[str, Op, tuple[Any, ...], Shape]]:
    """Return all operations with a name, inputs of shape (4, 4), and their shape."""
    return [
        ("power_scalar", partial(ndl.power_scalar, scalar=3), (a,), (4, 4)),
        ("power", ndl.power, (a, b), (4, 4)),
        ("divide", ndl.divide, (a, b), (4, 4)),
        ("divide_scalar", partial(ndl.divide_scalar, scalar=3), (a,), (4, 4)),
        ("transpose", ndl.transpose, (a,), (4, 4)),
        ("reshape", partial(ndl.reshape, shape=(2, 2, 4)), (a,), (2, 2, 4)),
        ("broadcast_to", partial(ndl.broadcast_to, shape=(3, 4, 4)), (a,), (3, 4, 4)),
        ("summation", partial(ndl.summation, axes=1), (a,), (4,)),
        ("matmul", ndl.matmul, (a, b), (4, 4)),
        ("negate", ndl.negate, (a,), (4, 4)),
        ("log", ndl.log, (a,), (4, 4)),
        ("exp", ndl.exp, (a,), (4, 4)),
    ]
