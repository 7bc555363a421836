"""Every layer against NumPy, and its gradients against measured ones."""

from __future__ import annotations

import gc

import needle as ndl
import numpy as np
import pytest
from gradient_check import gradient_check
from layer_table import CASES, LayerCase, install
from needle import autograd

every_case = pytest.mark.parametrize("case", CASES, ids=str)


@every_case
def test_the_value_is_that_of_numpy(case: LayerCase) -> None:
    layer, x = case.layer(), case.input()
    result = layer(ndl.Tensor(x))
    expected = case.value(layer, x)
    assert result.shape == expected.shape
    assert result.dtype == np.float64
    np.testing.assert_allclose(result.numpy(), expected, rtol=1e-12, atol=1e-12)


@every_case
def test_its_gradients_are_the_measured_ones_and_have_gradients(
    case: LayerCase,
) -> None:
    layer = case.layer()
    names = [name for name, _ in layer.named_parameters()]
    points = [p.numpy() for p in layer.parameters()]

    def call(x: ndl.Tensor, *parameters: ndl.Tensor) -> ndl.Tensor:
        for name, parameter in zip(names, parameters, strict=True):
            install(layer, name, parameter)
        return layer(x)

    # A batch of one has variance 0, and derivatives as large as powers of 1 / eps.
    rtol, atol = (1e-5, 1e-5) if "Norm1d" in case.name else (1e-7, 1e-8)
    gradient_check(
        call, case.input(), *points, backward=True, order=2, rtol=rtol, atol=atol
    )


@every_case
def test_float32_stays_in_values_gradients_and_state(case: LayerCase) -> None:
    layer = case.layer("float32")
    x = ndl.Tensor(case.input(np.float32))
    result = layer(x)
    result.backward()

    assert result.dtype == x.grad.dtype == np.float32
    assert {p.grad.dtype for p in layer.parameters()} <= {np.dtype("float32")}
    assert {t.dtype for t in layer.state_dict().values()} <= {np.dtype("float32")}
    exact = case.value(layer, case.input())
    np.testing.assert_allclose(result.numpy(), exact, rtol=1e-4, atol=1e-4)


@every_case
def test_nothing_is_written_into_the_input_or_the_parameters(case: LayerCase) -> None:
    layer, x = case.layer(), ndl.Tensor(case.input())
    tensors = [x, *layer.parameters()]
    for tensor in tensors:
        tensor.cached_data.flags.writeable = False
    before = [tensor.numpy() for tensor in tensors]
    layer(x).backward()
    for tensor, kept in zip(tensors, before, strict=True):
        np.testing.assert_array_equal(tensor.numpy(), kept)


@every_case
def test_passes_leave_no_graph_behind(case: LayerCase) -> None:
    layer, x = case.layer(), ndl.Tensor(case.input())

    def alive_after(passes: int) -> int:
        for _ in range(passes):
            layer(x).backward()
            for tensor in (x, *layer.parameters()):
                tensor.grad = None
        gc.collect()
        return autograd.TENSOR_COUNTER

    assert alive_after(10) == alive_after(1)


@every_case
def test_the_same_when_values_are_computed_late(case: LayerCase, lazy: None) -> None:
    layer, x = case.layer(), ndl.Tensor(case.input())
    result = layer(x)
    result.backward()
    expected = case.value(layer, case.input())
    np.testing.assert_allclose(result.numpy(), expected, rtol=1e-12, atol=1e-12)
    assert x.grad.shape == x.shape
