"""Every operation on arrays of our own against NumPy in float64, on each device."""

from __future__ import annotations

from typing import Any

import needle as ndl
import numpy as np
import pytest
from numeric import numerical_gradient
from op_table import CASES, Case

# Sums of a few dozen float32 numbers of order 10, in any order: about 1e-6 of them.
CLOSE: dict[str, Any] = {"rtol": 1e-5, "atol": 1e-5}


def _log_softmax(z: np.ndarray) -> np.ndarray:
    return z - _log_sum_exp(z, (1,))[:, None]


def _log_sum_exp(z: np.ndarray, axes: Any) -> np.ndarray:
    return np.log(np.exp(z).sum(axis=axes))


LOGARITHMIC = [
    *(
        Case(
            f"logsumexp({axes})",
            lambda z, axes=axes: ndl.logsumexp(z, axes),
            lambda z, axes=axes: _log_sum_exp(z, axes),
            (shape,),
        )
        for shape, axes in [
            ((), None),
            ((5,), None),
            ((5,), 0),
            ((2, 3), None),
            ((2, 3), 1),
            ((2, 3), (-2,)),
            ((1, 1), (0, 1)),
            ((2, 3, 4), (0, -1)),
        ]
    ),
    *(
        Case("logsoftmax", ndl.logsoftmax, _log_softmax, (shape,))
        for shape in [(1, 1), (3, 4), (5, 1), (1, 6)]
    ),
]
every_case = pytest.mark.parametrize("case", [*CASES, *LOGARITHMIC], ids=str)


def _tensors(case: Case, device: Any) -> list[ndl.Tensor]:
    return [ndl.Tensor(point, device=device) for point in case.points()]


def _shape_of_result(case: Case) -> tuple[int, ...]:
    """Return the shape that NumPy has; sums over all axes keep one here."""
    shape = np.shape(case.twin(*case.points()))
    over_all = case.name in ("summation(None)", "logsumexp(None)")
    return (1,) if over_all else shape


@every_case
def test_the_value_is_that_of_numpy(case: Case, device: Any) -> None:
    result = case.call(*_tensors(case, device))

    expected = np.asarray(case.twin(*case.points()))
    data = result.realize_cached_data()
    assert type(data) is ndl.NDArray
    assert (result.device, result.dtype) == (device, "float32")
    assert result.shape == _shape_of_result(case)
    np.testing.assert_allclose(
        result.numpy().reshape(expected.shape), expected, **CLOSE
    )


@every_case
def test_its_gradient_is_the_measured_one(case: Case, device: Any) -> None:
    points, tensors = case.points(), _tensors(case, device)
    result = case.call(*tensors)
    weights = np.random.default_rng(1).uniform(0.5, 1.5, result.shape)

    result.backward(ndl.Tensor(weights, device=device))

    for position, tensor in enumerate(tensors):

        def value(at: np.ndarray, position: int = position) -> float:
            value = case.twin(*points[:position], at, *points[position + 1 :])
            return float((value * weights.reshape(np.shape(value))).sum())

        expected = numerical_gradient(value, points[position])
        assert tensor.grad.shape == tensor.shape
        assert (tensor.grad.device, tensor.grad.dtype) == (device, "float32")
        np.testing.assert_allclose(tensor.grad.numpy(), expected, rtol=1e-4, atol=1e-4)


@every_case
def test_views_are_as_good_as_compact_arrays(case: Case, device: Any) -> None:
    # The same numbers in memory that is turned around, with gaps and an offset.
    def strided(point: np.ndarray) -> ndl.Tensor:
        if not point.ndim:
            return ndl.Tensor(point, device=device)
        around = np.full([2 * n + 1 for n in reversed(point.shape)], np.nan)
        where = tuple(slice(1, None, 2) for _ in point.shape)
        around[where] = point.transpose()
        array = ndl.NDArray(around, device=device)[where]
        axes = tuple(reversed(range(point.ndim)))
        return ndl.Tensor.make_const(array.permute(axes), requires_grad=True)

    tensors = [strided(point) for point in case.points()]
    result = case.call(*tensors)
    result.backward()

    compact = _tensors(case, device)
    expected = case.call(*compact)
    expected.backward()
    np.testing.assert_allclose(result.numpy(), expected.numpy(), rtol=1e-6, atol=1e-6)
    for one, other in zip(tensors, compact, strict=True):
        np.testing.assert_allclose(one.grad.numpy(), other.grad.numpy(), **CLOSE)


@every_case
def test_nothing_is_written_into_inputs_or_the_incoming_gradient(
    case: Case, device: Any
) -> None:
    tensors = _tensors(case, device)
    result = case.call(*tensors)
    seed = ndl.Tensor(np.full(result.shape, 0.5), device=device)
    before = [tensor.numpy() for tensor in [*tensors, result, seed]]

    result.backward(seed)

    for tensor, kept in zip([*tensors, result, seed], before, strict=True):
        np.testing.assert_array_equal(tensor.numpy(), kept)


def test_differentiating_twice(device: Any) -> None:
    x = ndl.Tensor([1.0, 2.0, 3.0], device=device)
    (ndl.exp(x) * x**3).sum().backward()
    x.grad.sum().backward()

    at = np.array([1.0, 2.0, 3.0])
    expected = np.exp(at) * (at**3 + 6 * at**2 + 6 * at)
    np.testing.assert_allclose(x.grad.numpy(), expected, rtol=1e-5)


def test_tuples(device: Any) -> None:
    a, b = (ndl.init.ones(2, 3, device=device, requires_grad=True) for _ in range(2))
    pair = ndl.ops.make_tuple(a, b * 2)
    low, high = ndl.ops.fused_add_scalars(pair[1], -1, 1)
    (low * high * pair[0]).sum().backward()

    assert low.device == high.device == a.grad.device == device
    np.testing.assert_allclose(a.grad.numpy(), 3.0)
    np.testing.assert_allclose(b.grad.numpy(), 8.0)
