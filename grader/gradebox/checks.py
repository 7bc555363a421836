"""Checks as data: what a right answer has to satisfy, decided far from the student."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Union

Option = Union[float, int, str, bool, None]  # noqa: UP007 (evaluated)
Parameter = Union[Option, list[Option]]  # noqa: UP007

KINDS = frozenset(
    {
        "close",
        "exact",
        "mostly",
        "one_of",
        "at_most",
        "at_least",
        "distributed",
        "raised",
    }
)


@dataclass(frozen=True)
class Check:
    """Name a comparison and its parameters; the trusted side knows how to do it."""

    kind: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


def close(rtol: float = 1e-5, atol: float = 1e-8, *, dtype: bool = True) -> Check:
    """Ask for the reference's numbers within a tolerance.

    ``|theirs - right| <= atol + rtol * |right|`` in every entry, and the same kind,
    shape and dtype. NaN equals NaN. ``dtype=False`` leaves the dtype to the student,
    and whether a number is one of Python's or of NumPy's; a tensor stays a tensor.
    """
    return Check("close", {"rtol": rtol, "atol": atol, "dtype": dtype})


def exact(*, dtype: bool = True) -> Check:
    """Ask for the reference's answer itself: kind, shape, dtype and every entry."""
    return Check("exact", {"dtype": dtype})


def mostly(share: float) -> Check:
    """Ask for an array of which at least ``share`` of the entries are the reference's.

    For what a trained model predicts: two that are right seldom agree everywhere. The
    shape has to be the same, the dtype may be any.
    """
    if not 0 < share <= 1:
        raise ValueError(f"mostly takes a share of the entries, not {share}")
    return Check("mostly", {"share": share})


def one_of(*options: Option) -> Check:
    """Ask for any one of ``options``, of the same type and equal."""
    if not options:
        raise ValueError("one_of needs the answers to choose from")
    return Check("one_of", {"options": list(options)})


def at_most(bound: float) -> Check:
    """Ask for a number that is not above ``bound``."""
    return Check("at_most", {"bound": bound})


def at_least(bound: float) -> Check:
    """Ask for a number that is not below ``bound``."""
    return Check("at_least", {"bound": bound})


def distributed(*, alpha: float = 1e-6, moments: bool = True) -> Check:
    """Ask for a sample from the distribution that the reference's sample is from.

    A two-sample Kolmogorov-Smirnov test at level ``alpha`` and, with ``moments``, mean
    and variance within the error that samples of these sizes have.
    """
    return Check("distributed", {"alpha": alpha, "moments": moments})


def raised(*types: type[BaseException]) -> Check:
    """Ask for an exception of one of ``types``, or of a type derived from one."""
    return Check("raised", {"types": [kind.__name__ for kind in types]})
