"""Question 6: ReLU, and an epoch of SGD for a two-layer network."""

from typing import Any

import numpy as np
from gradebox import Trial, case, close, exact, student

from ._inputs import (
    LABEL_TYPES,
    Sizes,
    between,
    one_large_batch,
    one_step,
    ragged,
    rate,
    two,
    whole_batches,
)
from ._network import Network, network
from ._ops import (
    NUMBERS,
    SAME,
    backwards,
    forwards,
    ndl,
    nonzero,
    normal,
    shapes,
    tensor,
)

simple_ml = student("simple_ml")

# The dtype of the weights has a case of its own.
WEIGHTS = close(rtol=1e-4, atol=1e-5, dtype=False)


@case("hw1.nn_epoch_ndl", points=1)
def relu_forward(t: Trial) -> None:
    """Negative elements become 0, others stay as they are."""
    for name, shape in shapes(t):
        forwards(t, name, ndl.relu, normal(t, *shape), checks=SAME)
    forwards(t, "zeros", ndl.relu, np.array([0.0, 3.0, -2.0, 0.0]), checks=SAME)


@case("hw1.nn_epoch_ndl", points=1)
def relu_backward(t: Trial) -> None:
    """Gradients pass where the input is above 0, not at 0 and not below."""
    for name, shape in shapes(t):
        if name != "no elements":
            backwards(t, name, ndl.relu, nonzero(t, *shape))
    x = nonzero(t, 4, 5)
    x[t.rng.permutation(4)[:2]] = 0
    backwards(t, "some zeros", ndl.relu, x)


@case("hw1.nn_epoch_ndl", points=0.5)
def relu_leaves_arrays_alone(t: Trial) -> None:
    """Neither the input of a ReLU nor ``out_grad`` change."""
    x, out_grad = (tensor(t, nonzero(t, 4, 5)) for _ in range(2))
    node = ndl.relu(x)
    gradient = node.op.gradient_as_tuple(out_grad, node)
    t.answer("gradient", gradient, check=NUMBERS["float64"])
    t.answer("the input afterwards", x, check=exact())
    t.answer("out_grad afterwards", out_grad, check=exact())


@case("hw1.nn_epoch_ndl", points=0.5)
def relu_second_gradient(t: Trial) -> None:
    """The gradient of a ReLU can be differentiated again."""
    x = tensor(t, nonzero(t, 4, 5))
    positive = ndl.relu(x)
    (positive * positive * positive).sum().backward()
    first = x.grad
    t.answer("gradient", first, check=NUMBERS["float64"])
    first.sum().backward()
    t.answer("gradient of the gradient", x.grad, check=NUMBERS["float64"])


def tensors(net: Network) -> tuple[Any, Any]:
    """Return the weights as tensors."""
    return ndl.Tensor(net.W1), ndl.Tensor(net.W2)


def train(t: Trial, name: str, net: Network, **settings: Any) -> tuple[Any, Any]:
    """Hand over the new weights after an epoch, and return them."""
    found = two(simple_ml.nn_epoch(net.X, net.y, *tensors(net), **settings))
    for which, W in zip(("W1", "W2"), found, strict=True):
        t.answer(f"{which}{name}", W, check=WEIGHTS)
    return found


def train_randomly(t: Trial, sizes: Sizes, unseen: int = 0) -> None:
    """Hand over the new weights after an epoch on random data."""
    net = network(t, sizes, unseen=unseen)
    train(t, "", net, lr=t.input(rate(t)), batch=t.input(sizes.batch))


@case("hw1.nn_epoch_ndl", points=1)
def epoch_one_step(t: Trial) -> None:
    """One step over all rows moves both weights against the mean gradient."""
    train_randomly(t, one_step(t))


@case("hw1.nn_epoch_ndl", points=1)
def epoch_whole_batches(t: Trial) -> None:
    """Several batches one after the other, in the order of the rows."""
    train_randomly(t, whole_batches(t))


@case("hw1.nn_epoch_ndl", points=1.5)
def epoch_ragged(t: Trial) -> None:
    """A smaller last batch counts, with the mean over its own rows."""
    train_randomly(t, ragged(t))


@case("hw1.nn_epoch_ndl", points=0.5)
def epoch_batch_larger_than_data(t: Trial) -> None:
    """A batch larger than the data is all of it; a class may be nobody's label."""
    train_randomly(t, one_large_batch(t), unseen=1)


@case("hw1.nn_epoch_ndl", points=0.5)
def epoch_batch_of_one(t: Trial) -> None:
    """Batches of a single row, and data of a single row."""
    for name, m, batch in [
        (", batches of one row", between(t, 9, 12), 1),
        (", one row", 1, 9),
    ]:
        train(t, name, network(t, Sizes(m, 4, 3, batch)), lr=0.4, batch=batch)


@case("hw1.nn_epoch_ndl", points=0.5)
def epoch_label_types(t: Trial) -> None:
    """Labels may be of any integer type, up to its largest values."""
    for dtype, k in LABEL_TYPES:
        net = network(t, Sizes(40, 3, k, 16))
        net = net._replace(y=net.y.astype(dtype))
        train(t, f", labels of type {dtype}", net, lr=0.5, batch=16)


@case("hw1.nn_epoch_ndl", points=0.5)
def epoch_defaults(t: Trial) -> None:
    """Learning rate and batch have the defaults 0.1 and 100."""
    train(t, "", network(t, Sizes(between(t, 210, 290), 4, 3, 100)))


@case("hw1.nn_epoch_ndl", points=0.5)
def epoch_keeps_float32(t: Trial) -> None:
    """Float32 weights stay float32."""
    net = network(t, one_step(t))
    found = two(simple_ml.nn_epoch(net.X, net.y, *tensors(net), lr=0.5, batch=20))
    for which, W in zip(("W1", "W2"), found, strict=True):
        t.answer(which, W, check=close(rtol=1e-4, atol=1e-5))


@case("hw1.nn_epoch_ndl", points=0.5)
def epoch_many_batches(t: Trial) -> None:
    """New weights know nothing of how they came about: no graph grows with them."""
    found = train(t, "", network(t, Sizes(120, 4, 3, 2)), lr=0.1, batch=2)
    for which, W in zip(("W1", "W2"), found, strict=True):
        t.witness(f"{which} is a leaf", W.is_leaf(), check=exact())


@case("hw1.nn_epoch_ndl", points=0.5)
def epoch_leaves_arguments_alone(t: Trial) -> None:
    """X, y, the old weights and their arrays are left as they are."""
    sizes = ragged(t)
    net = network(t, sizes)
    W1, W2 = tensors(net)
    arrays = {"W1": W1.realize_cached_data(), "W2": W2.realize_cached_data()}
    found = two(simple_ml.nn_epoch(net.X, net.y, W1, W2, lr=0.5, batch=sizes.batch))
    t.answer("W1", found[0], check=WEIGHTS)
    arrays.update({"X": net.X, "y": net.y, "tensor W1": W1, "tensor W2": W2})
    for name, array in arrays.items():
        t.answer(f"{name} afterwards", array, check=exact())
