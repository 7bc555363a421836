"""Question 7: the softmax loss as a layer."""

from typing import Any

import numpy as np
import numpy.typing as npt
from gradebox import Trial, case, close, exact

from ._inputs import between
from ._layers import EXACT
from ._ops import Floats, ndl, normal, tensor

# A wrong loss can be right by chance; two of them are not.
TWICE = ("first", "second")


def labels_of(t: Trial, Z: Floats) -> npt.NDArray[np.int64]:
    """Draw labels; those of the first and the last row are the least likely ones.

    They are no two alike, and the last row's is not the last class, which is among the
    others where there are three rows or more: labels in another order always show, and
    so do classes that are counted by the labels of a single row.
    """
    m, k = Z.shape
    y = np.asarray(t.rng.randint(k, size=m))
    if k > 1:
        y[m // 2] = k - 1
        y[-1] = Z[-1, :-1].argmin()
    if k > 1 and m > 1:
        others = np.delete(np.arange(k), y[-1])
        y[0] = others[Z[0, others].argmin()]
    return y


def tensors(t: Trial, Z: Floats, labels: str = "uint8") -> tuple[Any, Any]:
    """Return logits and labels as tensors."""
    return tensor(t, Z), tensor(t, labels_of(t, Z), labels)


def answer_loss(t: Trial, name: str, Z: Floats, labels: str = "uint8") -> None:
    """Hand over the loss of some logits."""
    loss = ndl.nn.SoftmaxLoss()(*tensors(t, Z, labels))
    t.answer(f"loss, {name}", loss, check=EXACT)


@case("hw2.nn_softmax_loss", points=1)
def softmax_loss_mean(t: Trial) -> None:
    """The mean loss of the rows, as a tensor without axes."""
    for name in TWICE:
        answer_loss(t, name, normal(t, between(t, 5, 8), 3))
    for m, k in [(between(t, 60, 90), 10), (3, 25), (4, 4)]:
        answer_loss(t, f"{m} rows, {k} classes", normal(t, m, k))


@case("hw2.nn_softmax_loss", points=0.5)
def softmax_loss_corners(t: Trial) -> None:
    """A single row; a single class, with loss 0; equal logits, with loss log(k)."""
    for name in TWICE:
        answer_loss(t, f"{name} row", normal(t, 1, between(t, 3, 6)))
    answer_loss(t, "one class", normal(t, 5, 1))
    answer_loss(t, "equal logits", np.full((6, between(t, 7, 12)), 2.5))


@case("hw2.nn_softmax_loss", points=0.5)
def softmax_loss_large(t: Trial) -> None:
    """Large logits of either sign give finite losses."""
    for level in (1000, -1000):
        answer_loss(t, f"around {level}", normal(t, 6, 4) + level)
    answer_loss(t, "far apart", normal(t, 6, 4) * 1000)


@case("hw2.nn_softmax_loss", points=0.5)
def softmax_loss_label_types(t: Trial) -> None:
    """Labels may be of any integer type, with more classes than fit into a byte."""
    for labels, k in [("uint8", 250), ("int32", 400), ("int64", 400)]:
        answer_loss(t, f"labels of type {labels}", normal(t, 9, k) * 3, labels)


@case("hw2.nn_softmax_loss", points=1.5)
def softmax_loss_gradient(t: Trial) -> None:
    """The gradient for the logits: of the mean, so divided by the number of rows."""
    for name, m, k in [("first", between(t, 5, 8), 3), ("second", 2, 7), ("row", 1, 4)]:
        Z, y = tensors(t, normal(t, m, k))
        ndl.nn.SoftmaxLoss()(Z, y).backward()
        t.answer(f"{name} gradient", Z.grad, check=EXACT)


@case("hw2.nn_softmax_loss", points=0.5)
def softmax_loss_float32(t: Trial) -> None:
    """Float32 logits give a float32 loss, and a float32 gradient."""
    for name in TWICE:
        drawn = normal(t, 6, 4)
        Z, y = tensor(t, drawn, "float32"), tensor(t, labels_of(t, drawn), "uint8")
        loss = ndl.nn.SoftmaxLoss()(Z, y)
        t.answer(f"{name} loss", loss, check=close(rtol=1e-4, atol=1e-5))
        loss.backward()
        t.answer(f"{name} gradient", Z.grad, check=close(rtol=1e-4, atol=1e-5))


@case("hw2.nn_softmax_loss", points=0.5)
def softmax_loss_leaves_arguments_alone(t: Trial) -> None:
    """Logits and labels are left as they are, and the layer may be used again."""
    loss = ndl.nn.SoftmaxLoss()
    for name in TWICE:
        Z, y = tensors(t, normal(t, between(t, 5, 7), 4))
        t.answer(f"{name} loss", loss(Z, y), check=EXACT)
        t.answer(f"{name} logits afterwards", Z, check=exact())
        t.answer(f"{name} labels afterwards", y, check=exact())
