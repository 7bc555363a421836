"""Question 3: softmax_loss."""

import numpy as np
from gradebox import Trial, case, close, exact, student

from ._inputs import LABEL_TYPES, Floats, Labels, between, labels, normal

simple_ml = student("simple_ml")

# float32 sums over a few hundred terms; the type of the number has a case of its own
LOSS = close(rtol=1e-5, atol=1e-6, dtype=False)

# A wrong loss can be right by chance; two of them are not.
TWICE = ("first", "second")


def logits(t: Trial, m: int, k: int) -> tuple[Floats, Labels]:
    """Draw logits around 0 and labels: all classes, where there are rows enough.

    The labels of the first and the last row are the least likely ones, so that their
    losses, and a label mistaken for the prediction, are never too small to be seen; and
    no logit is so far ahead of the others that it alone makes the sum.
    """
    Z, y = normal(t, m, k), labels(t, m, k)
    if m >= k:
        y[t.rng.permutation(m)[:k]] = np.arange(k)
    for row in {0, m - 1}:
        least = Z[row].argmin()
        Z[row, [y[row], least]] = Z[row, [least, y[row]]]
    return t.input(Z), t.input(y)


@case("hw0.softmax_loss", points=3)
def softmax_loss_small(t: Trial) -> None:
    """The mean loss of a few rows."""
    for name in TWICE:
        Z, y = logits(t, between(t, 5, 8), 3)
        t.answer(f"{name} loss", simple_ml.softmax_loss(Z, y), check=LOSS)


@case("hw0.softmax_loss", points=3)
def softmax_loss_shapes(t: Trial) -> None:
    """The mean loss for other numbers of rows and classes."""
    for m, k in [(between(t, 60, 90), 10), (between(t, 5, 9), 2), (3, 25)]:
        Z, y = logits(t, m, k)
        name = f"loss of {m} rows, {k} classes"
        t.answer(name, simple_ml.softmax_loss(Z, y), check=LOSS)


@case("hw0.softmax_loss", points=3)
def softmax_loss_large_logits(t: Trial) -> None:
    """Logits of 1000 and -1000 do not overflow."""
    for name, scale in [("a thousand", 1000), ("ten thousand", 10_000)]:
        # what float32 can tell apart at this size, when a shift is taken off and added
        near = close(rtol=1e-4, atol=1e-6 * scale, dtype=False)
        Z, y = logits(t, 9, 4)
        likely = t.input(Z.argmax(axis=1).astype(np.uint8))
        Z = t.input(Z * np.float32(scale))
        t.answer(name, simple_ml.softmax_loss(Z, y), check=near)
        t.answer(f"{name}, likely", simple_ml.softmax_loss(Z, likely), check=near)
        same = t.input(np.full((5, 4), -scale, np.float32))
        t.answer(f"minus {name}", simple_ml.softmax_loss(same, y[:5]), check=near)


@case("hw0.softmax_loss", points=2)
def softmax_loss_label_types(t: Trial) -> None:
    """Labels may be of any integer type, up to its largest values."""
    for dtype, k in LABEL_TYPES:
        Z, y = logits(t, 120, k)
        t.answer(dtype, simple_ml.softmax_loss(Z, y.astype(dtype)), check=LOSS)


@case("hw0.softmax_loss", points=1)
def softmax_loss_one_class(t: Trial) -> None:
    """With one class the loss is 0, with equal logits it is log(k)."""
    Z, y = logits(t, 5, 1)
    t.answer("one class", simple_ml.softmax_loss(Z, y), check=LOSS)
    k = between(t, 7, 12)
    Z, y = t.input(np.full((6, k), 2.5, np.float32)), t.input(labels(t, 6, k))
    t.answer("equal logits", simple_ml.softmax_loss(Z, y), check=LOSS)


@case("hw0.softmax_loss", points=1)
def softmax_loss_one_row(t: Trial) -> None:
    """A single row, and rows that come twice."""
    for name in TWICE:
        Z, y = logits(t, 1, between(t, 3, 6))
        t.answer(f"{name} row", simple_ml.softmax_loss(Z, y), check=LOSS)
        Z, y = np.repeat(Z, 3, axis=0), np.repeat(y, 3)
        t.answer(f"{name} row, repeated", simple_ml.softmax_loss(Z, y), check=LOSS)


@case("hw0.softmax_loss", points=1)
def softmax_loss_type(t: Trial) -> None:
    """Float32 logits give one float32 number."""
    for name in TWICE:
        Z, y = logits(t, 6, 4)
        loss = np.asarray(simple_ml.softmax_loss(Z, y))
        t.answer(f"{name} loss", loss, check=close(rtol=1e-5, atol=1e-6))


@case("hw0.softmax_loss", points=1)
def softmax_loss_leaves_arguments_alone(t: Trial) -> None:
    """Z and y are left as they are."""
    for name in TWICE:
        Z, y = logits(t, 6, 4)
        t.answer(f"{name} loss", simple_ml.softmax_loss(Z, y), check=LOSS)
        t.answer(f"{name} Z afterwards", Z, check=exact())
        t.answer(f"{name} y afterwards", y, check=exact())
