"""Question 5: the softmax loss, and parse_mnist, which comes from homework 0."""

from typing import Any

import numpy as np
from gradebox import Trial, case, close, exact, student

from ._idx import random_images, random_labels, single_pixels, write_pair
from ._inputs import Labels, between, two
from ._ops import NUMBERS, Floats, ndl, tensor

simple_ml = student("simple_ml")

VALUES = close(rtol=1e-6, atol=0)
# In float64; the type of the loss for float32 logits has a case of its own.
LOSS = close(rtol=1e-9, atol=1e-9, dtype=False)

# A wrong loss can be right by chance; two of them are not.
TWICE = ("first", "second")


@case("hw1.softmax_loss_ndl", points=1)
def parse_mnist_arrays(t: Trial) -> None:
    """X is float32 of shape (m, 784) between 0 and 1, y is uint8 of shape (m,)."""
    images = random_images(t, between(t, 8, 16))
    images[1] = between(t, 20, 80)  # an image that does not use the whole range
    files = write_pair(t, images, random_labels(t, len(images)))
    X, y = two(simple_ml.parse_mnist(*files))
    t.answer("X", X, check=VALUES)
    t.answer("y", y, check=exact())


@case("hw1.softmax_loss_ndl", points=1)
def parse_mnist_order(t: Trial) -> None:
    """Row i of X is image i of the file, row by row, and y[i] is its label."""
    m = between(t, 8, 10)
    labels = t.rng.permutation(10)[:m].astype(np.uint8)
    files = write_pair(t, single_pixels(t, m), labels)
    X, y = two(simple_ml.parse_mnist(*files))
    t.answer("X", X, check=VALUES)
    t.answer("y", y, check=exact(dtype=False))


def problem(
    t: Trial, m: int, k: int, dtype: str = "float64"
) -> tuple[Floats, Labels, Any, Any]:
    """Draw logits and labels, and return them with tensors: Z, y, Z and one-hot y.

    The labels of the first and the last row are the least likely ones: their losses are
    never too small to be seen. The true logits are negative on average, always: a
    sign that is lost for some numbers only shows always or never.
    """
    Z = np.asarray(t.rng.standard_normal((m, k)))
    y = t.rng.randint(k, size=m)
    for row in {0, m - 1}:
        y[row] = Z[row].argmin()
    Z -= max(0, Z[np.arange(m), y].mean() + 0.5)
    return Z, y, tensor(t, Z, dtype), tensor(t, np.eye(k)[y], dtype)


def answer_loss(t: Trial, name: str, m: int, k: int) -> None:
    """Hand over the loss of random logits."""
    *_, Z, y_one_hot = problem(t, m, k)
    t.answer(name, simple_ml.softmax_loss(Z, y_one_hot), check=LOSS)


@case("hw1.softmax_loss_ndl", points=1)
def softmax_loss_ndl_small(t: Trial) -> None:
    """The mean loss of a few rows, as a tensor without axes."""
    for name in TWICE:
        answer_loss(t, f"{name} loss", between(t, 5, 8), 3)


@case("hw1.softmax_loss_ndl", points=1)
def softmax_loss_ndl_shapes(t: Trial) -> None:
    """The mean loss for other numbers of rows and classes."""
    for m, k in [(between(t, 60, 90), 10), (between(t, 5, 9), 2), (3, 25), (4, 4)]:
        answer_loss(t, f"loss of {m} rows, {k} classes", m, k)


@case("hw1.softmax_loss_ndl", points=0.5)
def softmax_loss_ndl_corners(t: Trial) -> None:
    """A single row; a single class, with loss 0; equal logits, with loss log(k)."""
    for name in TWICE:
        answer_loss(t, f"{name} row", 1, between(t, 3, 6))
    answer_loss(t, "one class", 5, 1)
    k = between(t, 7, 12)
    equal = tensor(t, np.full((6, k), 2.5))
    y_one_hot = tensor(t, np.eye(k)[t.rng.randint(k, size=6)])
    t.answer("equal logits", simple_ml.softmax_loss(equal, y_one_hot), check=LOSS)


@case("hw1.softmax_loss_ndl", points=4)
def softmax_loss_ndl_gradient(t: Trial) -> None:
    """The gradient for the logits comes by itself, through the graph."""
    for name, m, k in [("first", between(t, 5, 8), 3), ("second", 2, 7), ("row", 1, 4)]:
        *_, Z, y_one_hot = problem(t, m, k)
        simple_ml.softmax_loss(Z, y_one_hot).backward()
        t.answer(f"{name} gradient", Z.grad, check=NUMBERS["float64"])


@case("hw1.softmax_loss_ndl", points=0.5)
def softmax_loss_ndl_in_a_graph(t: Trial) -> None:
    """The loss works in the middle of a graph, too."""
    *_, x, y_one_hot = problem(t, 5, 4)
    scale = tensor(t, t.rng.uniform(0.5, 1, size=(5, 4)))
    loss = simple_ml.softmax_loss(ndl.multiply(x, scale), y_one_hot)
    ndl.multiply(loss, loss).backward()
    t.answer("gradient of what the logits come from", x.grad, check=NUMBERS["float64"])
    t.answer("gradient of the scale", scale.grad, check=NUMBERS["float64"])


@case("hw1.softmax_loss_ndl", points=0.5)
def softmax_loss_ndl_float32(t: Trial) -> None:
    """Float32 logits give a float32 loss."""
    for name in TWICE:
        *_, Z, y_one_hot = problem(t, 6, 4, "float32")
        loss = simple_ml.softmax_loss(Z, y_one_hot)
        t.answer(f"{name} loss", loss, check=NUMBERS["float32"])


@case("hw1.softmax_loss_ndl", points=0.5)
def softmax_loss_ndl_leaves_arguments_alone(t: Trial) -> None:
    """Logits and labels are left as they are."""
    for name in TWICE:
        *_, Z, y_one_hot = problem(t, 6, 4)
        loss = simple_ml.softmax_loss(Z, y_one_hot)
        t.answer(f"{name} loss", loss, check=LOSS)
        t.answer(f"{name} Z afterwards", Z, check=exact())
        t.answer(f"{name} y afterwards", y_one_hot, check=exact())
