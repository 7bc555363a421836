"""Initial weights: their distribution, their shape, and the draws that make them."""

from __future__ import annotations

import math

import needle as ndl
import numpy as np
import pytest

INITIALIZERS = {
    "xavier_uniform": lambda i, o: ("uniform", math.sqrt(6 / (i + o))),
    "xavier_normal": lambda i, o: ("normal", math.sqrt(2 / (i + o))),
    "kaiming_uniform": lambda i, o: ("uniform", math.sqrt(6 / i)),
    "kaiming_normal": lambda i, o: ("normal", math.sqrt(2 / i)),
}
each = pytest.mark.parametrize("name, scale_of", INITIALIZERS.items(), ids=INITIALIZERS)
FANS = [(1, 1), (1, 7), (7, 1), (300, 20), (20, 300)]


@each
@pytest.mark.parametrize("fans", FANS, ids=str)
def test_each_is_one_scaled_draw_of_numpys_global_generator(name, scale_of, fans):
    kind, scale = scale_of(*fans)
    np.random.seed(3)
    drawn = (
        np.random.rand(*fans) * 2 * scale - scale
        if kind == "uniform"
        else np.random.randn(*fans) * scale
    )
    after = np.random.rand()

    np.random.seed(3)
    made = getattr(ndl.init, name)(*fans, dtype="float64")
    assert np.random.rand() == after
    assert made.shape == fans
    np.testing.assert_allclose(made.numpy(), drawn, rtol=1e-13, atol=1e-15)


@each
def test_the_distribution_is_the_one_of_its_name(name, scale_of):
    np.random.seed(0)
    kind, scale = scale_of(300, 500)
    made = np.sort(getattr(ndl.init, name)(300, 500).numpy().ravel()) / scale
    if kind == "uniform":
        cumulated = (made + 1) / 2
        assert -1 <= made[0] < -0.999
        assert 0.999 < made[-1] <= 1
    else:
        cumulated = np.array([0.5 * math.erfc(-x / math.sqrt(2)) for x in made])
    # Kolmogorov-Smirnov: past 1.95 / sqrt(n) in one of a thousand seeds; this one is 0.
    distance = np.abs(cumulated - (np.arange(len(made)) + 0.5) / len(made)).max()
    assert distance < 1.95 / math.sqrt(len(made))


@each
def test_defaults_and_keywords_are_those_of_the_draws(name, scale_of):
    make = getattr(ndl.init, name)
    made = make(3, 2)
    assert made.dtype == np.float32
    assert not made.requires_grad
    assert made.device == ndl.cpu()
    made = make(3, 2, dtype="float64", requires_grad=True, device=ndl.cpu())
    assert made.dtype == np.float64
    assert made.requires_grad


@pytest.mark.parametrize("name", ["xavier_uniform", "xavier_normal"])
def test_a_gain_is_a_factor(name):
    made = []
    for gain in (1.0, 2.5):
        np.random.seed(1)
        made.append(getattr(ndl.init, name)(4, 5, gain=gain, dtype="float64").numpy())
    np.testing.assert_allclose(made[1], 2.5 * made[0], rtol=1e-12)


@pytest.mark.parametrize("name", ["kaiming_uniform", "kaiming_normal"])
def test_relu_is_the_only_nonlinearity(name):
    with pytest.raises(AssertionError, match="relu"):
        getattr(ndl.init, name)(2, 3, nonlinearity="tanh")
    with pytest.raises(AssertionError, match="relu"):
        getattr(ndl.init, name)(2, 3, "tanh")


def test_linear_draws_its_weight_and_then_its_bias():
    np.random.seed(2)
    weight = ndl.init.kaiming_uniform(5, 3)
    bias = ndl.init.kaiming_uniform(3, 1)
    after = np.random.rand()

    np.random.seed(2)
    layer = ndl.nn.Linear(5, 3)
    assert np.random.rand() == after
    np.testing.assert_array_equal(layer.weight.numpy(), weight.numpy())
    np.testing.assert_array_equal(layer.bias.numpy(), bias.numpy().reshape(1, 3))

    np.random.seed(2)
    assert ndl.nn.Linear(5, 3, bias=False).bias is None
    np.random.rand(3)
    assert np.random.rand() == after


def test_parameters_of_layers():
    for layer, shapes in [
        (ndl.nn.Linear(5, 3), {"weight": (5, 3), "bias": (1, 3)}),
        (ndl.nn.Linear(5, 3, bias=False), {"weight": (5, 3)}),
        (ndl.nn.BatchNorm1d(4), {"weight": (4,), "bias": (4,)}),
        (ndl.nn.LayerNorm1d(4), {"weight": (4,), "bias": (4,)}),
    ]:
        found = dict(layer.named_parameters())
        assert {name: p.shape for name, p in found.items()} == shapes
        for p in found.values():
            assert isinstance(p, ndl.nn.Parameter)
            assert p.requires_grad
            assert p.dtype == np.float32
        if type(layer) is not ndl.nn.Linear:
            assert (found["weight"].numpy() == 1).all()
            assert (found["bias"].numpy() == 0).all()
