"""Question 2: a linear layer."""

from typing import Any

import numpy as np
from gradebox import Trial, case, close, exact

from ._inputs import between
from ._layers import (
    EXACT,
    answer_evaluation,
    answer_gradients,
    answer_output,
    seeded,
    set_tensors,
)
from ._ops import Floats, lengths, ndl, normal

# Draws from NumPy's generator, scaled: any order of the products, in float32.
DRAWS = close(rtol=1e-5, atol=1e-7)


def linear(t: Trial, n: int, m: int, *, dtype: str = "float64") -> Any:
    """Return a layer with given weights and a given bias."""
    layer = ndl.nn.Linear(n, m)
    set_tensors(t, layer, dtype, weight=normal(t, n, m), bias=normal(t, 1, m))
    return layer


def without_bias(t: Trial, n: int, m: int) -> Any:
    """Return a layer with given weights only."""
    layer = ndl.nn.Linear(n, m, bias=False)
    set_tensors(t, layer, weight=normal(t, n, m))
    return layer


def inputs_of(t: Trial, n: int) -> dict[str, Floats]:
    """Draw inputs of a layer with n inputs, by what they are."""
    rows, k, j = lengths(t, 3)
    return {"rows": normal(t, rows, n), "a single row": normal(t, 1, n)} | {
        "three axes": normal(t, k, rows, n),
        "four axes": normal(t, j, k, rows, n),
    }


@case("hw2.nn_linear", points=1.5)
def linear_forward(t: Trial) -> None:
    """Each row of the input times the weights, plus the bias."""
    for n, m in [(between(t, 4, 6), 3), (2, between(t, 5, 7)), (4, 4), (1, 3), (3, 1)]:
        rows = between(t, 8, 12)
        answer_output(t, f"{n} to {m}", linear(t, n, m), normal(t, rows, n))


@case("hw2.nn_linear", points=0.5)
def linear_forward_float32(t: Trial) -> None:
    """Float32 in, float32 out."""
    layer = linear(t, 5, 3, dtype="float32")
    x = ndl.Tensor(t.input(normal(t, 7, 5).astype("float32")))
    t.answer("output", layer(x), check=close(rtol=1e-4, atol=1e-5))


@case("hw2.nn_linear", points=1)
def linear_forward_axes(t: Trial) -> None:
    """The last axis is mapped, however many are in front of it."""
    layer = linear(t, 5, 3)
    for name, x in inputs_of(t, 5).items():
        answer_output(t, name, layer, x)


@case("hw2.nn_linear", points=1)
def linear_without_bias(t: Trial) -> None:
    """``bias=False``: nothing is added, and there is nothing to train."""
    layer = without_bias(t, 5, 3)
    for name, x in inputs_of(t, 5).items():
        answer_output(t, name, layer, x)
    answer_gradients(t, "", layer, normal(t, 4, 5), "weight", result=(4, 3))
    fresh = ndl.nn.Linear(5, 3, bias=False)
    t.answer("the attribute bias", fresh.bias, check=exact())
    shapes = [parameter.shape for parameter in fresh.parameters()]
    t.answer("shapes of the parameters", shapes, check=exact())


@case("hw2.nn_linear", points=1.5)
def linear_backward(t: Trial) -> None:
    """Gradients of the input, of the weights, and of the bias: its own shape."""
    n, m = between(t, 4, 6), 3
    for rows in (between(t, 8, 12), 1):
        x = normal(t, rows, n)
        layer = linear(t, n, m)
        name = f"{rows} rows"
        answer_gradients(t, name, layer, x, "weight", "bias", result=(rows, m))


@case("hw2.nn_linear", points=0.5)
def linear_backward_axes(t: Trial) -> None:
    """Gradients where the input has three axes."""
    k, rows = lengths(t, 2)
    x = normal(t, k, rows, 5)
    layer = linear(t, 5, 3)
    answer_gradients(t, "", layer, x, "weight", "bias", result=(k, rows, 3))


@case("hw2.nn_linear", points=0.5)
def linear_new_parameters(t: Trial) -> None:
    """A layer uses what its parameters are now, also a bias of shape (out,)."""
    layer = linear(t, 4, 3)
    x = normal(t, 6, 4)
    answer_output(t, "before", layer, x)
    set_tensors(t, layer, weight=normal(t, 4, 3), bias=normal(t, 3))
    answer_output(t, "after", layer, x)
    layer.weight.data = ndl.Tensor(t.input(normal(t, 4, 3)))
    answer_output(t, "after weight.data was replaced", layer, x)
    answer_evaluation(t, layer, x)


@case("hw2.nn_linear", points=1, needs=["hw2.init"])
def linear_draws(t: Trial) -> None:
    """Weights, then the bias, drawn by kaiming_uniform; each from its own fan."""
    for n, m in [(between(t, 20, 30), between(t, 3, 6)), (3, 17), (1, 1)]:
        seeded(t)
        layer = ndl.nn.Linear(n, m)
        t.answer(f"weight, {n} to {m}", layer.weight, check=DRAWS)
        bias = np.ravel(layer.bias.numpy())  # (1, out) or (out,)
        t.answer(f"bias, {n} to {m}", bias, check=DRAWS)
        t.answer(f"drawn next, {n} to {m}", np.random.rand(3), check=exact())


@case("hw2.nn_linear", points=0.5, needs=["hw2.init"])
def linear_parameters(t: Trial) -> None:
    """Weight and bias are Parameters, found by ``parameters()``, of the asked dtype."""
    for dtype in ("float32", "float64"):
        seeded(t)
        layer = ndl.nn.Linear(6, 2, dtype=dtype)
        check = DRAWS if dtype == "float32" else EXACT
        for number, each in enumerate(layer.parameters()):
            values = np.ravel(each.numpy())
            t.answer(f"parameter {number}, {dtype}", values, check=check)
        types = [str(each.dtype) for each in layer.parameters()]
        t.answer(f"types, {dtype}", types, check=exact())
