"""One check, one right answer, one answer of theirs: a finding, or nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from gradebox.checks import Check
from gradebox.values import ArrayValue, ExceptionValue, Value

from grader.compare import numbers
from grader.compare.diagnose import diagnose
from grader.compare.finding import Finding, describe, dtype_name
from grader.compare.numbers import Tolerance
from grader.compare.sample import differ
from grader.text import line


@dataclass(frozen=True)
class Question:
    """What an answer is held against; all of it comes from the reference's run."""

    check: Check
    right: Value
    given: Sequence[np.ndarray[Any, Any]] = ()  # the case's inputs


def verdict(question: Question, theirs: Value) -> Finding | None:
    """Return what is wrong with an answer, or None."""
    return _CHECKS[question.check.kind](question, theirs)


def _equal(question: Question, theirs: Value) -> Finding | None:
    """Compare kind, shape, dtype and entries, in whatever is nested in the answer."""
    parameters = question.check.parameters
    tolerance = Tolerance()
    if question.check.kind == "close":
        tolerance = Tolerance(_number(parameters["rtol"]), _number(parameters["atol"]))
    comparison = _Comparison(
        tolerance, strict=bool(parameters["dtype"]), given=question.given
    )
    return comparison.compare(theirs, question.right)


class _Comparison:
    """Walk two values side by side to the first difference."""

    def __init__(
        self,
        tolerance: Tolerance,
        *,
        strict: bool,
        given: Sequence[np.ndarray[Any, Any]],
    ) -> None:
        self._tolerance = tolerance
        self._strict = strict
        self._given = given

    def compare(self, theirs: Value, right: Value) -> Finding | None:
        if _is_numeric(right):
            return self._numeric(theirs, right)
        if type(theirs) is not type(right):
            return _other_kind(theirs, right)
        if isinstance(right, tuple | list):
            assert isinstance(theirs, tuple | list)
            return self._sequence(theirs, right)
        if isinstance(right, dict):
            assert isinstance(theirs, dict)
            return self._mapping(theirs, right)
        if theirs == right:
            return None
        return Finding(f"is {_shown(theirs)}, which is not right")

    def _sequence(
        self, theirs: Sequence[Value], right: Sequence[Value]
    ) -> Finding | None:
        if len(theirs) != len(right):
            return Finding(f"has {len(theirs)} items where {len(right)} are asked for")
        for index, (one, other) in enumerate(zip(theirs, right, strict=True)):
            found = self.compare(one, other)
            if found is not None:
                return Finding(f"item {index} {found.what}", found.hint)
        return None

    def _mapping(
        self, theirs: Mapping[str, Value], right: Mapping[str, Value]
    ) -> Finding | None:
        if theirs.keys() != right.keys():
            missing = len(right.keys() - theirs.keys())
            extra = sorted(theirs.keys() - right.keys())[:3]
            shown = ", ".join(line(repr(key), 40) for key in extra)
            more = f" and has keys that it should not: {shown}" if extra else ""
            return Finding(f"lacks {missing} keys{more}")
        for key, other in right.items():
            found = self.compare(theirs[key], other)
            if found is not None:
                return Finding(f"entry {key!r} {found.what}", found.hint)
        return None

    def _numeric(self, theirs: Value, right: Value) -> Finding | None:
        if not _is_numeric(theirs):
            return _other_kind(theirs, right)
        a, b = _array(theirs), _array(right)
        if not self._may_stand_for(_kind(theirs), _kind(right)):
            return _other_kind(theirs, right)
        if a.shape != b.shape:
            return Finding(
                f"has shape {a.shape} where {b.shape} is asked for",
                diagnose(a, b, self._given),
            )
        if type(theirs) is int and type(right) is int:  # of any size
            agree = np.asarray(theirs == right or self._near(a, b))
        else:
            agree = numbers.agreeing(a, b, self._tolerance)
        finding = self._dtype(theirs, right, bool(agree.all()))
        if finding is None and not agree.all():
            text = numbers.difference(a, b, agree)
            finding = Finding(text, diagnose(a, b, self._given))
        return finding

    def _may_stand_for(self, theirs: str, right: str) -> bool:
        """Tell whether the kinds agree; without dtypes all plain numbers are alike."""
        return theirs == right or (not self._strict and "Tensor" not in {theirs, right})

    def _near(self, a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> bool:
        exact = self._tolerance == Tolerance()
        return not exact and bool(numbers.agreeing(a, b, self._tolerance))

    def _dtype(self, theirs: Value, right: Value, equal: bool) -> Finding | None:
        if not (isinstance(theirs, ArrayValue) and isinstance(right, ArrayValue)):
            return None
        if not self._strict or theirs.data.dtype == right.data.dtype:
            return None
        return Finding(
            f"has dtype {dtype_name(theirs)} where {dtype_name(right)} is asked for",
            "The numbers themselves are right." if equal else "",
        )


def _is_numeric(value: Value) -> bool:
    return isinstance(value, ArrayValue | bool | int | float | complex)


def _kind(value: Value) -> str:
    return value.kind if isinstance(value, ArrayValue) else type(value).__name__


def _array(value: Value) -> np.ndarray[Any, Any]:
    if isinstance(value, ArrayValue):
        return value.data
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        return np.asarray(_as_float(value))
    return np.asarray(value)


def _as_float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _other_kind(theirs: Value, right: Value) -> Finding:
    unset = "A function without `return` gives None, and so does what was never set."
    return Finding(
        f"is {describe(theirs)} where {describe(right)} is asked for",
        unset if theirs is None else "",
    )


def _shown(value: Value) -> str:
    """Return a short value of theirs as they would write it, else what it is."""
    if isinstance(value, str | bytes):
        return line(repr(value[:100]), 80)
    if value is None:
        return "None"
    return describe(value)


def _mostly(question: Question, theirs: Value) -> Finding | None:
    right = question.right
    if not _is_numeric(theirs) or _kind(theirs) != _kind(right):
        return _other_kind(theirs, right)
    a, b = _array(theirs), _array(right)
    if a.shape != b.shape:
        return Finding(f"has shape {a.shape} where {b.shape} is asked for")
    alike, wanted = int((a == b).sum()), _number(question.check.parameters["share"])
    if alike >= wanted * a.size:
        return None
    return Finding(
        f"agrees with what is right in {alike} of {a.size} entries;"
        f" {math.ceil(wanted * a.size)} are asked for"
    )


def _one_of(question: Question, theirs: Value) -> Finding | None:
    options = question.check.parameters["options"]
    assert isinstance(options, list)
    value = theirs
    if isinstance(value, ArrayValue) and value.data.ndim == 0:
        value = value.data.item()
    if any(type(value) is type(option) and value == option for option in options):
        return None
    return Finding(f"is {_shown(theirs)}, which is not one of the right answers")


def _bounded(question: Question, theirs: Value) -> Finding | None:
    bound = _number(question.check.parameters["bound"])
    if not _is_numeric(theirs) or _array(theirs).size != 1:
        return Finding(f"is {describe(theirs)} where a number is asked for")
    value = _array(theirs).reshape(())
    if value.dtype.kind == "c":
        return Finding("is complex where a real number is asked for")
    most = question.check.kind == "at_most"
    good = value <= bound if most else value >= bound  # false for NaN, as it should be
    if good:
        return None
    side = "above" if most else "below"
    return Finding(
        f"is {numbers.show(value[()])}, {side} the bound of {bound:g}"
        if np.isfinite(value)
        else f"is {numbers.show(value[()])}, not a finite number"
    )


def _distributed(question: Question, theirs: Value) -> Finding | None:
    right = question.right
    if not _is_numeric(theirs) or _kind(theirs) != _kind(right):
        return _other_kind(theirs, right)
    a, b = _array(theirs), _array(right)
    if a.shape != b.shape:
        return Finding(f"has shape {a.shape} where {b.shape} is asked for")
    if a.dtype != b.dtype:
        return Finding(f"has dtype {a.dtype} where {b.dtype} is asked for")
    parameters = question.check.parameters
    found = differ(a, b, _number(parameters["alpha"]), bool(parameters["moments"]))
    return Finding(found) if found else None


def _raised(question: Question, theirs: Value) -> Finding | None:
    types = question.check.parameters["types"]
    assert isinstance(types, list)
    wanted = " or ".join(str(name) for name in types)
    if theirs is None:
        return Finding(f"is that nothing was raised, where {wanted} is asked for")
    if not isinstance(theirs, ExceptionValue):
        return _other_kind(theirs, question.right)
    if any(name in types for name in theirs.types):
        return None
    said = line(theirs.message, 120)
    return Finding(
        f"is that {line(theirs.name, 80)} was raised ({said}), "
        f"where {wanted} is asked for"
    )


def _number(value: object) -> float:
    if isinstance(value, int | float):
        return float(value)
    raise TypeError(f"{value!r} is not a number")


_CHECKS: dict[str, Callable[[Question, Value], Finding | None]] = {
    "close": _equal,
    "exact": _equal,
    "mostly": _mostly,
    "one_of": _one_of,
    "at_most": _bounded,
    "at_least": _bounded,
    "distributed": _distributed,
    "raised": _raised,
}
