"""Every operation with its twin in NumPy, at points where both are smooth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import needle as ndl
import numpy as np

Shape = tuple[int, ...]

# No axes, one element, ragged sides, axes of length 1 at both ends, nothing at all.
SHAPES: tuple[Shape, ...] = (
    (),
    (1,),
    (5,),
    (3, 1),
    (1, 4),
    (2, 3),
    (1, 1, 1),
    (2, 1, 3),
    (3, 2, 1, 2),
    (0,),
    (2, 0, 3),
)


@dataclass(frozen=True)
class Case:
    """A function of tensors, the same of arrays, and the shapes to try it with."""

    name: str
    call: Callable[..., Any]
    twin: Callable[..., Any]
    shapes: tuple[Shape, ...]
    low: float = -2.0
    high: float = 2.0

    def __str__(self) -> str:
        sides = "-".join("x".join(map(str, shape)) or "0d" for shape in self.shapes)
        return f"{self.name}-{sides}"

    def points(self, dtype: Any = np.float64) -> list[np.ndarray]:
        """Return random arrays, the same ones every time, none of them near 0."""
        rng = np.random.default_rng(sum(str(self).encode()))
        drawn = [rng.uniform(self.low, self.high, shape) for shape in self.shapes]
        if np.issubdtype(dtype, np.integer):
            return [np.asarray(np.ceil(np.abs(x)), dtype=dtype) for x in drawn]
        return [np.asarray(x + np.sign(x) * 0.1, dtype=dtype) for x in drawn]

    def tensors(self, dtype: Any = np.float64) -> list[ndl.Tensor]:
        """Return `points` as tensors."""
        return [ndl.Tensor(point) for point in self.points(dtype)]


def _unary() -> Iterator[Case]:
    for shape in SHAPES:
        one = (shape,)
        yield Case("negate", ndl.negate, lambda a: -a, one)
        yield Case("exp", ndl.exp, np.exp, one)
        yield Case("log", ndl.log, np.log, one, low=0.3)
        yield Case("relu", ndl.relu, lambda a: a * (a > 0), one)
        yield Case("add_scalar", lambda a: ndl.add_scalar(a, -3), lambda a: a - 3, one)
        yield Case("mul_scalar", lambda a: ndl.mul_scalar(a, 3), lambda a: a * 3, one)
        yield Case(
            "divide_scalar", lambda a: ndl.divide_scalar(a, -3), lambda a: a / -3, one
        )


def _scalar_powers() -> Iterator[Case]:
    for exponent in (0, 1, 2, 3, 2.0, -1.0, -2.5, 0.5):
        for shape in ((), (4,), (2, 1, 3)):
            yield Case(
                f"power_scalar({exponent})",
                lambda a, c=exponent: ndl.power_scalar(a, c),
                lambda a, c=exponent: a**c,
                (shape,),
                low=-2.0 if isinstance(exponent, int) else 0.4,
            )


def _binary() -> Iterator[Case]:
    for shape in SHAPES:
        two = (shape, shape)
        yield Case("add", ndl.add, np.add, two)
        yield Case("multiply", ndl.multiply, np.multiply, two)
        yield Case("divide", ndl.divide, np.divide, two, low=0.4)
        yield Case("power", ndl.power, np.power, two, low=0.4)


def _with(
    call: Callable[..., Any], twin: Callable[..., Any], places: list[tuple[Shape, Any]]
) -> Iterator[Case]:
    """Yield a case for each shape and the setting that goes with it."""
    for shape, setting in places:
        yield Case(
            f"{call.__name__}({setting})",
            lambda a, setting=setting: call(a, setting),
            lambda a, setting=setting: twin(a, setting),
            (shape,),
        )


TRANSPOSES: list[tuple[Shape, Any]] = [
    ((2, 3), None),
    ((1, 1), None),
    ((4, 2, 3), None),
    ((4, 1, 0), None),
    ((2, 3), (0, 1)),
    ((2, 3), (1, 0)),
    ((4, 2, 3), (0, 2)),
    ((4, 2, 3), (-3, 1)),
    ((5,), (0, 0)),
    ((2, 3, 1, 4), (-1, 1)),
]
RESHAPES: list[tuple[Shape, Any]] = [
    ((), (1,)),
    ((), (1, 1)),
    ((1,), ()),
    ((6,), (2, 3)),
    ((2, 3), (3, 2)),
    ((2, 3, 4), (4, 6)),
    ((2, 6), (3, -1)),
    ((3, 1, 2), (-1,)),
    ((2, 0, 3), (0,)),
    ((0,), (4, 0)),
]
BROADCASTS: list[tuple[Shape, Any]] = [
    ((), ()),
    ((), (3,)),
    ((), (2, 3)),
    ((1,), (1,)),
    ((1,), (4,)),
    ((1,), (2, 1)),
    ((3,), (2, 3)),
    ((3, 1), (3, 4)),
    ((1, 3), (2, 4, 3)),
    ((2, 1, 3), (2, 5, 3)),
    ((2, 3), (2, 3)),
    ((1, 1), (5, 1)),
    ((1,), (0,)),
    ((3, 1), (2, 3, 0)),
    ((0, 1), (0, 3)),
]
SUMS: list[tuple[Shape, Any]] = [
    ((), None),
    ((), ()),
    ((5,), None),
    ((5,), 0),
    ((5,), (-1,)),
    ((2, 3), None),
    ((2, 3), ()),
    ((2, 3), 0),
    ((2, 3), -1),
    ((2, 3), (0, 1)),
    ((2, 3), (1, 0)),
    ((2, 1, 3), 1),
    ((2, 3, 4), (-1, 0)),
    ((2, 3, 4), (-2,)),
    ((3, 2, 1, 2), (0, 2, -1)),
    ((0,), None),
    ((2, 0, 3), 1),
    ((2, 0, 3), (0, 2)),
]


def _swapped(a: np.ndarray, axes: tuple[int, int] | None) -> np.ndarray:
    return np.swapaxes(a, *(axes or (-2, -1)))


def _products() -> Iterator[Case]:
    for shapes in [
        ((1, 1), (1, 1)),
        ((2, 3), (3, 4)),
        ((1, 3), (3, 1)),
        ((3, 1), (1, 2)),
        ((2, 0), (0, 3)),
        ((0, 2), (2, 3)),
        ((5, 2, 3), (5, 3, 4)),
        ((5, 2, 3), (3, 4)),
        ((2, 3), (5, 3, 4)),
        ((1, 2, 3), (5, 3, 4)),
        ((5, 2, 3), (1, 3, 4)),
        ((4, 1, 2, 3), (5, 3, 2)),
        ((1, 1, 2, 3), (3, 2)),
        ((2, 1, 1, 2), (1, 3, 2, 1)),
        ((3,), (3,)),
        ((1,), (1,)),
        ((3,), (3, 2)),
        ((2, 3), (3,)),
        ((3,), (4, 3, 2)),
        ((4, 2, 3), (3,)),
        ((0,), (0,)),
    ]:
        yield Case("matmul", ndl.matmul, np.matmul, shapes)


CASES: tuple[Case, ...] = tuple(
    chain(
        _unary(),
        _scalar_powers(),
        _binary(),
        _with(ndl.transpose, _swapped, TRANSPOSES),
        _with(ndl.reshape, np.reshape, RESHAPES),
        _with(ndl.broadcast_to, np.broadcast_to, BROADCASTS),
        _with(ndl.summation, np.sum, SUMS),
        _products(),
    )
)
