"""Question 1: initial weights."""

from collections.abc import Callable
from typing import Any

import numpy as np
from gradebox import Trial, case, close, distributed, exact, student

from ._inputs import between
from ._layers import seeded
from ._ops import ndl

init = student("needle.init")

INITIALISERS = ("xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal")

# Draws from NumPy's generator, scaled: any order of the products, in float32.
DRAWS = close(rtol=1e-5, atol=1e-7)
# Several samples a case, and still less than one false alarm in a million.
SAMPLE = distributed(alpha=1e-7)


def answer_samples(t: Trial, name: str, **settings: float) -> None:
    """Hand over large samples, for a wide layer and for a narrow one.

    One fan is several times the other, and both are far from 1: each of them, their
    sum, or any other factor in the place of the right one shows.
    """
    few, many = between(t, 60, 80), between(t, 400, 500)
    for fans in [(few, many), (many, few)]:
        weights = getattr(init, name)(*t.input(fans), **t.input(settings))
        t.answer(f"{fans[0]} to {fans[1]}", weights.numpy(), check=SAMPLE)


@case("hw2.init", points=0.5)
def xavier_uniform_distribution(t: Trial) -> None:
    """Uniform between -a and a; a depends on inputs and outputs."""
    answer_samples(t, "xavier_uniform")


@case("hw2.init", points=0.5)
def xavier_normal_distribution(t: Trial) -> None:
    """Normal with mean 0; the deviation depends on inputs and outputs."""
    answer_samples(t, "xavier_normal")


@case("hw2.init", points=0.5)
def kaiming_uniform_distribution(t: Trial) -> None:
    """Uniform between -b and b; b depends on the inputs only."""
    answer_samples(t, "kaiming_uniform")


@case("hw2.init", points=0.5)
def kaiming_normal_distribution(t: Trial) -> None:
    """Normal with mean 0; the deviation depends on the inputs only."""
    answer_samples(t, "kaiming_normal")


@case("hw2.init", points=0.5)
def xavier_gain(t: Trial) -> None:
    """A gain multiplies the weights, and so may be smaller than 1 or larger."""
    for name in ("xavier_uniform", "xavier_normal"):
        for gain in (between(t, 20, 60) / 100, between(t, 15, 30) / 10):
            size = between(t, 150, 250)
            weights = getattr(init, name)(size, size, gain=t.input(gain))
            t.answer(f"{name}, gain {gain}", weights.numpy(), check=SAMPLE)


def each_initialiser() -> list[tuple[str, Callable[..., Any]]]:
    """Return the four functions with their names."""
    return [(name, getattr(init, name)) for name in INITIALISERS]


@case("hw2.init", points=0.5)
def initialisers_shape_and_dtype(t: Trial) -> None:
    """Weights of shape (fan_in, fan_out), float32 unless another type is asked for."""
    for name, draw in each_initialiser():
        for fans in [(3, 7), (1, 5), (4, 1), (1, 1)]:
            seeded(t)
            t.answer(f"{name}, {fans}", draw(*fans), check=DRAWS)
        seeded(t)
        t.answer(f"{name}, float64", draw(3, 2, dtype="float64"), check=DRAWS)


@case("hw2.init", points=0.5)
def initialisers_keywords(t: Trial) -> None:
    """Keywords reach the function that draws: device and requires_grad as well."""
    for name, draw in each_initialiser():
        for wanted in (True, False):
            seeded(t)
            weights = draw(2, 3, device=ndl.cpu(), requires_grad=wanted)
            t.answer(f"{name}, {wanted}", weights, check=DRAWS)
            found = weights.requires_grad
            t.witness(f"{name}, requires_grad is {wanted}", found, check=exact())


@case("hw2.init", points=0.5)
def initialisers_draw_once(t: Trial) -> None:
    """One draw of NumPy's global generator a tensor: the next one is known."""
    for name, draw in each_initialiser():
        seeded(t)
        fans = between(t, 4, 6), between(t, 7, 9)
        t.answer(f"{name}, the weights", draw(*fans), check=DRAWS)
        t.answer(f"{name}, what is drawn next", np.random.rand(3), check=exact())
