"""What is measured of hw3's arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hw3_compare import Case

# Of about four million elements, a few times what the caches near a core hold.
CUBE, SQUARE, FOUR = (256, 64, 256), (2048, 2048), (32, 64, 48, 40)
MILLION = (1024, 1024)


def product(m: int, n: int, p: int, tiles: bool = True) -> Case:
    """Return a product through `@`, or without tiles."""
    name = f"{m} x {n} x {p}" + ("" if tiles else ", without tiles")
    return Case(
        name,
        lambda do, a, b: a @ b if tiles else do.untiled(a, b),
        ((m, n), (n, p)),
    )


def reduction(kind: str, shape: tuple[int, ...], axis: Any, where: str) -> Case:
    """Return a sum or a maximum along some axes."""
    lengths = " x ".join(map(str, shape))
    return Case(
        f"{kind}, {where}, {lengths}",
        lambda do, a: getattr(do, kind)(a, axis),
        (shape,),
    )


def permuted(shape: tuple[int, ...], axes: tuple[int, ...]) -> Case:
    """Return a copy with the axes in another order."""
    return Case(
        f"copy, axes {axes} of {' x '.join(map(str, shape))}",
        lambda do, a: do.copy(do.permute(a, axes)),
        (shape,),
    )


def sliced(name: str, *index: slice, everywhere: bool = True) -> Case:
    """Return a copy of a part of a matrix."""
    return Case(f"copy, {name}", lambda do, a: do.copy(a[index]), (SQUARE,), everywhere)


def repeated(old: tuple[int, ...], new: tuple[int, ...]) -> Case:
    """Return a copy of a broadcast array."""
    lengths = " x ".join(map(str, old)), " x ".join(map(str, new))
    return Case(
        f"copy, {lengths[0]} broadcast to {lengths[1]}",
        lambda do, a: do.copy(do.broadcast(a, new)),
        (old,),
    )


def assigned(name: str, index: tuple[slice, slice], part: tuple[int, int]) -> Case:
    """Return an assignment of an array to a part of a matrix."""

    def run(do: Any, a: Any, b: Any) -> Any:
        a[index] = b
        return b

    return Case(f"set, {name}", run, (SQUARE, part))


def filled(name: str, index: tuple[slice, slice]) -> Case:
    """Return an assignment of a number to a part of a matrix, and a copy of a bit."""

    def run(do: Any, a: Any) -> Any:
        a[index] = 3.0
        return do.copy(a[:8, :8])

    return Case(f"set to a number, {name}", run, (SQUARE,))


def each(name: str, run: Callable[..., Any], operands: int = 1) -> Case:
    """Return an operation on a million elements."""
    return Case(name, run, (MILLION,) * operands)


def memory(name: str, forget: bool) -> Case:
    """Return an array of ones, in memory that was kept, or asked for anew."""

    def run(do: Any) -> Any:
        if forget:
            do.forget()
        return do.full(MILLION)

    return Case(name, run, ())


ALL = slice(None)
PRODUCTS = [
    product(64, 64, 64),
    product(64, 64, 64, tiles=False),
    product(256, 256, 256),
    product(256, 256, 256, tiles=False),
    product(1024, 1024, 1024),
    product(1024, 1024, 1024, tiles=False),
    product(1000, 999, 1001),
    product(100, 784, 512),
    product(784, 100, 512),
    product(100, 512, 10),
]
REDUCTIONS = [
    reduction(kind, shape, axis, where)
    for kind in ("sum", "max")
    for shape, axis, where in (
        (CUBE, None, "all"),
        (CUBE, 0, "first axis"),
        (CUBE, 1, "middle axis"),
        (CUBE, 2, "last axis"),
        (CUBE, (0, 1), "first two axes"),
        (CUBE, (0, 2), "first and last axis"),
        ((65536, 10), 1, "last axis"),
        ((65536, 10), 0, "first axis"),
    )
]
COPIES = [
    permuted(SQUARE, (1, 0)),
    permuted(CUBE, (0, 2, 1)),
    permuted(CUBE, (1, 0, 2)),
    permuted(CUBE, (2, 1, 0)),
    permuted(FOUR, (0, 2, 3, 1)),
    permuted(FOUR, (0, 3, 1, 2)),
    permuted(FOUR, (3, 2, 1, 0)),
    sliced("every other row", slice(None, None, 2), ALL),
    sliced("every other column", ALL, slice(None, None, 2)),
    sliced("a block", slice(10, 1500), slice(7, 1900)),
    sliced(
        "backwards",
        slice(None, None, -1),
        slice(None, None, -1),
        everywhere=False,
    ),
    repeated((2048, 1), SQUARE),
    repeated((1, 2048), SQUARE),
    repeated((64, 1, 1, 1), (64, 32, 32, 32)),
    assigned("rows", (slice(1, None), ALL), (2047, 2048)),
    assigned("every other column", (ALL, slice(None, None, 2)), (2048, 1024)),
    filled("a block", (slice(3, 2000), slice(3, 2000))),
    filled("every other column", (ALL, slice(None, None, 2))),
]
ELEMENTWISE = [
    each("a + b", lambda do, a, b: a + b, 2),
    each("a + 2", lambda do, a: a + 2.0),
    each("a * b", lambda do, a, b: a * b, 2),
    each("a / b", lambda do, a, b: a / b, 2),
    each("maximum(a, b)", lambda do, a, b: do.maximum(a, b), 2),
    each("maximum(a, 1.5)", lambda do, a: do.maximum(a, 1.5)),
    each("a == b", lambda do, a, b: do.equal(a, b), 2),
    each("exp(a)", lambda do, a: do.exp(a)),
    each("log(a)", lambda do, a: do.log(a)),
    each("tanh(a)", lambda do, a: do.tanh(a)),
    each("a ** 2", lambda do, a: a**2.0),
    each("a ** 0.5", lambda do, a: a**0.5),
    each("a ** 1.7", lambda do, a: a**1.7),
]
SMALL = [
    Case("a + b, one element", lambda do, a, b: a + b, ((1,), (1,))),
    Case("a + 2, one element", lambda do, a: a + 2.0, ((1,),)),
    Case("a + b, 100 x 10", lambda do, a, b: a + b, ((100, 10), (100, 10))),
    Case("a + row, 100 x 10", lambda do, a, b: a + b, ((100, 10), (1, 10))),
    reduction("sum", (100, 10), 1, "last axis"),
    product(8, 8, 8),
    product(8, 8, 8, tiles=False),
    product(512, 784, 1),
    memory("ones, 4 MB, memory kept", forget=False),
    memory("ones, 4 MB, memory given back before", forget=True),
]
