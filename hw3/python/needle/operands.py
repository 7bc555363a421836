"""What may stand beside a tensor in an expression, and what it becomes."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from operator import index
from typing import TYPE_CHECKING, Any

import numpy

import needle

from .backend_selection import NDArray

if TYPE_CHECKING:
    from .autograd import Tensor


def is_scalar(value: object) -> bool:
    """Return whether a value is a plain real number."""
    return isinstance(value, (int, float))


def operand(value: Any) -> Any:
    """Return a tensor or Python's number as it is, an array as one of the two.

    NumPy's scalars and arrays with a single element and at most one axis become
    Python's numbers, which never change the dtype of what they meet; larger arrays and
    lists become constants. Anything else is returned as it is.
    """
    if isinstance(value, needle.Tensor):
        return value
    if isinstance(value, numpy.generic):  # before float, which float64 is as well
        return value.item()
    if is_scalar(value):
        return value
    if isinstance(value, (numpy.ndarray, list, tuple)):
        array = numpy.asarray(value)
        if array.size == 1 and array.ndim <= 1 and array.dtype.kind in "biuf":
            return array.item()
        return needle.Tensor(array, requires_grad=False)
    return float(value) if isinstance(value, Real) else value


def beside(operator: Callable[[Any, Any], Any], tensor: Tensor, value: Any) -> Any:
    """Return what an operator makes of a tensor and of what is none yet, nor a number.

    Returns ``NotImplemented`` for what is no operand, as operators do.
    """
    value = _placed(value, tensor)
    value = operand(value)
    if is_scalar(value) or isinstance(value, needle.Tensor):
        return operator(tensor, value)
    return NotImplemented


def python_number(value: Any) -> Any:
    """Return the number that an operation keeps: a Python number wherever possible."""
    if type(value) is float or type(value) is int:  # nearly always
        return value
    if isinstance(value, (numpy.generic, numpy.ndarray)):
        return value.item() if value.size == 1 else value
    if is_scalar(value):
        return value
    raise TypeError(f"the scalar of an operation is a number, not {value!r:.60}")


def as_axes(axes: Any) -> int | tuple[int, ...] | None:
    """Return what an operation keeps as its axes: None, an int or a tuple of them."""
    return None if axes is None else _integers(axes)


def as_shape(shape: Any) -> tuple[int, ...]:
    """Return what an operation keeps as a shape: a tuple of Python's integers."""
    lengths = _integers(shape)
    return lengths if isinstance(lengths, tuple) else (lengths,)


def broadcast_shape(first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape to which two shapes broadcast.

    Raises:
        ValueError: if there is none.
    """
    if first[len(first) - len(second) :] == second:  # mostly: a row for each row
        return first
    return numpy.broadcast_shapes(first, second)


def _integers(value: Any) -> int | tuple[int, ...]:
    try:
        return tuple(map(index, value)) if hasattr(value, "__iter__") else index(value)
    except TypeError:
        raise TypeError(f"axes and lengths are integers, not {value!r:.60}") from None


def factor_like(tensor: Tensor, value: Any) -> Any:
    """Return an operand of a matrix product: an array of one element stays a vector."""
    if isinstance(value, _SEVERAL):
        return _constant(value, tensor)
    return constant_like(tensor, value)


def constant_like(tensor: Tensor, value: Any) -> Any:
    """Return an operand as a tensor; a number gets the dtype that NumPy would choose.

    Returns ``NotImplemented`` for what is no operand, as operators do.
    """
    value = _placed(value, tensor)
    value = operand(value)
    if isinstance(value, needle.Tensor):
        return value
    if not is_scalar(value):
        return NotImplemented
    dtype = numpy.result_type(tensor.dtype, value)
    return _constant(value, tensor, dtype)


_SEVERAL = (numpy.ndarray, NDArray, list, tuple)


def _placed(value: Any, tensor: Tensor) -> Any:
    """Return arrays of several elements as constants on the device of a tensor."""
    if not isinstance(value, _SEVERAL):
        return value
    array = value if isinstance(value, NDArray) else numpy.asarray(value)
    if array.size == 1 and array.ndim <= 1:
        return numpy.asarray(array)
    return _constant(array, tensor)


def _constant(value: Any, tensor: Tensor, dtype: Any = None) -> Tensor:
    """Return numbers as a constant on the device of a tensor."""
    return needle.Tensor(value, device=tensor.device, dtype=dtype, requires_grad=False)




# What NumPy and Python call the operators of an expression ``array + tensor``.
_OPERATORS = {
    "add": "add",
    "subtract": "sub",
    "multiply": "mul",
    "divide": "truediv",
    "power": "pow",
    "matmul": "matmul",
}


def instead_of_numpy(
    ufunc: numpy.ufunc, method: str, inputs: tuple[Any, ...], settings: dict[str, Any]
) -> Any:
    """Return the tensor of an operator that NumPy was asked for; refuse the rest.

    Any other function would compute an array, and the graph would end there unnoticed.
    """
    name = ufunc.__name__
    if name in _OPERATORS and method == "__call__" and not settings:
        first, second = inputs
        if isinstance(first, needle.Tensor):
            return getattr(first, f"__{_OPERATORS[name]}__")(second)
        return getattr(second, f"__r{_OPERATORS[name]}__")(first)
    if "out" in settings:
        raise TypeError("an array cannot take a Tensor x in: use x.numpy()")
    raise _refusal(name, name)


# Functions of NumPy that needle has, too, and by which name.
_HAS_ITSELF = {
    "broadcast_to": "broadcast_to",
    "dot": "matmul",
    "mean": "summation",
    "reshape": "reshape",
    "sum": "summation",
    "swapaxes": "transpose",
    "transpose": "transpose",
}


def on_numbers(function: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """Call a function of NumPy on the arrays of tensors; refuse those needle has.

    To compare or to look at values is fine; but where one meant to go on computing with
    the result, the graph would have ended unnoticed.
    """
    name = function.__name__
    if name in _HAS_ITSELF:
        raise _refusal(name, _HAS_ITSELF[name])
    return function(
        *_arrays(args), **{key: _arrays(value) for key, value in kwargs.items()}
    )


def _arrays(value: Any) -> Any:
    if isinstance(value, needle.Tensor):
        return value.numpy()
    if type(value) in (list, tuple):
        return type(value)(_arrays(each) for each in value)
    return value


def _refusal(name: str, own: str) -> TypeError:
    known = f"needle.{own}" if hasattr(needle.ops, own) else "needle's operations"
    return TypeError(
        f"numpy.{name} does not work on a Tensor x: use {known}, or x.numpy()"
    )
