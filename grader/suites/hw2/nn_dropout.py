"""Question 11: dropout."""

from typing import Any

import numpy as np
from gradebox import Trial, case, distributed, exact

from ._layers import VALUES, answer_output, seeded
from ._ops import Floats, ndl, normal, tensor

# Several samples a case, and still less than one false alarm in a million.
SAMPLE = distributed(alpha=1e-7)


def probability(t: Trial) -> float:
    """Draw a probability that is not 1/2: mixing up p and 1 - p shows."""
    return t.input(float(t.rng.choice([0.1, 0.2, 0.3, 0.7, 0.8])))


def dropped(p: float, x: Any) -> Floats:
    """Return what is left of a tensor in training."""
    return values(ndl.nn.Dropout(p)(x))


def values(x: Any) -> Floats:
    """Return the numbers of a tensor in float64."""
    return np.asarray(x.numpy(), np.float64)


@case("hw2.nn_dropout", points=1)
def dropout_distribution(t: Trial) -> None:
    """Zeros with probability p; what stays is divided by 1 - p."""
    # Rounded: whether 1 / (1 - p) was float32 is for another case, and shows by some p.
    ones = tensor(t, np.ones((1, 40_000)))  # one row: all of it or nothing never passes
    for name in ("first", "second"):
        out = dropped(probability(t), ones)
        t.answer(f"what becomes of ones, {name}", np.round(out, 4), check=SAMPLE)
    t.answer("the default", dropped(0.5, ones), check=SAMPLE)
    t.answer("without an argument", values(ndl.nn.Dropout()(ones)), check=SAMPLE)


@case("hw2.nn_dropout", points=0.5)
def dropout_elements(t: Trial) -> None:
    """Each element by itself: not whole rows or columns, not the same in each call."""
    layer = ndl.nn.Dropout(0.3)
    ones = tensor(t, np.ones((200, 200)))
    first, second = values(layer(ones)), values(layer(ones))
    t.answer("sums of rows", first.sum(axis=1), check=SAMPLE)
    t.answer("sums of columns", first.sum(axis=0), check=SAMPLE)
    t.answer("products of two calls", first * second, check=SAMPLE)


@case("hw2.nn_dropout", points=0.5)
def dropout_values(t: Trial) -> None:
    """What stays is in its place, and of its type; without dropout all of it."""
    p, x = probability(t), normal(t, 150, 150)  # many rows, many columns
    out = dropped(p, tensor(t, x))
    both = np.where(out == 0, x / (1 - p), out)  # every element that stayed is right
    t.answer("elements that stayed, divided by 1 - p", both, check=VALUES)
    t.answer("whether some stayed", bool((out != 0).any()), check=exact())
    t.answer("whether some did not", bool((out == 0).any()), check=exact())
    out32 = ndl.nn.Dropout(p)(tensor(t, x, "float32"))
    t.answer("type of what was float32", str(out32.dtype), check=exact())
    answer_output(t, "p = 0", ndl.nn.Dropout(0.0), x, "float32")


@case("hw2.nn_dropout", points=0.5)
def dropout_evaluation(t: Trial) -> None:
    """In evaluation the input passes as it is; in training again it does not."""
    layer, x = ndl.nn.Dropout(0.5), normal(t, 60, 70)
    layer.eval()
    seeded(t)
    answer_output(t, "in evaluation", layer, x, "float32")
    t.answer("drawn next", np.random.rand(3), check=exact())
    layer.train()
    zeros = layer(tensor(t, x)).numpy() == 0
    t.answer("whether there are zeros in training", bool(zeros.any()), check=exact())
    t.answer("whether there are others", not zeros.all(), check=exact())


def seeded_unevenly(t: Trial, p: float, *shape: int) -> None:
    """Seed the global generator so that the next draw does not drop just the share p.

    A dropout that always drops that share, rounded up or down, then shows.
    """
    wanted = kept = (1 - p) * np.prod(shape)
    while abs(kept - wanted) < 1:
        draws = np.random.RandomState(seeded(t)).rand(*shape)
        kept = np.sum(draws <= 1 - p)


@case("hw2.nn_dropout", points=1)
def dropout_draws(t: Trial) -> None:
    """One draw by ``randb`` of the shape of the input: what is kept is known."""
    for shape in [(6, 9), (3, 4, 5), (1, 8)]:
        p, x = probability(t), normal(t, *shape)
        seeded_unevenly(t, p, *shape)
        answer_output(t, f"{shape}", ndl.nn.Dropout(p), x, "float32")
        t.answer(f"drawn next, {shape}", np.random.rand(3), check=exact())


@case("hw2.nn_dropout", points=0.5)
def dropout_backward(t: Trial) -> None:
    """The gradient passes where the elements did, divided by 1 - p as they were."""
    x, out_grad = tensor(t, normal(t, 150, 150)), tensor(t, normal(t, 150, 150))
    out = ndl.nn.Dropout(probability(t))(x)
    out.backward(out_grad)
    difference = x.grad.numpy() * x.numpy() - out.numpy() * out_grad.numpy()
    t.answer("gradient less what it should be", difference, check=VALUES)
    t.answer("whether there is one", bool(x.grad.numpy().any()), check=exact())
    nothing = bool((x.grad.numpy() == 0).any())
    t.answer("whether it is 0 in places", nothing, check=exact())
    layer = ndl.nn.Dropout(0.6)
    layer.eval()
    layer(x).backward(out_grad)
    t.answer("gradient in evaluation", x.grad, check=VALUES)
