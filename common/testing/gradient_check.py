"""Hold the gradients that needle derives against gradients that are measured.

All in float64: the error of a central difference is then about 1e-10 for values of
order 1, so that a wrong formula cannot hide in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import needle as ndl
import numpy as np
from numeric import assert_close, numerical_gradient

Arrays = list[np.ndarray]
Function = Callable[..., Any]  # of tensors, returns a tensor


def gradient_check(
    f: Function,
    *arrays: Any,
    backward: bool = False,
    order: int = 1,
    rtol: float = 1e-6,
    atol: float = 1e-7,
    seed: int = 0,
    **kwargs: Any,
) -> Arrays:
    """Fail where the gradient of ``f(*tensors, **kwargs)`` is not the measured one.

    What is differentiated is a weighted sum of all elements of the result, so that
    elements that changed places show.

    Args:
        f: makes a tensor of tensors; a single operation unless ``backward``.
        arrays: where to differentiate, one array for each tensor.
        backward: False asks the operation alone, through ``op.gradient_as_tuple``;
            True calls ``backward()``, and ``f`` may be any function.
        order: 2 differentiates the gradients once more, with ``backward()``.
        rtol, atol: how far the two may be apart.
        seed: chooses the weights.

    Returns:
        The gradients that needle derived, one for each array.
    """
    if order == 2 and not backward:
        raise ValueError("order=2 differentiates by backward(): pass backward=True")
    points = [np.array(array, dtype=np.float64) for array in arrays]
    call = partial(f, **kwargs)
    rng = np.random.default_rng(seed)
    weights = rng.standard_normal(_value(call, points).shape)
    name = call_name(f, kwargs)
    derive = _from_backward if backward else _from_operation
    derived = derive(call, points, weights, name)

    def total(*at: np.ndarray) -> float:
        return float(np.sum(weights * _value(call, at)))

    measured = _measure(total, points)
    _compare(derived, measured, f"the gradient of {name}", rtol, atol)
    if order == 2:
        _check_second(call, points, weights, name, rng, rtol=rtol, atol=atol)
    return derived


def call_name(f: Function, kwargs: dict[str, Any]) -> str:
    """Return a call as one would write it: ``summation(..., axes=1)``."""
    name = getattr(f, "__name__", type(f).__name__)
    settings = ", ".join(f"{key}={value!r}" for key, value in kwargs.items())
    return f"{name}(..., {settings})" if settings else name


def _value(call: Function, points: Sequence[np.ndarray]) -> np.ndarray:
    return np.array(call(*[ndl.Tensor(point) for point in points]).numpy())


def _measure(total: Callable[..., float], points: Arrays) -> Arrays:
    """Return the gradient of a scalar function of several arrays in each of them."""

    def moved(position: int, array: np.ndarray) -> float:
        return total(*points[:position], array, *points[position + 1 :])

    return [numerical_gradient(partial(moved, i), p) for i, p in enumerate(points)]


def _compare(
    derived: Arrays, measured: Arrays, what: str, rtol: float, atol: float
) -> None:
    shapes = " and ".join(str(each.shape) for each in measured)
    for position, (got, want) in enumerate(zip(derived, measured, strict=True)):
        claim = f"{what} in input {position}, for shapes {shapes}"
        assert_close(got, want, claim, rtol=rtol, atol=atol)


def _from_backward(
    call: Function, points: Arrays, weights: np.ndarray, name: str
) -> Arrays:
    tensors = [ndl.Tensor(point) for point in points]
    call(*tensors).backward(ndl.Tensor(weights, requires_grad=False))
    return [_grad_of(tensor) for tensor in tensors]


def _grad_of(tensor: Any) -> np.ndarray:
    """Return ``.grad`` as an array: zeros where nothing flowed back."""
    grad = tensor.grad
    return np.zeros(tensor.shape) if grad is None else np.array(grad.numpy())


def _from_operation(
    call: Function, points: Arrays, weights: np.ndarray, name: str
) -> Arrays:
    tensors = [ndl.Tensor(point) for point in points]
    node, out_grad = call(*tensors), ndl.Tensor(weights)
    if node.op is None or any(
        one is not other for one, other in zip(node.inputs, tensors, strict=True)
    ):
        raise ValueError(f"{name} is not a single operation: pass backward=True")
    slopes = node.op.gradient_as_tuple(out_grad, node)
    derived = [np.array(slope.numpy()) for slope in slopes]
    for tensor, before in zip([*tensors, out_grad], [*points, weights], strict=True):
        which = "out_grad" if tensor is out_grad else "an input"
        claim = f"{name}: compute and gradient should leave {which} as it is"
        assert_close(tensor.numpy(), before, claim, rtol=0, atol=0)
    _check_graph(call, slopes, tensors, out_grad, name)
    return derived


def _check_graph(
    call: Function,
    slopes: Sequence[Any],
    tensors: Sequence[Any],
    out_grad: Any,
    name: str,
) -> None:
    """Fail unless the gradients are a graph that begins at the inputs and out_grad.

    Everything in the graph is computed again from other leaves. A gradient that left
    needle on its way, through NumPy or ``.data``, keeps its old values and shows.
    """
    for leaf, factor in zip([*tensors, out_grad], (1.25, 1.5, -0.75), strict=False):
        leaf.cached_data = np.array(leaf.cached_data * factor)
    again = call(*tensors)
    expected = again.op.gradient_as_tuple(out_grad, again)
    _forget_values(slopes)
    for got, want in zip(slopes, expected, strict=True):
        claim = (
            f"{name}: a gradient should be computed from out_grad and node.inputs by"
            " operations of needle, so that it can be differentiated again; this one"
            " does not follow when they change"
        )
        assert_close(got.numpy(), want.numpy(), claim, rtol=1e-9, atol=1e-12)


def _forget_values(tensors: Sequence[Any]) -> None:
    """Forget every computed value in the graphs of some tensors."""
    waiting, seen = list(tensors), set()
    while waiting:
        value = waiting.pop()
        if id(value) not in seen and not value.is_leaf():
            seen.add(id(value))
            value.cached_data = None
            waiting += value.inputs


def _check_second(
    call: Function,
    points: Arrays,
    weights: np.ndarray,
    name: str,
    rng: np.random.Generator,
    *,
    rtol: float,
    atol: float,
) -> None:
    """Compare the gradient of a weighted sum of all gradients with the measured one."""
    directions = [rng.standard_normal(point.shape) for point in points]

    def total(*at: np.ndarray) -> float:
        slopes = _from_backward(call, list(at), weights, name)
        return sum(
            float(np.sum(d * s)) for d, s in zip(directions, slopes, strict=True)
        )

    tensors = [ndl.Tensor(point) for point in points]
    call(*tensors).backward(ndl.Tensor(weights, requires_grad=False))
    derived = [np.zeros_like(point) for point in points]
    for grad, direction in zip([t.grad for t in tensors], directions, strict=True):
        if grad is None or not grad.requires_grad:  # it does not depend on the inputs
            continue
        for tensor in tensors:
            tensor.grad = None
        grad.backward(ndl.Tensor(direction, requires_grad=False))
        derived = [d + _grad_of(t) for d, t in zip(derived, tensors, strict=True)]
    what = f"the gradient of the gradients of {name}"
    _compare(derived, _measure(total, points), what, rtol, atol)
