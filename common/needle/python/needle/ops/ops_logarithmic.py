"""Logarithms of sums of exponentials, computed so that nothing overflows."""

from __future__ import annotations

### STAGE hw1..hw2
#| import numpy as array_api
#|
### END STAGE
### STAGE hw3+
from needle.backend_selection import array_api

### END STAGE
from ..autograd import NDArray, Op, Tensor, TensorOp, TensorTuple, TensorTupleOp, Value
from ..operands import as_axes
from .ops_mathematic import broadcast_to, exp, reshape, summation


class LogSumExp(TensorOp):
    """``log(sum(exp(Z)))`` over some axes, which are gone afterwards.

    ``axes`` is one axis or a tuple of axes, negative ones counted from the end; None
    means all of them. Finite for every finite ``Z``, however large or small.
    """

    def __init__(self, axes: int | tuple[int, ...] | None = None) -> None:
        self.axes = as_axes(axes)

    def compute(self, Z: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw2.op_logsumexp
        largest = array_api.max(Z, axis=self.axes, keepdims=True)
        total = array_api.sum(array_api.exp(Z - largest), axis=self.axes)
        return array_api.log(total) + array_api.reshape(largest, total.shape)
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw2.op_logsumexp
        (Z,) = node.inputs
        kept = _with_ones(Z.shape, self.axes)
        softmax = exp(Z - reshape(node, kept))
        return reshape(out_grad, kept) * softmax
        ### END YOUR SOLUTION


### SOLUTION ONLY hw2.op_logsumexp
def _with_ones(
    shape: tuple[int, ...], axes: int | tuple[int, ...] | None
) -> tuple[int, ...]:
    """Return a shape in which the axes that were summed over have length 1."""
    axes = range(len(shape)) if axes is None else axes
    axes = (axes,) if isinstance(axes, int) else axes
    summed = {axis % len(shape) for axis in axes}
    return tuple(1 if axis in summed else n for axis, n in enumerate(shape))


### END SOLUTION ONLY


def logsumexp(a: Tensor, axes: int | tuple[int, ...] | None = None) -> Tensor:
    """Return ``log(sum(exp(a)))`` over ``axes``, by default over all."""
    return LogSumExp(axes)(a)


class LogSoftmax(TensorOp):
    """``Z - log(sum(exp(Z)))`` along each row: the logarithms of softmax.

    Shapes: ``(m, k) -> (m, k)``.
    """

    def compute(self, Z: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw2.op_logsoftmax
        shifted = Z - array_api.max(Z, axis=1, keepdims=True)
        total = array_api.sum(array_api.exp(shifted), axis=1, keepdims=True)
        return shifted - array_api.log(total)
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw2.op_logsoftmax
        rows = reshape(summation(out_grad, axes=(1,)), (node.shape[0], 1))
        return out_grad - exp(node) * broadcast_to(rows, node.shape)
        ### END YOUR SOLUTION


def logsoftmax(a: Tensor) -> Tensor:
    """Return the logarithms of the softmax of each row."""
    return LogSoftmax()(a)
