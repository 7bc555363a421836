"""Recognise the ways in which answers are usually wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from grader.compare.numbers import Tolerance, agreeing, widened

Array = npt.NDArray[Any]
LOOSE = Tolerance(rtol=1e-4, atol=1e-7)
MOST_TIMES = 1e6  # what is still larger stood there before, say


def diagnose(theirs: Array, right: Array, given: Sequence[Array]) -> str:
    """Return one sentence on how wrong numbers relate to the right ones, or nothing.

    ``given`` are the case's inputs, as they were before the student's code had them.
    """
    if theirs.dtype.kind not in "iufc" or right.dtype.kind not in "iufc":
        return ""
    if theirs.size != right.size:  # and theirs may be of any size
        return ""
    if not (np.isfinite(theirs).all() and np.isfinite(right).all()) or not right.size:
        return ""
    a, b = widened(theirs), widened(right)
    inputs = [widened(x) for x in given]
    with np.errstate(all="ignore"):
        return next(_relations(a, b, inputs), "")


def _relations(a: Array, b: Array, given: list[Array]) -> Iterator[str]:
    """Yield what is found, the most telling first."""
    if a.shape == b.shape:
        yield from _unchanged(a, b, given)
        yield from _multiple(a, b)
        yield from _step(a, b, given)
        yield from _shifted(a, b)
        yield from _precision(a, b)
    if a.ndim == 2 and a.T.shape == b.shape and _same(a.T, b):
        yield "It is the transpose of the right answer."
    if a.shape == b.shape:
        yield from _reordered(a, b)
    elif a.size == b.size and _same(a.ravel(), b.ravel()):
        yield "The numbers are right and in the right order; only the shape differs."


def _same(a: Array, b: Array) -> bool:
    return a.shape == b.shape and bool(agreeing(a, b, LOOSE).all())


def _unchanged(a: Array, b: Array, given: list[Array]) -> Iterator[str]:
    for before in given:
        if before.size < 2 or before.shape != a.shape:
            continue
        if np.array_equal(a, before) and not np.array_equal(b, before):
            yield "It is exactly one of the arrays that your code was given."


def _multiple(a: Array, b: Array) -> Iterator[str]:
    ratio = _ratio(a, b)
    if ratio is None:
        return
    if ratio == 0:
        yield "It is zero throughout."
    elif abs(ratio + 1) < 1e-4:
        yield "It has the right size and the wrong sign."
    else:
        entries = "Every entry" if b.size > 1 else "It"
        yield f"{entries} is {_number(ratio)} times the right value."


def _step(a: Array, b: Array, given: list[Array]) -> Iterator[str]:
    """Compare the changes made to an input rather than the results."""
    for before in given:
        if before.shape != b.shape or before.size < 2:
            continue
        ratio = _ratio(a - before, b - before)
        if ratio is None or ratio == 0:
            continue
        if abs(ratio + 1) < 1e-3:
            yield "The change made to it has the right size and the wrong direction."
        else:
            yield f"The change made to it is {_number(ratio)} times the right change."


def _ratio(a: Array, b: Array) -> float | None:
    """Return c if ``a`` is c times ``b`` to the precision of float32, else None."""
    size = float(np.vdot(b, b).real)
    if size == 0:
        return None
    ratio = complex(np.vdot(b, a) / size)
    if not abs(ratio) < MOST_TIMES:  # the number there has nothing to do with it
        return None
    if abs(ratio.imag) > 1e-9 or abs(ratio.real - 1) < 1e-3:
        return None
    error = float(np.linalg.norm((a - ratio.real * b).ravel()))
    if b.size == 1 and ratio.real not in {0.0, -1.0} and not _is_simple(ratio.real):
        return None  # one number is always some multiple of another
    exact = error <= 1e-4 * max(abs(ratio.real), 1e-3) * size**0.5
    return ratio.real if exact else None


def _is_simple(ratio: float) -> bool:
    simple = Fraction(ratio).limit_denominator(64)
    return simple.numerator != 0 and abs(float(simple) - ratio) < 1e-5 * abs(ratio)


def _number(ratio: float) -> str:
    for largest in (12, 10_000):  # 2/3, but also 1/784
        simple = Fraction(ratio).limit_denominator(largest)
        close = simple != 0 and abs(float(simple) / ratio - 1) < 1e-4
        if close and (largest == 12 or abs(simple.numerator) == 1):
            return str(simple)
    return f"{ratio:.4g}"


def _shifted(a: Array, b: Array) -> Iterator[str]:
    if a.size < 2:
        return
    shifts = a - b
    shift = shifts.mean()
    scale = max(float(np.abs(b).max()), float(np.abs(shift)))
    if abs(shift) > 1e-4 * scale and np.abs(shifts - shift).max() <= 1e-5 * scale:
        yield f"Every entry is off by the same amount, {abs(shift):.3g}."


def _precision(a: Array, b: Array) -> Iterator[str]:
    scale = float(np.abs(b).max())
    error = float(np.abs(a - b).max())
    if scale > 0 and error <= 1e-3 * scale:
        digits = int(-np.log10(max(error / scale, 1e-16)))
        yield (
            f"It is right to about {digits} digits: precision is lost on the way, or a "
            "small term is missing."
        )


def _reordered(a: Array, b: Array) -> Iterator[str]:
    if a.ndim == 0 or a.shape[0] < 2:
        return
    rows = (a.shape[0], -1)
    if _same(_in_order(a.reshape(rows)), _in_order(b.reshape(rows))):
        what = "numbers are" if a.ndim == 1 else "rows are"
        yield f"The right {what} all there, in another order."


def _in_order(rows: Array) -> Array:
    """Return the rows in an order that small differences do not change."""
    weights = np.cos(1 + np.arange(rows.shape[1]))  # no two weigh the same by chance
    return rows[np.argsort(rows @ weights, kind="stable")]
