"""Constants and random numbers to start from, and the device that makes them."""

from __future__ import annotations

import needle as ndl
import numpy as np
import pytest

SHAPES = [(), (1,), (3,), (2, 0), (2, 3, 4)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", ["float32", "float64", "int32"])
def test_constants(shape, dtype):
    for made, value in [
        (ndl.init.ones(*shape, dtype=dtype), 1),
        (ndl.init.zeros(*shape, dtype=dtype), 0),
        (ndl.init.constant(*shape, c=3, dtype=dtype), 3),
    ]:
        assert made.shape == shape
        assert made.dtype == np.dtype(dtype)
        assert not made.requires_grad
        np.testing.assert_array_equal(made.numpy(), np.full(shape, value))


def test_defaults_are_float32_without_gradient():
    for made in (
        ndl.init.rand(2),
        ndl.init.randn(2),
        ndl.init.ones(2),
        ndl.init.zeros(2),
        ndl.init.constant(2),
        ndl.init.one_hot(2, ndl.Tensor([0])),
    ):
        assert made.dtype == np.float32
        assert not made.requires_grad
        assert made.device == ndl.cpu()
    assert ndl.init.randb(2).dtype == np.bool_
    assert ndl.init.rand(2, requires_grad=True).requires_grad
    assert ndl.init.ones(2, requires_grad=True).requires_grad


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_random_numbers_are_those_of_numpys_global_generator(shape):
    np.random.seed(7)
    uniform, normal, coins = np.random.rand, np.random.randn, np.random.rand
    expected = [
        uniform(*shape) * 3 - 1,
        normal(*shape) * 0.5 + 2,
        coins(*shape) <= 0.3,
    ]
    after = np.random.rand()

    np.random.seed(7)
    drawn = [
        ndl.init.rand(*shape, low=-1, high=2),
        ndl.init.randn(*shape, mean=2, std=0.5),
        ndl.init.randb(*shape, p=0.3),
    ]
    assert np.random.rand() == after  # one draw a tensor, no more
    for tensor, want in zip(drawn, expected, strict=True):
        assert tensor.shape == shape
        np.testing.assert_array_equal(tensor.numpy(), np.asarray(want, tensor.dtype))


def test_a_draw_of_just_p_is_true():
    np.random.seed(5)
    drawn = np.random.rand()
    np.random.seed(5)
    assert ndl.init.randb(p=drawn).numpy()


def test_float64_draws_keep_their_digits():
    np.random.seed(3)
    expected = np.random.rand(4)
    np.random.seed(3)
    np.testing.assert_array_equal(ndl.init.rand(4, dtype="float64").numpy(), expected)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 0)], ids=str)
def test_one_hot_of_any_shape(shape):
    indices = np.random.default_rng(0).integers(4, size=shape)
    for dtype in (np.uint8, np.int64, np.float32):
        made = ndl.init.one_hot(4, ndl.Tensor(indices, dtype=dtype))
        assert made.shape == (*shape, 4)
        assert (made.numpy().sum(axis=-1) == 1).all()
        np.testing.assert_array_equal(made.numpy().argmax(axis=-1), indices)
    assert ndl.init.one_hot(4, ndl.Tensor(indices), dtype="int8").dtype == np.int8
    for plain in (indices, indices.tolist()):
        made = ndl.init.one_hot(4, plain)
        assert made.shape == (*shape, 4)
        np.testing.assert_array_equal(made.numpy().argmax(axis=-1), indices)


@pytest.mark.parametrize("index", [-1, 3])
def test_one_hot_of_an_index_that_no_class_has(index):
    with pytest.raises(IndexError, match=r"do not all lie in 0 \.\. 2"):
        ndl.init.one_hot(3, ndl.Tensor([0, index]))


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64"])
def test_like_another_tensor(dtype):
    x = ndl.Tensor(np.full((2, 3), 5), dtype=dtype)
    for made, value in [(ndl.ones_like(x), 1), (ndl.zeros_like(x), 0)]:
        assert made.shape == (2, 3)
        assert made.dtype == x.dtype
        assert made.device == x.device
        assert not made.requires_grad
        np.testing.assert_array_equal(made.numpy(), np.full((2, 3), value))
    assert ndl.ones_like(x, requires_grad=True).requires_grad


def test_the_one_device():
    device = ndl.cpu()
    assert (str(device), repr(device)) == ("cpu()", "needle.cpu()")
    assert device == ndl.cpu()
    assert device != "cpu()"
    assert device is not None
    assert device != None  # noqa: E711
    assert len({device, ndl.cpu()}) == 1
    assert device.enabled()
    assert ndl.all_devices() == [device]
    assert ndl.autograd.default_device() == device


def test_the_device_makes_arrays():
    device = ndl.cpu()
    assert device.zeros(2, 3).dtype == device.ones(2).dtype == np.float32
    assert device.empty((2, 3), dtype="int8").dtype == np.int8
    assert device.full((2,), 7).tolist() == [7, 7]
    assert device.rand(2, 3).dtype == device.randn(2).dtype == np.float64
    assert isinstance(device.rand(), np.ndarray)
    assert device.one_hot(3, [2, 0]).tolist() == [[0, 0, 1], [1, 0, 0]]
