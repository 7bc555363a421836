"""Checks accept what is right and name what is not."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from gradebox import (
    Check,
    at_least,
    at_most,
    close,
    distributed,
    exact,
    mostly,
    one_of,
    raised,
)
from gradebox.decode import decode
from gradebox.encode import encode
from gradebox.values import Value
from grader.compare import Finding, Question, verdict


def sent(value: object) -> Value:
    encoded = encode(value)
    return decode(encoded.node, encoded.buffers)


def judge(check: Check, right: object, theirs: object, *given: Any) -> Finding | None:
    return verdict(Question(check, sent(right), given), sent(theirs))


X = np.linspace(-1, 1, 12, dtype="float32").reshape(3, 4)
NAN = float("nan")
INF = float("inf")

ACCEPTED: list[tuple[Check, object, object]] = [
    (close(), X, X.copy()),
    (close(rtol=1e-3), X, X * np.float32(1.0005)),
    (close(), X, np.asfortranarray(X)),
    (close(), 1.0, 1.0 + 1e-9),
    (close(dtype=False), X, X.astype("float64")),
    (close(dtype=False), 2.0, np.float32(2)),
    (close(), np.array([NAN, INF, -INF]), np.array([NAN, INF, -INF])),
    (close(), {"a": [X, None]}, {"a": [X.copy(), None]}),
    (close(), np.zeros((0, 3)), np.zeros((0, 3))),
    (exact(), 10**40, 10**40),
    (exact(), "text", "text"),
    (exact(), (1, True), (1, True)),
    (exact(), np.float32, np.float32),
    (exact(), np.array([0.0, NAN]), np.array([0.0, NAN])),
    (mostly(0.75), np.arange(4), np.array([0, 1, 2, 9])),
    (mostly(0.5), np.arange(4), np.array([0.0, 1.0, NAN, NAN])),
    (one_of("a", 3), "a", 3),
    (one_of(1.5), 1.5, np.float64(1.5)),
    (at_most(2), 1, 2),
    (at_least(2), 5, np.float32(2)),
    (raised(ValueError), ValueError(), UnicodeError("x")),
]


@pytest.mark.parametrize("check, right, theirs", ACCEPTED)
def test_right_answers_pass(check: Check, right: object, theirs: object) -> None:
    assert judge(check, right, theirs) is None


REFUSED: list[tuple[Check, object, object, str]] = [
    (close(), X, X * np.float32(1.001), "wrong in 12 of 12|wrong in all 12"),
    (close(), X, X.astype("float64"), "dtype float64 where float32"),
    (close(), 2.0, 620.0, "about 300 times as large as it should be"),
    (close(), X, X.astype(">f4"), "foreign byte order"),
    (close(), X, X[None], r"shape \(1, 3, 4\) where \(3, 4\)"),
    (close(), X, X.tolist(), "a list of 3 where an array of shape"),
    (close(), X, None, "None where an array"),
    (close(), np.float32(1), 1.0, "a float where a float32 scalar"),
    (close(), np.array(1.0), np.float64(1), "scalar where an array of shape"),
    (close(), 1.0, True, "a bool where a float"),
    (close(), 1.0, NAN, "nan, which should be finite"),
    (close(), 1.0, INF, "inf, which should be finite"),
    (close(), INF, -INF, "not right"),
    (close(), X, np.full_like(X, NAN), "12 are NaN"),
    (close(atol=0), 0.0, 1e-30, "should be zero"),
    (close(), {"a": X}, {"b": X}, "lacks 1 keys"),
    (close(), {"a": [X]}, {"a": [X, X]}, "entry 'a' has 2 items where 1"),
    (close(), (1.0, 2.0), [1.0, 2.0], "a list of 2 where a tuple of 2"),
    (exact(), 10**40, 10**40 + 1, "off by"),
    (exact(), 1, 1.0, "a float where an int"),
    (exact(), 1.0, 1.0 + 1e-15, "off by"),
    (exact(), True, 1, "an int where a bool"),
    (exact(), "text", "other", "'other', which is not right"),
    (exact(), None, {1, 2}, "of type set where None"),
    (exact(), np.array([True, False]), np.array([True, True]), "the other value"),
    (mostly(0.8), np.arange(4), np.array([0, 1, 2, 9]), "in 3 of 4 entries; 4 are"),
    (mostly(0.1), np.arange(4), np.full(4, NAN), "in 0 of 4 entries; 1 are asked"),
    (mostly(0.1), np.arange(4), np.arange(3), r"shape \(3,\) where \(4,\)"),
    (mostly(0.1), np.arange(4), [0, 1, 2, 3], "a list of 4 where an array"),
    (one_of("a"), "a", "b", "not one of"),
    (one_of(1), 1, True, "not one of"),
    (at_most(2), 1, 2.5, "above the bound of 2"),
    (at_most(2), 1, NAN, "not a finite number"),
    (at_least(2), 5, 1, "below the bound"),
    (at_least(2), 5, np.ones(3), "where a number is asked for"),
    (at_least(2), 5, 3j, "complex"),
    (raised(ValueError), ValueError(), None, "nothing was raised"),
    (raised(ValueError), ValueError(), KeyError("k"), "KeyError was raised"),
]


@pytest.mark.parametrize("check, right, theirs, said", REFUSED)
def test_wrong_answers_are_named(
    check: Check, right: object, theirs: object, said: str
) -> None:
    import re

    found = judge(check, right, theirs)
    assert found is not None
    assert re.search(said, found.what), found.what


def test_a_message_shows_their_value_and_never_the_right_one() -> None:
    right = X + np.float32(0.123456)
    theirs = right.copy()
    theirs[1, 2] = 7
    found = judge(close(), right, theirs)
    assert found is not None
    assert "[1, 2], where yours is 7" in found.what
    assert "wrong in 1 of 12 entries" in found.what
    for digits in ("0.21", "0.214", "0.305"):
        assert digits not in found.what


def test_samples_of_one_distribution_agree() -> None:
    rng = np.random.RandomState(0)
    for seed in range(50):
        a = np.random.RandomState(seed).standard_normal(500).astype("float32")
        b = rng.standard_normal(500).astype("float32")
        assert judge(distributed(), a, b) is None


@pytest.mark.parametrize(
    "theirs, said",
    [
        (lambda r: r.standard_normal(2000) + 0.5, "mean"),
        (lambda r: r.standard_normal(2000) * 1.5, "standard deviation"),
        (lambda r: r.uniform(-(3**0.5), 3**0.5, 2000), "Kolmogorov"),
        (lambda r: np.full(2000, NAN), "not finite"),
        (lambda r: np.zeros(2000), "mean|deviation"),
    ],
)
def test_samples_of_other_distributions_do_not(theirs: Any, said: str) -> None:
    import re

    right = np.random.RandomState(1).standard_normal(2000)
    found = judge(distributed(), right, theirs(np.random.RandomState(2)))
    assert found is not None
    assert re.search(said, found.what), found.what


ODD: list[object] = [
    *(None, True, 0, -1, 2**63, -(2**63), 2**64, 10**400, -(10**4900), 0.0, NAN, -INF),
    *(complex(NAN, INF), "", "\udcff", b"\xff", (), [], {}, {"": []}, [None, (1,)]),
    *(int, np.dtype("f4"), ValueError("\udcff"), object(), np.float16(1), np.True_),
    *(np.zeros(()), np.zeros((0, 3)), np.zeros((3, 4)), np.full((3, 4), NAN), X.T),
    *(X.astype(">f4"), X.astype("c16"), X.astype("u1"), X.astype(bool), X > 0, X * INF),
    *(np.frombuffer(b"\x02\x00", bool), np.array([2**64 - 1], "u8"), np.array(["x"])),
]
CHECKS = [
    *(close(), close(dtype=False), exact(), exact(dtype=False), at_most(1)),
    *(at_least(1), one_of(1, "a", None), distributed(), raised(ValueError)),
]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("check", CHECKS)
def test_no_answer_breaks_a_check(check: Check) -> None:
    """An error in a check would look like a fault of the grader's."""
    findings = 0
    for right in ODD:
        if check.kind == "distributed" and not (
            isinstance(right, np.ndarray) and right.dtype.kind == "f" and right.size > 1
        ):
            continue  # what only a broken reference would hand over
        for theirs in ODD:
            finding = judge(check, right, theirs, X)
            findings += finding is not None
            assert finding is None or len(finding.what) < 1000
    assert findings


@pytest.mark.parametrize("huge", [b"\0" * 2**24, "\0" * 2**24])
def test_a_long_text_costs_nothing_to_show(huge: bytes | str) -> None:
    theirs = sent(huge)
    tracemalloc.start()
    try:
        finding = verdict(Question(exact(), type(huge)()), theirs)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()
    assert finding is not None
    assert len(finding.what) < 200
