"""The usual ways of being wrong are recognised, and nothing else is."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from grader.compare.diagnose import diagnose
from grader.compare.numbers import Tolerance, agreeing, difference

RNG = np.random.RandomState(3)
RIGHT = RNG.standard_normal((4, 3)).astype("float32")
BEFORE = RNG.standard_normal((4, 3)).astype("float32")

Array = npt.NDArray[Any]


@pytest.mark.parametrize(
    "theirs, said",
    [
        (-RIGHT, "wrong sign"),
        (RIGHT * 2, "2 times"),
        (RIGHT / 4, "1/4 times"),
        (RIGHT / 784, "1/784 times"),
        (RIGHT * 1.37, "1.37 times"),
        (RIGHT * 0, "zero throughout"),
        (RIGHT + 0.5, "same amount, 0.5"),
        (RIGHT.T, "transpose"),
        (RIGHT[::-1], "rows are all there"),
        (RIGHT.reshape(3, 4), "only the shape differs"),
        (RIGHT.ravel(), "only the shape differs"),
        (RIGHT + RIGHT**2 * np.float32(2e-4), "digits"),
        (BEFORE, "one of the arrays that your code was given"),
        (BEFORE + 2 * (RIGHT - BEFORE), "the right change"),
        (BEFORE - (RIGHT - BEFORE), "wrong direction"),
    ],
)
def test_relations_are_recognised(theirs: Array, said: str) -> None:
    assert said in diagnose(theirs.astype("float32"), RIGHT, [BEFORE])


def test_a_step_twice_as_large_is_called_twice_the_step() -> None:
    step = diagnose(BEFORE + 2 * (RIGHT - BEFORE), RIGHT, [BEFORE])
    assert "The change made to it is 2 times the right change." in step


def test_what_was_there_before_is_called_no_multiple() -> None:
    assert diagnose(np.array([3e33]), np.array([-0.25]), []) == ""
    assert diagnose(np.array([3.0]), np.array([-0.25]), []) != ""


def test_numbers_in_another_order() -> None:
    right = np.arange(5.0)
    assert "another order" in diagnose(right[[1, 0, 2, 3, 4]], right, [])


@pytest.mark.parametrize("seed", range(20))
def test_unrelated_numbers_get_no_diagnosis(seed: int) -> None:
    rng = np.random.RandomState(seed)
    right = rng.standard_normal((5, 4))
    given = [rng.standard_normal((5, 4))]
    assert diagnose(rng.standard_normal((5, 4)), right, given) == ""
    assert diagnose(rng.standard_normal((4, 5)), right, given) == ""


@pytest.mark.parametrize("value", [0.123, 5.5, -7.77])
def test_one_number_is_not_called_a_multiple_of_another(value: float) -> None:
    right = np.asarray(3.14159)
    assert diagnose(np.asarray(value), right, []) == ""
    assert "2 times" in diagnose(2 * right, right, [])


@pytest.mark.parametrize(
    "theirs, right",
    [
        (np.array([np.nan]), np.array([1.0])),
        (np.zeros(0), np.zeros(0)),
        (np.array([True]), np.array([False])),
        (np.full(3, 1e300), np.full(3, 1e-300)),
        (np.ones(3), np.zeros(3)),
        (np.array([1e308]), np.array([3.5])),
        (np.array([1e308 + 1e308j]), np.array([3.5])),
        (np.ones((2, 2), complex), np.ones(4)),
    ],
)
def test_odd_numbers_are_no_trouble(theirs: Array, right: Array) -> None:
    assert isinstance(diagnose(theirs, right, [right]), str)
    if theirs.shape == right.shape and theirs.size:
        agree = agreeing(theirs, right, Tolerance(1e-5))
        for each, other in ((theirs, right), (theirs[0], right[0])):
            where = agree if np.ndim(each) else agree[0]
            assert difference(np.asarray(each), np.asarray(other), where)


def test_an_answer_of_any_size_costs_nothing_to_diagnose() -> None:
    huge = np.zeros(2 * 10**7, "int8")
    tracemalloc.start()
    try:
        assert diagnose(huge, RIGHT, [BEFORE]) == ""
        assert tracemalloc.get_traced_memory()[1] < huge.nbytes / 10
    finally:
        tracemalloc.stop()
