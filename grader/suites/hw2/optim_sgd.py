"""Question 13: stochastic gradient descent with momentum and weight decay."""

from functools import partial
from typing import Any

from gradebox import Trial, case

from ._descent import (
    SHAPES,
    answer_arguments,
    answer_float32,
    answer_minimum,
    answer_schedule,
    answer_without_gradient,
    descend,
)
from ._inputs import rate
from ._ops import ndl


def sgd(t: Trial, **settings: float) -> Any:
    """Return SGD with a random rate and given settings."""
    return partial(ndl.optim.SGD, lr=t.input(rate(t)), **t.input(settings))


@case("hw2.optim_sgd", points=1)
def sgd_plain(t: Trial) -> None:
    """Parameters move against their gradients, by what the learning rate is now."""
    for steps in (1, 3):
        descend(t, f"{steps} steps", sgd(t), steps=steps)
    answer_schedule(t, sgd(t))


@case("hw2.optim_sgd", points=0.5)
def sgd_defaults(t: Trial) -> None:
    """A learning rate of 0.01, no momentum, no weight decay."""
    descend(t, "by default", ndl.optim.SGD, steps=2)


@case("hw2.optim_sgd", points=1)
def sgd_momentum(t: Trial) -> None:
    """What is moved by is a running mean of the gradients, from 0."""
    for momentum in (0.9, 0.3):
        name = f"momentum {momentum}"
        descend(t, name, sgd(t, momentum=momentum), steps=4)


@case("hw2.optim_sgd", points=1)
def sgd_weight_decay(t: Trial) -> None:
    """Weight decay adds a part of each parameter to its gradient."""
    for decay in (0.1, 0.02):
        descend(t, f"decay {decay}", sgd(t, weight_decay=decay), steps=2)


@case("hw2.optim_sgd", points=0.5)
def sgd_momentum_and_decay(t: Trial) -> None:
    """Momentum remembers gradients with their weight decay."""
    descend(t, "both", sgd(t, momentum=0.8, weight_decay=0.05), steps=4)


@case("hw2.optim_sgd", points=1)
def sgd_several_parameters(t: Trial) -> None:
    """Every parameter has a momentum of its own, also those of one shape."""
    make = sgd(t, momentum=0.7, weight_decay=0.01)
    descend(t, "four shapes", make, shapes=SHAPES, steps=3)
    descend(t, "one shape", make, shapes=((2, 3),) * 3, steps=3)
    descend(t, "another optimizer", make, shapes=((2, 3),) * 2, steps=2)


@case("hw2.optim_sgd", points=0.5)
def sgd_float32(t: Trial) -> None:
    """Float32 parameters stay float32."""
    answer_float32(t, sgd(t, momentum=0.9, weight_decay=0.01))


@case("hw2.optim_sgd", points=0.5)
def sgd_leaves_gradients_alone(t: Trial) -> None:
    """Gradients stay as they are; new values, but the same objects."""
    answer_arguments(t, sgd(t, momentum=0.9, weight_decay=0.1))


@case("hw2.optim_sgd", points=0.5)
def sgd_without_gradient(t: Trial) -> None:
    """A parameter without a gradient is left alone."""
    answer_without_gradient(t, sgd(t, momentum=0.6, weight_decay=0.1))


@case("hw2.optim_sgd", points=0.5)
def sgd_training(t: Trial) -> None:
    """Steps with real gradients; no graph grows from step to step."""
    make = partial(ndl.optim.SGD, lr=0.01, momentum=0.5, weight_decay=0.01)
    answer_minimum(t, make)
