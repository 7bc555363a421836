"""Question 10: batch normalisation."""

from __future__ import annotations

from typing import Any

from gradebox import Trial, at_most, case, exact

from ._inputs import between
from ._layers import (
    EXACT,
    VALUES,
    answer_far,
    answer_gradients,
    answer_output,
    set_tensors,
)
from ._ops import Floats, ndl, normal, positive, tensor
from ._tensors import growth


def batch_norm(t: Trial, dim: int, **settings: Any) -> Any:
    """Return a layer of float64 with random parameters."""
    layer = ndl.nn.BatchNorm1d(dim, dtype="float64", **settings)
    set_tensors(t, layer, weight=positive(t, dim), bias=normal(t, dim))
    return layer


def experienced(t: Trial, dim: int, **settings: Any) -> Any:
    """Return a layer in evaluation mode with random running estimates."""
    layer = batch_norm(t, dim, **settings)
    for name, array in [
        ("running_mean", normal(t, dim)),
        ("running_var", positive(t, dim)),
    ]:
        buffer = ndl.Tensor(t.input(array), requires_grad=False)
        setattr(layer, name, buffer)
    layer.eval()
    return layer


def batch(t: Trial, n: int, dim: int) -> Floats:
    """Draw a batch whose features have means and deviations of their own."""
    means, scales = normal(t, 1, dim) * 3, positive(t, 1, dim)
    return normal(t, n, dim) * scales + means


def answer_estimates(t: Trial, when: str, layer: Any) -> None:
    """Hand over the running estimates."""
    for name in ("running_mean", "running_var"):
        t.answer(f"{name} {when}", getattr(layer, name), check=EXACT)


@case("hw2.nn_batchnorm", points=1)
def batchnorm_forward(t: Trial) -> None:
    """Every feature gets mean 0 and variance 1 over the batch, the biased one."""
    for n, dim in [(between(t, 3, 5), 6), (between(t, 7, 9), 2), (4, 4), (2, 1)]:
        layer = ndl.nn.BatchNorm1d(dim, dtype="float64")
        answer_output(t, f"{n} rows of {dim}", layer, batch(t, n, dim))


@case("hw2.nn_batchnorm", points=0.5)
def batchnorm_affine(t: Trial) -> None:
    """Features are scaled by ``weight``, then shifted by ``bias``."""
    for n, dim in [(5, between(t, 6, 8)), (between(t, 6, 8), 3), (4, 4)]:
        answer_output(t, f"{n} rows of {dim}", batch_norm(t, dim), batch(t, n, dim))


@case("hw2.nn_batchnorm", points=0.25)
def batchnorm_eps(t: Trial) -> None:
    """``eps`` is added to the variance, before the root, in both modes."""
    small = batch(t, 4, 5) * 1e-3
    answer_output(t, "a small variance", batch_norm(t, 5), small)
    for eps in (0.3, 1e-3):
        x = batch(t, 4, 5) * eps**0.5
        answer_output(t, f"eps {eps}", batch_norm(t, 5, eps=eps), x)
    x = batch(t, 4, 5)
    answer_output(t, "in evaluation", experienced(t, 5, eps=0.3), x)


@case("hw2.nn_batchnorm", points=0.25)
def batchnorm_far_from_zero(t: Trial) -> None:
    """The variance is that of what is left without the mean: float32 has few digits."""
    answer_far(t, ndl.nn.BatchNorm1d(20), 50, 20)


@case("hw2.nn_batchnorm", points=0.5)
def batchnorm_single_row(t: Trial) -> None:
    """A batch of one row has no variance: what is left is the bias."""
    layer = batch_norm(t, 5)
    answer_output(t, "one row", layer, batch(t, 1, 5))
    answer_estimates(t, "afterwards", layer)


@case("hw2.nn_batchnorm", points=1)
def batchnorm_backward(t: Trial) -> None:
    """The gradient of the input flows through mean and variance of the batch, too."""
    for n, dim in [(between(t, 3, 5), 6), (between(t, 7, 9), 2), (4, 4)]:
        name = f"{n} rows of {dim}"
        answer_gradients(t, name, batch_norm(t, dim), batch(t, n, dim))


@case("hw2.nn_batchnorm", points=0.5)
def batchnorm_backward_parameters(t: Trial) -> None:
    """The gradients of ``weight`` and ``bias`` are sums over the batch."""
    for n, dim in [(between(t, 3, 5), 6), (between(t, 7, 9), 2), (4, 4)]:
        x, layer = batch(t, n, dim), batch_norm(t, dim)
        answer_gradients(t, f"{n} rows of {dim}", layer, x, "weight", "bias")


def answer_running(t: Trial, name: str) -> None:
    """Hand over a running estimate after each of three batches of different sizes."""
    for settings in ({}, {"momentum": 0.3}):
        layer = batch_norm(t, 4, **t.input(settings))
        for number in range(3):
            layer(tensor(t, batch(t, between(t, 3, 6), 4)))
            which = f"{name} after batch {number}, {settings}"
            t.answer(which, getattr(layer, name), check=EXACT)


@case("hw2.nn_batchnorm", points=1)
def batchnorm_running_mean(t: Trial) -> None:
    """The running mean moves towards the mean of each batch by ``momentum``."""
    answer_running(t, "running_mean")


@case("hw2.nn_batchnorm", points=1)
def batchnorm_running_var(t: Trial) -> None:
    """The running variance, too; that of a batch is the biased one."""
    answer_running(t, "running_var")


@case("hw2.nn_batchnorm", points=1)
def batchnorm_evaluation(t: Trial) -> None:
    """In evaluation the running estimates stand in for those of the batch."""
    layer = experienced(t, 4)
    for n in (between(t, 4, 7), 2, 1):
        answer_output(t, f"{n} rows", layer, batch(t, n, 4))
    learnt = ndl.nn.BatchNorm1d(4, dtype="float64")
    for _ in range(3):
        learnt(tensor(t, batch(t, 5, 4)))
    learnt.eval()
    answer_output(t, "after three batches", learnt, batch(t, 5, 4))


@case("hw2.nn_batchnorm", points=0.5)
def batchnorm_evaluation_changes_nothing(t: Trial) -> None:
    """Evaluation leaves the estimates alone; training goes on from them."""
    layer, x = experienced(t, 4), batch(t, 5, 4)
    answer_output(t, "in evaluation", layer, x)
    answer_estimates(t, "after evaluation", layer)
    layer.train()
    answer_output(t, "in training", layer, x)
    answer_estimates(t, "after training", layer)


@case("hw2.nn_batchnorm", points=0.5)
def batchnorm_evaluation_backward(t: Trial) -> None:
    """In evaluation the gradient knows that the estimates are constants."""
    layer = experienced(t, 4)
    answer_gradients(t, "", layer, batch(t, 5, 4), "weight", "bias")


@case("hw2.nn_batchnorm", points=0.5)
def batchnorm_parameters(t: Trial) -> None:
    """Two Parameters; running estimates are none; all of shape (dim,), float32."""
    layer = ndl.nn.BatchNorm1d(t.input(between(t, 3, 5)))
    for name in ("weight", "bias", "running_mean", "running_var"):
        t.answer(name, getattr(layer, name), check=exact())
    t.answer("parameters", layer.parameters(), check=exact())
    x = t.input(batch(t, 50, layer.dim).astype("float32"))
    out = layer(ndl.Tensor(x))
    t.answer("output", out, check=VALUES)
    types = [str(each.dtype) for each in (out, layer.running_mean, layer.running_var)]
    t.answer("types after a batch", types, check=exact())


@case("hw2.nn_batchnorm", points=0.5)
def batchnorm_estimates_hold_no_graph(t: Trial) -> None:
    """Running estimates are numbers: the batches that they come from are forgotten."""
    layer = batch_norm(t, 3)

    def step() -> None:
        layer(tensor(t, batch(t, 4, 3))).sum().backward()

    grown = growth(step)
    answer_estimates(t, "afterwards", layer)
    t.witness("tensors more after 30 more batches", grown, check=at_most(20))
    for name in ("running_mean", "running_var"):
        needed = getattr(layer, name).requires_grad
        t.witness(f"{name} requires a gradient", needed, check=exact())
