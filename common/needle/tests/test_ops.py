"""Every operation against NumPy, and its gradients against measured ones."""

from __future__ import annotations

import needle as ndl
import numpy as np
import pytest
from gradient_check import gradient_check
from op_table import CASES, Case

every_case = pytest.mark.parametrize("case", CASES, ids=str)


@every_case
def test_the_value_is_that_of_numpy(case: Case) -> None:
    result = case.call(*case.tensors())

    expected = case.twin(*case.points())
    assert type(result) is ndl.Tensor
    assert type(result.cached_data) is np.ndarray
    np.testing.assert_allclose(result.numpy(), expected, rtol=1e-14)
    assert result.shape == np.shape(expected)
    assert result.dtype == expected.dtype


@every_case
def test_its_gradient_is_the_measured_one_and_has_a_gradient(case: Case) -> None:
    # Central differences in float64 are off by about 1e-10 here; second ones, too,
    # because what they difference are gradients that needle derived.
    gradient_check(
        case.call, *case.points(), backward=True, order=2, rtol=1e-7, atol=1e-8
    )


@every_case
def test_a_gradient_has_the_shape_and_dtype_of_its_input(case: Case) -> None:
    for dtype in (np.float32, np.float64):
        tensors = case.tensors(dtype)
        case.call(*tensors).backward()
        for tensor in tensors:
            assert tensor.grad.shape == tensor.shape
            assert tensor.grad.dtype == dtype
            assert type(tensor.grad.realize_cached_data()) is np.ndarray


@every_case
def test_float32_stays_and_integers_become_what_numpy_makes_of_them(case: Case) -> None:
    for dtype in (np.float32, np.int64, np.int32, np.uint8):
        try:
            expected = case.twin(*case.points(dtype))
        except ValueError:  # NumPy has no integer powers with negative exponents
            continue
        if case.name.startswith("add_scalar") and dtype is np.uint8:
            continue  # -3 is no uint8
        if case.name == "relu":
            expected = expected.astype(dtype)
        result = case.call(*case.tensors(dtype))
        assert result.dtype == expected.dtype
        np.testing.assert_allclose(result.numpy(), expected, rtol=1e-5)


@every_case
def test_nothing_is_written_into_inputs_or_the_incoming_gradient(case: Case) -> None:
    tensors = case.tensors()
    result = case.call(*tensors)
    seed = ndl.Tensor(np.full(result.shape, 0.5))
    before = [tensor.numpy() for tensor in [*tensors, result, seed]]

    result.backward(seed)

    for tensor, kept in zip([*tensors, result, seed], before, strict=True):
        np.testing.assert_array_equal(tensor.numpy(), kept)


@every_case
def test_read_only_inputs_are_enough(case: Case) -> None:
    tensors = case.tensors()
    for tensor in tensors:
        tensor.cached_data.flags.writeable = False
    case.call(*tensors).backward()


@every_case
def test_arrays_in_any_memory_order_give_the_same(case: Case) -> None:
    backwards = [
        ndl.Tensor.make_const(np.array(point, order="F"), requires_grad=True)
        for point in case.points()
    ]
    tensors = case.tensors()
    result = case.call(*backwards)
    case.call(*tensors).backward()
    result.backward()

    expected = case.twin(*case.points())
    np.testing.assert_allclose(result.numpy(), expected, rtol=1e-12, atol=1e-12)
    for one, other in zip(backwards, tensors, strict=True):
        np.testing.assert_allclose(one.grad.numpy(), other.grad.numpy(), atol=1e-12)
