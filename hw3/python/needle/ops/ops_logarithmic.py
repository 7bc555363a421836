"""Logarithms of sums of exponentials, computed so that nothing overflows."""

from __future__ import annotations

from needle.backend_selection import array_api

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
        raise NotImplementedError("hw2.op_logsumexp: LogSumExp.compute is yours to write (handout, question 5 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw2.op_logsumexp
        raise NotImplementedError("hw2.op_logsumexp: LogSumExp.gradient is yours to write (handout, question 5 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION


def logsumexp(a: Tensor, axes: int | tuple[int, ...] | None = None) -> Tensor:
    """Return ``log(sum(exp(a)))`` over ``axes``, by default over all."""
    return LogSumExp(axes)(a)


class LogSoftmax(TensorOp):
    """``Z - log(sum(exp(Z)))`` along each row: the logarithms of softmax.

    Shapes: ``(m, k) -> (m, k)``.
    """

    def compute(self, Z: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw2.op_logsoftmax
        raise NotImplementedError("hw2.op_logsoftmax: LogSoftmax.compute is yours to write (handout, question 6 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw2.op_logsoftmax
        raise NotImplementedError("hw2.op_logsoftmax: LogSoftmax.gradient is yours to write (handout, question 6 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION


def logsoftmax(a: Tensor) -> Tensor:
    """Return the logarithms of the softmax of each row."""
    return LogSoftmax()(a)
