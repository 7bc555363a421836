"""Why an operation does not fit its operands, in terms of shapes and axes.

Asked only after something has failed; what `compute` accepts is not restricted here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .autograd import Op

Shape = tuple[int, ...]


def reason(op: Op, shapes: Sequence[Shape]) -> str | None:
    """Return why ``op`` cannot work on these shapes; None if they are not the cause."""
    if op.elementwise:
        return _unequal(shapes, -1)
    rule = _RULES.get(type(op).__name__)
    return rule(op, shapes) if rule else None


def _unequal(shapes: Sequence[Shape], last: int) -> str | None:
    """Return where two shapes, whose last axis is called ``last``, do not broadcast."""
    if len(shapes) != 2:
        return None
    pairs = zip(reversed(shapes[0]), reversed(shapes[1]), strict=False)
    for back, (first, second) in enumerate(pairs):
        if first != second and 1 not in (first, second):
            return (
                f"axis {last - back} has length {first} in the first and {second} in"
                " the second; lengths have to be equal, or one of them 1"
            )
    return None


def _matmul(op: Op, shapes: Sequence[Shape]) -> str | None:
    if len(shapes) != 2:
        return None
    for shape, which in zip(shapes, ("first", "second"), strict=True):
        if not shape:
            return f"the {which} has no axes; a number multiplies with *, not @"
    first, second = shapes
    if first[-1] != second[max(len(second) - 2, 0)]:
        return (
            f"axis -1 of the first has length {first[-1]}, axis {-min(len(second), 2)}"
            f" of the second {second[max(len(second) - 2, 0)]}; they have to be equal"
        )
    return _unequal([shape[:-2] for shape in shapes], -3)


def _reshape(op: Any, shapes: Sequence[Shape]) -> str | None:
    size, known = prod(shapes[0]), prod(n for n in op.shape if n != -1)
    unknown = op.shape.count(-1)
    if unknown > 1:
        return "only one of the lengths can be -1"
    if unknown and (known == 0 or size % known):
        return f"{size} elements cannot be shared out over {op.shape}"
    if not unknown and size != known:
        return f"{size} elements do not fit into {op.shape}, which holds {known}"
    return None


def _broadcast_to(op: Any, shapes: Sequence[Shape]) -> str | None:
    shape, target = shapes[0], op.shape
    if len(shape) > len(target):
        return (
            f"{_axes(shape)} cannot become {len(target)}; they can only grow in number"
        )
    pairs = zip(reversed(shape), reversed(target), strict=False)
    for back, (have, want) in enumerate(pairs):
        if have not in (1, want):
            return (
                f"axis {-1 - back} has length {have} and cannot become {want};"
                " only length 1 can be repeated"
            )
    return None


def _summation(op: Any, shapes: Sequence[Shape]) -> str | None:
    axes = (op.axes,) if isinstance(op.axes, int) else op.axes or ()
    return _missing(axes, shapes[0]) or _repeated(axes, shapes[0])


def _log_softmax(op: Op, shapes: Sequence[Shape]) -> str | None:
    if len(shapes[0]) == 2:
        return None
    return f"it works on rows, and the tensor has {_axes(shapes[0])} in place of 2"


def _transpose(op: Any, shapes: Sequence[Shape]) -> str | None:
    if op.axes is None and len(shapes[0]) < 2:
        return f"it exchanges the last two axes, and the tensor has {_axes(shapes[0])}"
    return _missing(op.axes or (), shapes[0])


def _missing(axes: Sequence[int], shape: Shape) -> str | None:
    ndim = len(shape)
    for axis in axes:
        if not -ndim <= axis < ndim:
            known = f", 0 to {ndim - 1}" if ndim > 1 else ""
            return f"there is no axis {axis}: the tensor has {_axes(shape)}{known}"
    return None


def _repeated(axes: Sequence[int], shape: Shape) -> str | None:
    counted = [axis % len(shape) for axis in axes]
    for axis in counted:
        if counted.count(axis) > 1:
            return f"axis {axis} is named more than once"
    return None


def _axes(shape: Shape) -> str:
    return {0: "no axes", 1: "1 axis"}.get(len(shape), f"{len(shape)} axes")


_RULES: dict[str, Callable[[Any, Sequence[Shape]], str | None]] = {
    "LogSoftmax": _log_softmax,
    "LogSumExp": _summation,
    "MatMul": _matmul,
    "Reshape": _reshape,
    "BroadcastTo": _broadcast_to,
    "Summation": _summation,
    "Transpose": _transpose,
}
