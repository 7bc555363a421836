"""Question 14: Adam."""

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

# Mistakes with the usual eps, 1e-8, show by chance beside gradients around 1; never
# beside large ones, and always beside tiny ones or where eps is large itself.
LARGE = 1e4
EPS = 0.1


def adam(t: Trial, **settings: float) -> Any:
    """Return Adam with a random rate and given settings."""
    return partial(ndl.optim.Adam, lr=t.input(rate(t)), **t.input(settings))


@case("hw2.optim_adam", points=1)
def adam_first_step(t: Trial) -> None:
    """The first step is as long as the learning rate, against the gradient."""
    for name in ("first", "second"):
        descend(t, name, adam(t), scale=LARGE)


@case("hw2.optim_adam", points=1.5)
def adam_several_steps(t: Trial) -> None:
    """Both running means are freed of their bias, by the number of steps so far."""
    other = adam(t, beta1=0.7, beta2=0.9)
    descend(t, "the usual betas", adam(t), steps=5, scale=LARGE)
    descend(t, "other betas", other, steps=5, scale=LARGE)
    answer_schedule(t, adam(t), scale=LARGE)


@case("hw2.optim_adam", points=0.5)
def adam_defaults(t: Trial) -> None:
    """A rate of 0.01, betas of 0.9 and 0.999, eps of 1e-8, no weight decay."""
    descend(t, "by default", ndl.optim.Adam, steps=3)
    descend(t, "tiny gradients", ndl.optim.Adam, steps=3, scale=1e-8)


@case("hw2.optim_adam", points=1)
def adam_eps(t: Trial) -> None:
    """``eps`` is added to the root, after the bias is gone."""
    for eps in (0.5, 0.01):
        descend(t, f"eps {eps}", adam(t, eps=eps), steps=3)


@case("hw2.optim_adam", points=1)
def adam_weight_decay(t: Trial) -> None:
    """Weight decay adds a part of each parameter to its gradient, before all else."""
    for decay in (0.3, 0.02):
        make = adam(t, weight_decay=decay, eps=EPS)
        descend(t, f"decay {decay}", make, steps=4, scale=4)  # decay outweighs none


@case("hw2.optim_adam", points=1)
def adam_several_parameters(t: Trial) -> None:
    """Every parameter has means of its own; a step is one step for all of them."""
    make = adam(t, weight_decay=0.01, eps=EPS)
    descend(t, "four shapes", make, shapes=SHAPES, steps=4)
    descend(t, "one shape", make, shapes=((2, 3),) * 3, steps=4)
    descend(t, "another optimizer", make, shapes=((2, 3),) * 2, steps=2)


@case("hw2.optim_adam", points=0.5)
def adam_float32(t: Trial) -> None:
    """Float32 parameters stay float32."""
    answer_float32(t, adam(t, weight_decay=0.01, eps=EPS))


@case("hw2.optim_adam", points=0.5)
def adam_leaves_gradients_alone(t: Trial) -> None:
    """Gradients stay as they are; new values, but the same objects."""
    answer_arguments(t, adam(t, weight_decay=0.1, eps=EPS))


@case("hw2.optim_adam", points=0.5)
def adam_without_gradient(t: Trial) -> None:
    """A parameter without a gradient is left alone, and the others are not."""
    answer_without_gradient(t, adam(t, weight_decay=0.1, eps=EPS))


@case("hw2.optim_adam", points=0.5)
def adam_training(t: Trial) -> None:
    """Steps with real gradients; no graph grows from step to step."""
    make = partial(ndl.optim.Adam, lr=0.05, eps=EPS, weight_decay=0.01)
    answer_minimum(t, make)
