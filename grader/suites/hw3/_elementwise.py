"""Try kernels that compute element by element."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from gradebox import Check, Trial, close, exact

from ._inputs import between, normal
from ._kernels import Kernels
from ._memory import Floats

# One rounding or two: a quotient may be a product with the reciprocal.
ROUNDED = close(rtol=1e-6, atol=0)
# Functions of the C library differ in the last digits.
FUNCTION = close(rtol=1e-5, atol=1e-6)
SAME = exact()

# Around the lengths of vectors and blocks, where something is left over; nothing; and
# more than 64 blocks of CUDA's could have.
SIZES = (0, 1, 3, 7, 8, 9, 31, 33, 64, 256, 1003, 1024, 5003, 70_001)

Draw = Callable[[Trial, int], Floats]

BINARY = ("ewise_mul", "ewise_div", "ewise_maximum", "ewise_eq", "ewise_ge")
SCALAR = (
    "scalar_mul",
    "scalar_div",
    "scalar_power",
    "scalar_maximum",
    "scalar_eq",
    "scalar_ge",
)
UNARY = ("ewise_log", "ewise_exp", "ewise_tanh")


def any_sign(t: Trial, n: int) -> Floats:
    """Draw numbers of both signs."""
    return 3 * normal(t, n)


def nonzero(t: Trial, n: int) -> Floats:
    """Draw numbers of both signs, none of them near 0."""
    sizes = t.rng.uniform(0.25, 4, size=n)
    return np.asarray(sizes * t.rng.choice([-1, 1], size=n), np.float32)


def positive(t: Trial, n: int) -> Floats:
    """Draw positive numbers, on both sides of 1."""
    return np.asarray(t.rng.uniform(0.05, 9, size=n), np.float32)


def few(t: Trial, n: int) -> Floats:
    """Draw numbers of which many are alike."""
    return t.rng.randint(-2, 3, size=n).astype(np.float32) / 2


def value(t: Trial) -> float:
    """Draw a number between 1 and 4 that float32 holds and that is not whole."""
    return between(t, 5, 15) / 4 + 0.125


def answer_binary(
    t: Trial,
    kernels: Kernels,
    kernel: str,
    draw: Draw = any_sign,
    other: Draw = any_sign,
    check: Check = ROUNDED,
) -> None:
    """Hand over what a kernel makes of two arrays of each size."""
    for n in SIZES:
        inputs = [draw(t, n), other(t, n)]
        kernels.answer(t, f"{kernel} of {n} elements", kernel, inputs, n, check=check)


def answer_scalar(
    t: Trial,
    kernels: Kernels,
    kernel: str,
    *values: float,
    draw: Draw = any_sign,
    check: Check = ROUNDED,
) -> None:
    """Hand over what a kernel makes of an array of each size and some numbers."""
    for n in SIZES:
        for val in values:
            name = f"{kernel} of {n} elements and {val:g}"
            kernels.answer(t, name, kernel, [draw(t, n), val], n, check=check)


def answer_unary(
    t: Trial, kernels: Kernels, kernel: str, draw: Draw = any_sign
) -> None:
    """Hand over what a kernel makes of an array of each size."""
    for n in SIZES:
        name = f"{kernel} of {n} elements"
        kernels.answer(t, name, kernel, [draw(t, n)], n, check=FUNCTION)
    a, out = kernels.unwritten(45), kernels.unwritten(45)
    for number in ("first", "second"):
        a.write(t.input(draw(t, 45)))
        name = f"{kernel}, {number} numbers in one memory"
        kernels.run(t, name, kernel, a, out)
        kernels.hand_over(t, name, kernel, out, FUNCTION)


def answer_special(
    t: Trial,
    kernels: Kernels,
    kernel: str,
    numbers: Sequence[float],
    *other: Sequence[float] | float,
    check: Check = FUNCTION,
) -> None:
    """Hand over what a kernel makes of numbers that are given one by one."""
    inputs = [
        each if isinstance(each, int | float) else np.asarray(each, np.float32)
        for each in (numbers, *other)
    ]
    shown = ", ".join(f"{number:g}" for number in dict.fromkeys(numbers))
    with_number = "".join(f" and {x:g}" for x in other if isinstance(x, int | float))
    name = f"{kernel} of {shown}{with_number}"
    kernels.answer(t, name, kernel, inputs, len(numbers), check=check)


def pairs(*numbers: float) -> tuple[list[float], list[float]]:
    """Return all pairs of some numbers: the first of each, and the second."""
    return (
        [one for one in numbers for _ in numbers],
        [other for _ in numbers for other in numbers],
    )
