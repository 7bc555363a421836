"""Layers that know whether they are trained: batch normalisation and dropout."""

from __future__ import annotations

import gc
import math

import needle as ndl
import numpy as np
import pytest
from needle import autograd, nn


def batches(count=5, n=7, dim=3):
    rng = np.random.default_rng(count)
    return [rng.normal(2.0, 3.0, (n, dim)) for _ in range(count)]


@pytest.mark.parametrize("momentum", [0.1, 0.0, 1.0, 0.25])
def test_running_statistics_are_moving_averages_of_biased_ones(momentum):
    layer = nn.BatchNorm1d(3, momentum=momentum, dtype="float64")
    mean, var = np.zeros(3), np.ones(3)
    for x in batches():
        layer(ndl.Tensor(x))
        mean = (1 - momentum) * mean + momentum * x.mean(axis=0)
        var = (1 - momentum) * var + momentum * x.var(axis=0)
        np.testing.assert_allclose(layer.running_mean.numpy(), mean, rtol=1e-12)
        np.testing.assert_allclose(layer.running_var.numpy(), var, rtol=1e-12)


def test_evaluation_uses_running_statistics_and_leaves_them():
    layer = nn.BatchNorm1d(3, eps=0.5, dtype="float64")
    x = batches(1)[0]
    layer(ndl.Tensor(x))
    layer.weight.data, layer.bias.data = (
        ndl.Tensor([1.0, 2, 3]),
        ndl.Tensor([4.0, 5, 6]),
    )
    layer.eval()
    mean, var = layer.running_mean.numpy(), layer.running_var.numpy()

    for given in (x, x[:1], x + 10):
        expected = (given - mean) / np.sqrt(var + 0.5) * [1, 2, 3] + [4, 5, 6]
        result = layer(ndl.Tensor(given)).numpy()
        np.testing.assert_allclose(result, expected, rtol=1e-12)
    np.testing.assert_array_equal(layer.running_mean.numpy(), mean)
    np.testing.assert_array_equal(layer.running_var.numpy(), var)


def test_training_does_not_look_at_running_statistics():
    x = ndl.Tensor(batches(1)[0])
    one, other = (nn.BatchNorm1d(3, dtype="float64") for _ in range(2))
    other.running_mean, other.running_var = ndl.Tensor([9.0] * 3), ndl.Tensor([9.0] * 3)
    np.testing.assert_array_equal(one(x).numpy(), other(x).numpy())


@pytest.mark.parametrize("norm", [nn.BatchNorm1d, nn.LayerNorm1d])
def test_a_normalised_input_has_mean_0_and_variance_1(norm):
    x = ndl.Tensor(np.random.default_rng(0).normal(5, 3, (40, 30)), dtype="float32")
    result = norm(30)(x).numpy()
    axis = 0 if norm is nn.BatchNorm1d else 1
    np.testing.assert_allclose(result.mean(axis=axis), 0, atol=1e-5)
    np.testing.assert_allclose(result.var(axis=axis), 1, atol=1e-4)


@pytest.mark.parametrize("norm", [nn.BatchNorm1d, nn.LayerNorm1d])
def test_equal_numbers_are_normalised_to_0(norm):
    result = norm(3, dtype="float64")(ndl.Tensor(np.full((4, 3), 7.0)))
    np.testing.assert_array_equal(result.numpy(), np.zeros((4, 3)))


@pytest.mark.parametrize("norm", [nn.BatchNorm1d, nn.LayerNorm1d])
def test_eps_is_inside_the_root(norm):
    layer = norm(2, eps=4.0, dtype="float64")
    x = np.array([[3.0, -3.0], [-3.0, 3.0]])
    np.testing.assert_allclose(layer(ndl.Tensor(x)).numpy(), x / math.sqrt(9 + 4))


def test_large_means_do_not_swallow_the_variance():
    x = np.float32(1000) + np.random.default_rng(0).normal(0, 1, (50, 4))
    result = nn.BatchNorm1d(4)(ndl.Tensor(x, dtype="float32")).numpy()
    assert np.abs(result.var(axis=0) - 1).max() < 0.01


def test_running_statistics_hold_no_graph_and_flow_no_gradient():
    layer = nn.BatchNorm1d(3)
    x = ndl.init.randn(4, 3, requires_grad=True)

    def alive_after(steps):
        for _ in range(steps):
            layer(x)
        gc.collect()
        return autograd.TENSOR_COUNTER

    assert alive_after(20) == alive_after(2)
    for buffer in (layer.running_mean, layer.running_var):
        assert buffer.is_leaf()
        assert not buffer.requires_grad
        assert not isinstance(buffer, nn.Parameter)


def test_state_of_one_layer_is_not_that_of_another():
    one, other = nn.BatchNorm1d(2), nn.BatchNorm1d(2)
    one(ndl.init.randn(5, 2))
    np.testing.assert_array_equal(other.running_mean.numpy(), [0, 0])


@pytest.mark.parametrize("p", [0.0, 0.1, 0.5, 0.9])
def test_dropout_keeps_the_mean_and_the_share(p):
    np.random.seed(0)
    n = 40_000
    result = nn.Dropout(p)(ndl.init.ones(n // 4, 4)).numpy()
    kept = result != 0
    np.testing.assert_allclose(result[kept], 1 / (1 - p), rtol=1e-6)
    five_errors = 5 * math.sqrt(p * (1 - p) / n)
    assert abs(kept.mean() - (1 - p)) <= five_errors
    assert abs(result.mean() - 1) <= five_errors / (1 - p) + 1e-6


def test_dropout_draws_once_and_keeps_what_is_at_most_one_minus_p():
    np.random.seed(5)
    mask = np.random.rand(3, 4) <= 0.7
    after = np.random.rand()

    np.random.seed(5)
    x = ndl.init.ones(3, 4, requires_grad=True)
    result = nn.Dropout(0.3)(x)
    assert np.random.rand() == after
    np.testing.assert_allclose(result.numpy(), mask / np.float32(0.7), rtol=1e-6)
    result.backward()
    np.testing.assert_array_equal(x.grad.numpy(), result.numpy())
    assert result.dtype == x.grad.dtype == np.float32


def test_each_call_of_dropout_has_a_mask_of_its_own():
    np.random.seed(0)
    layer, x = nn.Dropout(0.5), ndl.init.ones(50, 2)
    assert (layer(x).numpy() != layer(x).numpy()).any()


def test_dropout_in_evaluation_returns_its_input_and_draws_nothing():
    np.random.seed(5)
    before = np.random.get_state()[2]
    x = ndl.init.ones(3, 4)
    assert nn.Dropout(0.5).eval()(x) is x
    assert np.random.get_state()[2] == before


@pytest.mark.parametrize("p", [-0.1, 1, 1.5, float("nan")])
def test_a_probability_that_is_none(p):
    with pytest.raises(ValueError, match="Dropout: p is a probability below 1, not"):
        nn.Dropout(p)


def test_training_lowers_the_loss_and_leaves_nothing_behind():
    np.random.seed(0)
    X = ndl.init.randn(40, 6)
    y = ndl.Tensor((X.numpy()[:, 0] > 0).astype("uint8"))
    net = nn.Sequential(
        nn.Linear(6, 8),
        nn.BatchNorm1d(8),
        nn.ReLU(),
        nn.Dropout(0.1),
        nn.Residual(nn.Sequential(nn.Linear(8, 8), nn.LayerNorm1d(8))),
        nn.Linear(8, 2),
    )
    opt = ndl.optim.Adam(net.parameters(), lr=0.02)

    def train(steps):
        for _ in range(steps):
            opt.reset_grad()
            loss = nn.SoftmaxLoss()(net(X), y)
            loss.backward()
            opt.step()
        gc.collect()
        return float(loss), autograd.TENSOR_COUNTER

    first, before = train(2)
    last, after = train(40)
    assert last < 0.2 * first
    assert after == before
    assert {t.dtype for t in net.state_dict().values()} == {np.dtype("float32")}
