"""Compare arrays of numbers and say where they part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Tolerance:
    """``|theirs - right| <= atol + rtol * |right|``; zero means the same value."""

    rtol: float = 0.0
    atol: float = 0.0


def widened(array: Array) -> Array:
    """Return the numbers in a type in which differences do not overflow."""
    if array.dtype.kind == "c":
        return array.astype(np.complex128)
    return array.astype(np.float64)


def agreeing(theirs: Array, right: Array, tolerance: Tolerance) -> Mask:
    """Return where two arrays of one shape agree; NaN agrees with NaN."""
    if tolerance == Tolerance():
        same = theirs == right
        return np.asarray(same | (_nan(theirs) & _nan(right)))
    a, b = widened(theirs), widened(right)
    with np.errstate(all="ignore"):
        near = np.abs(a - b) <= tolerance.atol + tolerance.rtol * np.abs(b)
    # Infinities are right only where they are the same.
    finite = np.isfinite(a) & np.isfinite(b)
    return np.asarray((near & finite) | (a == b) | (np.isnan(a) & np.isnan(b)))


def _nan(array: Array) -> Array:
    if array.dtype.kind in "fc":
        return np.isnan(array)
    return np.zeros(array.shape, bool)


def difference(theirs: Array, right: Array, agree: Mask) -> str:
    """Say how many entries are wrong and show the first, without the right value."""
    if theirs.ndim == 0:
        return f"is {show(theirs[()])}, {off_by(theirs[()], right[()])}"
    wrong = int(agree.size - np.count_nonzero(agree))
    first = tuple(int(i) for i in np.argwhere(~agree)[0])
    place = ", ".join(map(str, first))
    count = "all" if wrong == agree.size else f"{wrong:,} of"
    return (
        f"is wrong in {count} {agree.size:,} entries{_not_finite(theirs, right)}; "
        f"first at [{place}], where yours is {show(theirs[first])}, "
        f"{off_by(theirs[first], right[first])}"
    )


def _not_finite(theirs: Array, right: Array) -> str:
    if theirs.dtype.kind not in "fc":
        return ""
    counts = {"NaN": np.isnan(theirs).sum(), "infinite": np.isinf(theirs).sum()}
    if right.dtype.kind in "fc" and not np.isfinite(right).all():
        return ""
    said = [f"{int(count):,} are {name}" for name, count in counts.items() if count]
    return f" ({', '.join(said)})" if said else ""


def off_by(theirs: Any, right: Any) -> str:
    """Say how far a number is off, to one digit and without a sign."""
    if theirs.dtype.kind == "b" or right.dtype.kind == "b":
        return "the other value is right"
    a, b = complex(theirs), complex(right)
    if not np.isfinite(a):
        return "which should be finite" if np.isfinite(b) else "which is not right"
    if not np.isfinite(b):
        return "which is not right"
    with np.errstate(over="ignore"):  # Python's own abs would raise
        distance, size = float(np.abs(np.complex128(a - b))), abs(b)
        length = float(np.abs(np.complex128(a)))
    if size == 0:
        return "which should be zero"
    relative = distance / size
    if relative >= 10:
        return f"about {_roughly(length / size)} times as large as it should be"
    return f"off by about {_percent(relative)}"


def _roughly(factor: float) -> str:
    """Return a large number to one digit."""
    return f"{float(f'{factor:.0e}'):,.0f}" if factor < 1e6 else f"{factor:.0e}"


def _percent(relative: float) -> str:
    if relative < 1e-4:
        return f"{relative:.0e} of the right value"
    return f"{100 * relative:.1g}%" if relative < 0.1 else f"{100 * relative:.0f}%"


def show(value: Any) -> str:
    """Return a number as people write it."""
    if value.dtype.kind in "fc":
        return f"{value:.6g}"
    return str(value)
