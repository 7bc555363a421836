"""What is checked around every operation, and what is said when it fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy

from .backend_selection import BACKEND, NDArray

from .diagnosis import reason

if TYPE_CHECKING:
    from .autograd import Op, Value

# What a `compute` raises that does not fit its operands; arrays of our own assert.
FAILURES = (ValueError, TypeError, IndexError, OverflowError, AssertionError)


def name_of(op: Op) -> str:
    """Return an operation as one would write it: ``Summation(axes=(0, 2))``."""
    settings = ", ".join(f"{name}={value!r}" for name, value in vars(op).items())
    return f"{type(op).__name__}({settings})" if settings else type(op).__name__


def shape_of(data: Any) -> tuple[Any, ...]:
    """Return the shape of a value's data, or the shapes of a tuple's parts."""
    if isinstance(data, tuple):
        return tuple(part.shape for part in data)
    return getattr(data, "shape", ())


def check_operands(op: Op, args: Sequence[Any]) -> None:
    """Raise if an argument of an operation is no node of a graph.

    Asked only when one has failed, for by itself it says nothing useful.
    """
    for position, value in enumerate(args):
        data = getattr(value, "cached_data", value)
        if data is value or (op.elementwise and isinstance(data, tuple)):
            raise TypeError(
                f"{type(op).__name__} works on tensors; argument {position} is"
                f" {_a(value)}"
            )


def explain_failure(error: Exception, op: Op, inputs: Sequence[Value]) -> Exception:
    """Return the error of a ``compute`` with the operation and the shapes in front.

    Where the shapes are the cause, it says which axis; else what NumPy said.
    """
    data = [node.cached_data for node in inputs]
    shapes = [shape_of(each) for each in data]
    cause = (
        None if any(isinstance(each, tuple) for each in data) else reason(op, shapes)
    )
    cause = cause or _two_devices(data)
    kept = (kind for kind in (TypeError, OverflowError) if isinstance(error, kind))
    kind = ValueError if cause else next(kept, ValueError)
    said = " and ".join(map(str, shapes))
    return kind(f"{name_of(op)} of {said}: {cause or error}")


def check_result(data: Any, node: Value) -> Any:
    """Return what a ``compute`` returned, every part of it as an array.

    NumPy's functions return scalars where the result has no axes; a tensor holds an
    array all the same.
    """
    if BACKEND == "nd":
        return _check_own(data, node)
    if type(data) is numpy.ndarray:
        return data
    if isinstance(data, (numpy.generic, numpy.ndarray)):
        return numpy.asarray(data)
    if isinstance(data, tuple):
        return tuple(numpy.asarray(part) for part in data)
    raise TypeError(
        f"{type(node.op).__name__}.compute returned {_a(data)}; it works on arrays and"
        " returns an array"
    )


def _check_own(data: Any, node: Value) -> Any:
    """Return what a ``compute`` returned; raise unless it is of arrays of our own."""
    for part in data if isinstance(data, tuple) else (data,):
        if not isinstance(part, NDArray):
            raise TypeError(
                f"{type(node.op).__name__}.compute returned {_a(part)}; it works on"
                " NDArrays and returns one: use array_api where numpy was used"
            )
    return data


def _two_devices(data: Sequence[Any]) -> str | None:
    """Return where two arrays of our own are, if that is not the same device."""
    found = [each.device for each in data if BACKEND == "nd" and shape_of(each)]
    if len(found) != 2 or found[0] == found[1]:
        return None
    return (
        f"the first is on {found[0]}, the second on {found[1]};"
        " Tensor(x, device=...) makes one where the other is"
    )


def same_shapes(first: Sequence[Any], second: Sequence[Value]) -> bool:
    """Return whether two lists of values are plainly computed and of equal shapes."""
    try:
        return [value.cached_data.shape for value in first] == [
            value.cached_data.shape for value in second
        ]
    except AttributeError:  # a tuple, one not computed yet, or no value at all
        return False


def check_gradients(
    op: Op, gradients: tuple[Any, ...], inputs: Sequence[Value]
) -> None:
    """Raise unless there is one node for each input, of the input's shape.

    An input that requires no gradient may have None.
    """
    if len(gradients) != len(inputs):
        raise ValueError(
            f"{_gradient(op)} {len(gradients)} gradients for {len(inputs)} inputs"
        )
    for position, (gradient, node) in enumerate(zip(gradients, inputs, strict=True)):
        data = getattr(gradient, "cached_data", gradient)
        if data is gradient:
            if gradient is None and not node.requires_grad:
                continue
            raise TypeError(
                f"{_gradient(op)} {_a(gradient)} for input {position}; it works on"
                " tensors and returns tensors"
            )
        if not _same_shape(data, node.cached_data):
            raise ValueError(
                f"{_gradient(op)} a gradient of shape {shape_of(data)} for input"
                f" {position}, which has shape {shape_of(node.cached_data)}"
            )


def _gradient(op: Op) -> str:
    return f"{type(op).__name__}.gradient returned"


def _same_shape(data: Any, expected: Any) -> bool:
    """Return whether two values have one shape, as far as they are computed by now."""
    if type(data) is type(expected) is numpy.ndarray:  # nearly always, hence first
        return data.shape == expected.shape
    if data is None or expected is None:
        return True
    return shape_of(data) == shape_of(expected)


def _a(value: object) -> str:
    name = type(value).__name__
    return f"an {name}" if name[0] in "aeiouAEIOU" or name == "ndarray" else f"a {name}"
