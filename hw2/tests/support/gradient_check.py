"""Hold the gradients that needle derives against gradients that are measured.

All in float64: the error of a central difference is then about 1e-10 for values of
order 1, so that a wrong formula cannot hide in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import needle as ndl
import numpy as np
from numeric import assert_close, numerical_gradient

# A report shows the test and your code, not what is between them.
__tracebackhide__ = True

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
        backward: False asks the operation alone, through ``op.gradient_as_tuple``,
            and sees to it that tensors stay as they are and that the gradient is a
            graph; True calls ``backward()``, and ``f`` may be any function.
        order: 2 differentiates the gradients once more, with ``backward()``.
        rtol, atol: how far the two may be apart.
        seed: chooses the weights.

    Returns:
        The gradients that needle derived, one for each array.
    """
    if order == 2 and not backward:
        raise ValueError("order=2 differentiates by backward(): pass backward=True")
    points = [np.array(array, dtype=np.float64) for array in arrays]
    rng = np.random.default_rng(seed)
    call = partial(f, **kwargs)
    weights = rng.standard_normal(_value(call, points).shape)
    trial = _Trial(call, call_name(f, kwargs), weights, rtol, atol)
    derived = (trial.by_backward if backward else trial.by_operation)(points)
    trial.compare(derived, _measure(trial.total, points), "gradient")
    if not backward:
        trial.check_graph(points)
    if order == 2:
        trial.check_second(points, rng)
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


def _grad_of(tensor: Any) -> np.ndarray:
    """Return ``.grad`` as an array: zeros where nothing flowed back."""
    grad = tensor.grad
    return np.zeros(tensor.shape) if grad is None else np.array(grad.numpy())


def _forget_values(tensors: Sequence[Any]) -> None:
    """Forget every computed value in the graphs of some tensors."""
    waiting, seen = list(tensors), set()
    while waiting:
        value = waiting.pop()
        if id(value) not in seen and not value.is_leaf():
            seen.add(id(value))
            value.cached_data = None
            waiting += value.inputs


@dataclass(frozen=True)
class _Trial:
    """A function of tensors, and the weights that make one number of its result."""

    call: Function
    name: str
    weights: np.ndarray
    rtol: float
    atol: float

    def total(self, *points: np.ndarray) -> float:
        """Return what is differentiated: the weighted sum of the result."""
        return float(np.sum(self.weights * _value(self.call, points)))

    def compare(self, derived: Arrays, measured: Arrays, what: str) -> None:
        """Fail with the first input whose two gradients differ."""
        shapes = " and ".join(str(each.shape) for each in measured)
        for position, (got, want) in enumerate(zip(derived, measured, strict=True)):
            claim = (
                f"the {what} of {self.name} in input {position}, for shapes {shapes}"
            )
            assert_close(got, want, claim, rtol=self.rtol, atol=self.atol)

    def by_backward(self, points: Sequence[np.ndarray]) -> Arrays:
        """Return what ``backward()`` leaves in ``.grad`` of each tensor."""
        return [_grad_of(tensor) for tensor in self._after_backward(points)]

    def _after_backward(self, points: Sequence[np.ndarray]) -> list[Any]:
        tensors = [ndl.Tensor(point) for point in points]
        self.call(*tensors).backward(ndl.Tensor(self.weights, requires_grad=False))
        return tensors

    def by_operation(self, points: Arrays) -> Arrays:
        """Return what the operation's ``gradient`` says; see that tensors stay."""
        tensors, node, out_grad = self._one_node(points)
        slopes = node.op.gradient_as_tuple(out_grad, node)
        derived = [np.array(slope.numpy()) for slope in slopes]
        for tensor, before in zip(
            [*tensors, out_grad], [*points, self.weights], strict=True
        ):
            which = "out_grad" if tensor is out_grad else "an input"
            claim = f"{self.name}: compute and gradient should leave {which} as it is"
            assert_close(tensor.numpy(), before, claim, rtol=0, atol=0)
        return derived

    def _one_node(self, points: Arrays) -> tuple[list[Any], Any, Any]:
        """Return tensors, the node that one operation makes of them, and out_grad."""
        tensors = [ndl.Tensor(point) for point in points]
        node = self.call(*tensors)
        if [id(each) for each in node.inputs] != [id(each) for each in tensors]:
            raise ValueError(
                f"{self.name} is not a single operation: pass backward=True"
            )
        return tensors, node, ndl.Tensor(self.weights)

    def check_graph(self, points: Arrays) -> None:
        """Fail unless the gradients are a graph that begins at inputs and out_grad.

        Everything in the graph is computed again from other leaves. A gradient that
        left needle on its way, through NumPy or ``.data``, keeps its old values.
        """
        tensors, node, out_grad = self._one_node(points)
        slopes = node.op.gradient_as_tuple(out_grad, node)
        for leaf, factor in zip([*tensors, out_grad], (1.25, 1.5, -0.75), strict=False):
            leaf.cached_data = np.array(leaf.cached_data * factor)
        again = self.call(*tensors)
        expected = again.op.gradient_as_tuple(out_grad, again)
        _forget_values(slopes)
        for got, want in zip(slopes, expected, strict=True):
            claim = (
                f"{self.name}: a gradient should be computed from out_grad and"
                " node.inputs by operations of needle, so that it can be differentiated"
                " again; this one does not follow when they change"
            )
            assert_close(got.numpy(), want.numpy(), claim, rtol=1e-9, atol=1e-12)

    def check_second(self, points: Arrays, rng: np.random.Generator) -> None:
        """Differentiate a weighted sum of all gradients, and compare with measuring."""
        directions = [rng.standard_normal(point.shape) for point in points]

        def along(*at: np.ndarray) -> float:
            slopes = zip(directions, self.by_backward(at), strict=True)
            return sum(float(np.sum(way * slope)) for way, slope in slopes)

        tensors = self._after_backward(points)
        derived = [np.zeros_like(point) for point in points]
        for grad, way in zip([t.grad for t in tensors], directions, strict=True):
            if grad is None or not grad.requires_grad:  # the same for all inputs
                continue
            for tensor in tensors:
                tensor.grad = None
            grad.backward(ndl.Tensor(way, requires_grad=False))
            derived = [d + _grad_of(t) for d, t in zip(derived, tensors, strict=True)]
        self.compare(derived, _measure(along, points), "gradient of the gradients")
