"""Question 8: layer normalisation."""

from typing import Any

import numpy as np
from gradebox import Trial, case, exact

from ._inputs import between
from ._layers import (
    VALUES,
    answer_far,
    answer_gradients,
    answer_output,
    set_tensors,
)
from ._ops import Floats, ndl, normal, positive


def layer_norm(t: Trial, dim: int, **settings: Any) -> Any:
    """Return a layer with random parameters."""
    layer = ndl.nn.LayerNorm1d(dim, **settings)
    set_tensors(t, layer, weight=positive(t, dim), bias=normal(t, dim))
    return layer


def rows(t: Trial, m: int, dim: int) -> Floats:
    """Draw rows with means and deviations of their own."""
    means, scales = normal(t, m, 1) * 3, positive(t, m, 1)
    return normal(t, m, dim) * scales + means


@case("hw2.nn_layernorm", points=1.5)
def layernorm_forward(t: Trial) -> None:
    """Every row gets mean 0 and variance 1; the variance is the biased one."""
    for m, dim in [(between(t, 6, 9), 4), (3, between(t, 5, 8)), (1, 6), (4, 4)]:
        layer = ndl.nn.LayerNorm1d(dim)
        answer_output(t, f"{m} rows of {dim}", layer, rows(t, m, dim))


@case("hw2.nn_layernorm", points=1)
def layernorm_affine(t: Trial) -> None:
    """Features are scaled by ``weight``, then shifted by ``bias``."""
    for m, dim in [(5, between(t, 6, 8)), (between(t, 6, 8), 3), (4, 4)]:
        name = f"{m} rows of {dim}"
        answer_output(t, name, layer_norm(t, dim), rows(t, m, dim))


@case("hw2.nn_layernorm", points=0.5)
def layernorm_eps(t: Trial) -> None:
    """``eps`` is added to the variance, before the root; equal features become 0."""
    small = rows(t, 4, 5) * 1e-3
    answer_output(t, "a small variance", ndl.nn.LayerNorm1d(5), small)
    for eps in (0.3, 1e-3):
        layer = layer_norm(t, 5, eps=eps)
        answer_output(t, f"eps {eps}", layer, rows(t, 4, 5) * eps**0.5)
    flat = np.repeat(normal(t, 4, 1), 5, axis=1)
    answer_output(t, "equal features", layer_norm(t, 5), np.round(flat * 8) / 8)
    answer_output(t, "a single feature", layer_norm(t, 1), normal(t, 4, 1))


@case("hw2.nn_layernorm", points=1.5)
def layernorm_backward(t: Trial) -> None:
    """The gradient of the input flows through mean and variance, too."""
    for m, dim in [(between(t, 6, 9), 4), (3, between(t, 5, 8)), (1, 6), (4, 4)]:
        name = f"{m} rows of {dim}"
        answer_gradients(t, name, layer_norm(t, dim), rows(t, m, dim))
    answer_gradients(t, "eps 0.5", layer_norm(t, 5, eps=0.5), rows(t, 4, 5))


@case("hw2.nn_layernorm", points=1)
def layernorm_backward_parameters(t: Trial) -> None:
    """The gradients of ``weight`` and ``bias`` are sums over the rows."""
    for m, dim in [(between(t, 6, 9), 4), (1, 5), (4, 4)]:
        x, layer = rows(t, m, dim), layer_norm(t, dim)
        answer_gradients(t, f"{m} rows of {dim}", layer, x, "weight", "bias")


@case("hw2.nn_layernorm", points=0.5)
def layernorm_parameters(t: Trial) -> None:
    """Ones, then zeros, of shape (dim,): two Parameters, of the asked dtype."""
    for dtype in ("float32", "float64"):
        dim = between(t, 4, 8)
        layer = ndl.nn.LayerNorm1d(dim, dtype=dtype)
        t.answer(f"weight, {dtype}", layer.weight, check=exact())
        t.answer(f"bias, {dtype}", layer.bias, check=exact())
        t.answer(f"parameters, {dtype}", layer.parameters(), check=exact())


@case("hw2.nn_layernorm", points=0.5)
def layernorm_evaluation(t: Trial) -> None:
    """Evaluation is the same as training: rows are normalised by themselves."""
    layer, x = layer_norm(t, 5), rows(t, 6, 5)
    answer_output(t, "in training", layer, x)
    layer.eval()
    answer_output(t, "in evaluation", layer, x)
    answer_output(t, "a row alone", layer, x[2:3])


@case("hw2.nn_layernorm", points=0.5)
def layernorm_float32(t: Trial) -> None:
    """Float32 in, float32 out; rows far from 0 are right to float32's digits."""
    layer = ndl.nn.LayerNorm1d(50)
    x = t.input(rows(t, 3, 50).astype("float32"))
    out = layer(ndl.Tensor(x))
    t.answer("output", out, check=VALUES)
    t.answer("its type", str(out.dtype), check=exact())
    answer_far(t, layer, 20, 50)
