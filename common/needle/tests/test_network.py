"""A whole network: values, gradients, and gradients of gradients."""

from __future__ import annotations

from itertools import pairwise

import needle as ndl
import numpy as np
import pytest
from gradient_check import gradient_check


def loss(X, W1, b1, W2, y):
    """Return the softmax loss of a two-layer network with a bias, and a penalty."""
    hidden = 1 / (1 + ndl.exp(-(X @ W1 + b1)))
    Z = hidden @ W2
    log_sums = ndl.log(ndl.exp(Z).sum(axes=(1,)))
    penalty = (W1 * W1).sum() / 10 + (W2**3).sum() * 0.1
    return (log_sums.sum() - (Z * y).sum()) / X.shape[0] + penalty


@pytest.fixture
def points():
    rng = np.random.default_rng(11)
    shapes = [(5, 4), (4, 3), (3,), (3, 2)]
    one_hot = np.eye(2)[rng.integers(2, size=5)]
    return [*(rng.standard_normal(shape) for shape in shapes), one_hot]


def test_the_gradient_and_its_gradient(points):
    gradient_check(loss, *points, backward=True, order=2, rtol=1e-6, atol=1e-7)


def test_a_hessian_is_symmetric(points):
    X, W1, b1, W2, y = points
    at = [ndl.Tensor(array) for array in (W1, b1, W2)]

    def products(directions):
        """Return the Hessian times some directions, one for each parameter."""
        loss(ndl.Tensor(X), *at, ndl.Tensor(y)).backward()
        slopes = [parameter.grad for parameter in at]
        pairs = zip(slopes, directions, strict=True)
        total = sum(((slope * d).sum() for slope, d in pairs), ndl.Tensor(0.0))
        total.backward()
        return [parameter.grad.numpy() for parameter in at]

    rng = np.random.default_rng(12)
    u, v = ([rng.standard_normal(p.shape) for p in at] for _ in range(2))
    Hu, Hv = products(u), products(v)
    one = sum((a * b).sum() for a, b in zip(Hu, v, strict=True))
    other = sum((a * b).sum() for a, b in zip(Hv, u, strict=True))
    np.testing.assert_allclose(one, other, rtol=1e-12)


def test_float32_stays_through_the_whole_network(points):
    tensors = [ndl.Tensor(array, dtype="float32") for array in points]
    result = loss(*tensors)
    result.backward()
    assert result.dtype == np.float32
    assert [tensor.grad.dtype for tensor in tensors] == [np.float32] * 5
    exact = [ndl.Tensor(array) for array in points]
    loss(*exact).backward()
    for rounded, tensor in zip(tensors, exact, strict=True):
        np.testing.assert_allclose(
            rounded.grad.numpy(), tensor.grad.numpy(), rtol=1e-4, atol=1e-5
        )


def test_descent_goes_down(points):
    X, W1, b1, W2, y = (ndl.Tensor(array) for array in points)
    losses = []
    for _ in range(20):
        value = loss(X, W1, b1, W2, y)
        value.backward()
        losses.append(float(value.numpy()))
        for parameter in (W1, b1, W2):
            parameter.data = parameter.data - 0.1 * parameter.grad.data
    assert all(later < earlier for earlier, later in pairwise(losses))


def test_a_layer_used_twice_gets_the_sum_of_both_uses(points):
    _, W, b, _, _ = points
    rng = np.random.default_rng(13)
    gradient_check(
        lambda x, w, c: ndl.relu(ndl.exp(x @ w + c) @ w.transpose() + 0.5) @ w,
        rng.standard_normal((2, 4)),
        W,
        b,
        backward=True,
        order=2,
    )
