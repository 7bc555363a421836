"""Tests as one wrote them for the original course, run from the homework's folder.

Everything here is used as existing tests and notebooks use it: relative paths, star
imports, keyword arguments, values changed in place, attributes of nodes.
"""

import sys

sys.path.append("./python")
sys.path.append("./apps")

import mugrade  # noqa: F401 -- every old test file imports it
import needle as ndl
import numpy as np
from simple_ml import *  # noqa: F403


def measured(f, *args, **kwargs):
    """Differentiate by moving each number of each tensor in place."""
    step, slopes = 1e-4, []
    for arg in args:
        slope = np.zeros(arg.shape)
        for j in range(arg.realize_cached_data().size):
            sums = []
            for move in (step, -2 * step):
                arg.realize_cached_data().flat[j] += move
                sums.append(float(f(*args, **kwargs).numpy().sum()))
            arg.realize_cached_data().flat[j] += step
            slope.flat[j] = (sums[0] - sums[1]) / (2 * step)
        slopes.append(slope)
    return slopes


def check(f, *args, tol=1e-6, backward=False, **kwargs):
    expected = measured(f, *args, **kwargs)
    out = f(*args, **kwargs)
    if backward:
        out.sum().backward()
        got = [arg.grad.numpy() for arg in args]
    else:
        seed = ndl.Tensor(np.ones(out.shape))
        got = [g.numpy() for g in out.op.gradient_as_tuple(seed, out)]
    error = sum(np.linalg.norm(g - e) for g, e in zip(got, expected))  # noqa: B905
    assert error < tol, error
    return got


def uniform(*shape):
    return ndl.Tensor(5 + np.random.rand(*shape))


def test_forward():
    a = ndl.Tensor([[1.0, 4.0, 9.0]])
    np.testing.assert_allclose(ndl.power_scalar(a, scalar=0.5).numpy(), [[1, 2, 3]])
    np.testing.assert_allclose(ndl.divide_scalar(a, scalar=2.0).numpy(), a.numpy() / 2)
    np.testing.assert_allclose(ndl.divide(a, a).numpy(), [[1, 1, 1]])
    np.testing.assert_allclose(ndl.summation(a, axes=(0,)).numpy(), [1, 4, 9])
    np.testing.assert_allclose(ndl.summation(a, axes=1).numpy(), [14])
    np.testing.assert_allclose(ndl.summation(a).numpy(), 14)
    np.testing.assert_allclose(
        ndl.broadcast_to(a, shape=(2, 3)).numpy(), [[1, 4, 9], [1, 4, 9]]
    )
    np.testing.assert_allclose(ndl.reshape(a, shape=(3, 1)).numpy(), [[1], [4], [9]])
    assert ndl.transpose(uniform(2, 3, 4), axes=(1, 2)).shape == (2, 4, 3)
    assert ndl.transpose(uniform(2, 3, 4), axes=(0, 1)).shape == (3, 2, 4)
    assert ndl.transpose(uniform(2, 3, 4)).shape == (2, 4, 3)
    np.testing.assert_allclose(
        ndl.power(ndl.Tensor([[2.0, 3.0, 4.0]]), ndl.Tensor([3.0, 2.0, 0.5])).numpy(),
        [[8, 9, 2]],
    )
    np.testing.assert_allclose(
        ndl.matmul(ndl.Tensor([[1, 2]]), ndl.Tensor([[3], [4]])).numpy(), [[11]]
    )


def test_backward():
    np.random.seed(0)
    check(ndl.power_scalar, uniform(5, 4), scalar=np.random.randint(1, 4))
    check(ndl.divide, uniform(5, 4), uniform(5, 4))
    check(ndl.divide_scalar, uniform(5, 4), scalar=np.random.randn(1))
    check(ndl.matmul, uniform(5, 4), uniform(4, 3))
    check(ndl.matmul, uniform(3, 2, 5, 4), uniform(3, 2, 4, 3))
    check(ndl.matmul, uniform(3, 2, 5, 4), uniform(4, 3))
    check(ndl.matmul, uniform(5, 4), uniform(3, 2, 4, 3))
    check(ndl.reshape, uniform(5, 4), shape=(4, 5))
    check(ndl.negate, uniform(5, 4))
    check(ndl.transpose, uniform(3, 5, 4), axes=(0, 2))
    check(ndl.broadcast_to, uniform(3, 1), shape=(3, 3))
    check(ndl.broadcast_to, uniform(1), shape=(3, 3, 3))
    check(ndl.broadcast_to, ndl.Tensor(5.0), shape=(3, 3, 3))
    check(ndl.summation, uniform(5, 4), axes=(1,))
    check(ndl.summation, uniform(5, 4), axes=(0, 1))
    check(ndl.summation, uniform(5, 4, 2), axes=None)
    check(ndl.log, uniform(5, 4))
    check(ndl.exp, ndl.Tensor(np.random.randn(5, 4)))
    check(ndl.power, uniform(5, 4), ndl.Tensor(np.random.rand(5, 4)), tol=1e-3)


def test_topo_sort():
    def order(*outputs):
        return [n.numpy().tolist() for n in ndl.autograd.find_topo_sort(list(outputs))]

    a, b = ndl.Tensor(np.asarray([[2.0]])), ndl.Tensor(np.asarray([[5.0]]))
    assert order(3 * a * a + 4 * b * a - a) == [
        [[2.0]],  # a
        [[6.0]],  # 3 a
        [[12.0]],  # 3 a a
        [[5.0]],  # b
        [[20.0]],  # 4 b
        [[40.0]],  # 4 b a
        [[52.0]],
        [[-2.0]],  # - a is a node of its own
        [[50.0]],
    ]

    a = ndl.Tensor(np.asarray([[1.0], [2.0]]))
    b = ndl.Tensor(np.asarray([[3.0, 4.0]]))
    row, column = [[3.0, 4.0]], [[1.0], [2.0]]
    assert order(3 * ((b @ a) + (2.5 * b) @ a) + 1.5) == [
        row,
        column,
        [[11.0]],
        [[7.5, 10.0]],
        [[27.5]],
        [[38.5]],
        [[115.5]],
        [[117.0]],
    ]

    a, b = (ndl.Tensor(np.full((2, 2), value)) for value in (2.0, 3.0))
    nodes = ndl.autograd.find_topo_sort([(a @ b + b - a) @ a])
    values = [n.numpy()[0, 0] for n in nodes]
    assert values == [2, 3, 12, 15, -2, 13, 52]
    assert [n.op is None for n in nodes] == [True, True] + [False] * 5


def test_compute_gradient():
    np.random.seed(1)

    def normal(*shape):
        return ndl.Tensor(np.random.randn(*shape))

    check(
        lambda A, B, C: ndl.summation((A @ B + C) * (A @ B), axes=None),
        *(normal(10, 9), normal(9, 8), normal(10, 8)),
        backward=True,
    )
    check(
        lambda A, B: ndl.summation(ndl.broadcast_to(A, shape=(10, 9)) * B, axes=None),
        *(normal(10, 1), normal(10, 9)),
        backward=True,
    )
    check(
        lambda A, B, C: ndl.summation(
            ndl.reshape(A, shape=(10, 10)) @ B / 5 + C, axes=None
        ),
        *(normal(100), normal(10, 5), normal(10, 5)),
        backward=True,
    )

    # Integers, and the gradient of a gradient: replaced, not added up.
    x, z = ndl.Tensor([6]), ndl.Tensor([0])
    y = x * x + x * z
    y.backward()
    slope_x, slope_z = x.grad, z.grad
    assert (slope_x.numpy(), slope_z.numpy()) == ([12], [6])
    slope_x.backward()
    assert (x.grad.numpy(), z.grad.numpy()) == ([2], [1])
    slope_z.backward()
    assert x.grad.numpy() == [1]


def test_softmax_loss_ndl():
    Z = ndl.Tensor(np.zeros((6, 10)).astype(np.float32))
    y = np.array([0, 3, 9, 9, 1, 2])
    one_hot = np.zeros((y.shape[0], 10))
    one_hot[np.arange(y.size), y] = 1
    loss = softmax_loss(Z, ndl.Tensor(one_hot))  # noqa: F405
    np.testing.assert_allclose(loss.numpy(), np.log(10), rtol=1e-6, atol=1e-6)
    np.random.seed(0)
    Z = ndl.Tensor(np.random.randn(6, 10).astype(np.float32))
    check(softmax_loss, Z, ndl.Tensor(one_hot), tol=0.1, backward=True)  # noqa: F405


def test_nn_epoch_ndl():
    np.random.seed(0)
    X = np.random.randn(50, 5).astype(np.float32)
    y = np.random.randint(3, size=(50,)).astype(np.uint8)
    W1 = ndl.Tensor(np.random.randn(5, 10).astype(np.float32) / np.sqrt(10))
    W2 = ndl.Tensor(np.random.randn(10, 3).astype(np.float32) / np.sqrt(3))
    start = W1.numpy(), W2.numpy()
    before = loss_err(ndl.relu(ndl.Tensor(X) @ W1) @ W2, y)[0]  # noqa: F405
    W1, W2 = nn_epoch(X, y, W1, W2, lr=0.2, batch=10)  # noqa: F405
    W1, W2 = nn_epoch(X, y, W1, W2, 0.2, 100)  # noqa: F405
    after = loss_err(ndl.relu(ndl.Tensor(X) @ W1) @ W2, y)[0]  # noqa: F405
    assert after < before
    assert (W1.shape, W2.shape) == (start[0].shape, start[1].shape)
    assert (W1.dtype, W2.dtype) == (start[0].dtype, start[1].dtype)
