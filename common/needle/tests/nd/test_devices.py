"""Where tensors are, what may stand beside them, and what they are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import needle as ndl
import numpy as np
import pytest


def test_the_names_of_the_backend_are_needles() -> None:
    assert (ndl.BACKEND, ndl.array_api) == ("nd", ndl.backend_ndarray)
    assert ndl.all_devices() == [ndl.cpu(), ndl.cuda(), ndl.cpu_numpy()]
    assert ndl.default_device() == ndl.cpu_numpy()
    assert isinstance(ndl.cpu(), ndl.Device)


def test_a_tensor_is_on_the_default_device_and_what_is_drawn_on_the_processor(
    cpu: Any,
) -> None:
    assert ndl.Tensor([1, 2]).device == ndl.cpu_numpy()
    assert ndl.init.ones(2).device == ndl.init.rand(2).device == ndl.cpu()
    assert ndl.nn.Linear(2, 3).weight.device == ndl.cpu()


def test_a_tensor_of_an_array_of_our_own_is_where_that_is(device: Any) -> None:
    array = ndl.NDArray([1.0, 2.0], device=device)
    tensor = ndl.Tensor(array)
    array.fill(0)

    assert tensor.device == device
    np.testing.assert_array_equal(tensor.numpy(), [1, 2])


def test_a_tensor_of_a_tensor_moves_or_shares(device: Any) -> None:
    here = ndl.Tensor([1.0, 2.0], device=device)
    assert ndl.Tensor(here).cached_data is here.cached_data

    there = ndl.Tensor(here, device=ndl.cpu_numpy())
    assert there.device == ndl.cpu_numpy()
    np.testing.assert_array_equal(there.numpy(), [1, 2])


@pytest.mark.parametrize("dtype", ["int32", "uint8", "bool", np.int64, "float32", None])
def test_integers_and_truth_values_are_float32(dtype: Any, device: Any) -> None:
    for tensor in (
        ndl.Tensor([0, 1], dtype=dtype, device=device),
        ndl.init.zeros(2, dtype=dtype, device=device),
        ndl.init.randb(2, dtype=dtype, device=device),
        ndl.init.one_hot(2, [0, 1], dtype=dtype, device=device),
    ):
        assert tensor.dtype == "float32"
        assert set(tensor.numpy().ravel()) <= {0.0, 1.0}


def test_what_float32_cannot_hold_is_refused(device: Any) -> None:
    with pytest.raises(AssertionError, match="float32, not of float64: with NEEDLE_B"):
        ndl.Tensor([1.0], dtype="float64", device=device)
    with pytest.raises(TypeError, match="real numbers, not complex128"):
        ndl.Tensor([1j], device=device)
    with pytest.raises(TypeError, match=r"a device is what needle.cpu\(\) gives"):
        ndl.Tensor([1.0], device="cpu")


def test_a_device_that_is_not_there_says_what_to_do() -> None:
    with pytest.raises(RuntimeError, match=r"cuda\(\) cannot be used: "):
        ndl.Tensor([1.0], device=ndl.backend_ndarray.BackendDevice("cuda", None))


BESIDE: list[Callable[[Any, Any], Any]] = [
    lambda t, x: t + x,
    lambda t, x: x + t,
    lambda t, x: t - x,
    lambda t, x: x - t,
    lambda t, x: t * x,
    lambda t, x: x / t,
    lambda t, x: t**x,
    lambda t, x: x**t,
]


@pytest.mark.parametrize("operate", BESIDE)
@pytest.mark.parametrize("value", [2, 0.5, np.float64(3), [1.0, 2.0, 3.0]])
def test_numbers_and_arrays_beside_a_tensor_come_to_its_device(
    operate: Any, value: Any, device: Any
) -> None:
    at = np.array([1.0, 2.0, 4.0])
    value = np.array(value) if isinstance(value, list) else value
    result = operate(ndl.Tensor(at, device=device), value)

    assert result.device == device
    np.testing.assert_allclose(result.numpy(), operate(at, value), rtol=1e-6)


def test_an_array_of_our_own_beside_a_tensor_is_a_constant(device: Any) -> None:
    tensor = ndl.Tensor([[1.0, 2.0]], device=device)
    array = ndl.NDArray([[3.0, 5.0]], device=device)
    for result in (tensor * array, array * tensor):
        assert type(result) is ndl.Tensor
        np.testing.assert_array_equal(result.numpy(), [[3, 10]])
    product = tensor @ np.ones((2, 3))
    assert product.device == device


def test_two_devices_are_refused_by_name(cpu: Any) -> None:
    here, there = ndl.init.ones(2, 2), ndl.Tensor(np.ones((2, 2)))
    said = r"the first is on cpu\(\), the second on cpu_numpy\(\); Tensor\(x, device"
    for operate in (ndl.add, ndl.multiply, ndl.matmul, ndl.power, ndl.divide):
        with pytest.raises(ValueError, match=said):
            operate(here, there)
    with pytest.raises(ValueError, match=said):
        here + ndl.Tensor([1.0, 1.0])  # of another shape, too


def test_backward_begins_on_the_device(device: Any) -> None:
    x = ndl.Tensor([1.0, 2.0], device=device)
    (x * x).backward()
    assert x.grad.device == device
    (x * x).backward(np.array([1.0, 0.5]))
    assert x.grad.device == device
    np.testing.assert_array_equal(x.grad.numpy(), [2, 2])


def test_a_compute_that_leaves_our_arrays_is_told(device: Any) -> None:
    class Outside(ndl.ops.TensorOp):
        def compute(self, a: Any) -> Any:
            return np.exp(a.numpy())

    with pytest.raises(TypeError, match=r"Outside.compute returned an ndarray; .* use"):
        Outside()(ndl.Tensor([1.0], device=device))


def test_errors_name_operation_and_axis(device: Any) -> None:
    a = ndl.Tensor(np.ones((2, 3)), device=device)
    for wrong, said in (
        (lambda: ndl.broadcast_to(a, (4, 4)), "axis -1 has length 3 and cannot becom"),
        (lambda: ndl.reshape(a, (4,)), "6 elements do not fit"),
        (lambda: a @ a, "axis -1 of the first has length 3"),
        (lambda: ndl.summation(a, (2,)), "there is no axis 2"),
        (lambda: ndl.logsoftmax(a.reshape((6,))), "it works on rows"),
    ):
        with pytest.raises(ValueError, match=said):
            wrong()


@pytest.mark.parametrize("shape", [(), (1,), (3, 2), (0, 2)])
def test_draws_are_numpys_on_every_device(shape: Any, device: Any) -> None:
    def drawn(draw: Callable[[], Any]) -> np.ndarray:
        np.random.seed(5)
        return np.asarray(draw())

    uniform = drawn(lambda: ndl.init.rand(*shape, low=-1, high=3, device=device))
    expected = drawn(lambda: np.random.rand(*shape) * 4 - 1)
    np.testing.assert_allclose(uniform, expected, rtol=1e-6, atol=1e-6)
    normal = drawn(lambda: ndl.init.randn(*shape, mean=2, std=3, device=device))
    expected = drawn(lambda: np.random.randn(*shape) * 3 + 2)
    np.testing.assert_allclose(normal, expected, rtol=1e-6, atol=1e-6)
    coins = drawn(lambda: ndl.init.randb(*shape, p=0.3, device=device))
    np.testing.assert_array_equal(coins, drawn(lambda: np.random.rand(*shape) <= 0.3))
