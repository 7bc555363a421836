"""Log-sum-exp and log-softmax, with constants of NumPy inside their gradients."""

import numpy as array_api

from ..autograd import NDArray, Op, Tensor, TensorOp, TensorTuple, TensorTupleOp, Value
from .ops_mathematic import broadcast_to, divide, exp, multiply, reshape, summation


class LogSoftmax(TensorOp):
    def compute(self, Z):
        max_z = array_api.max(Z, axis=1, keepdims=True)
        log_sum = array_api.log(array_api.exp(Z - max_z).sum(axis=1, keepdims=True))
        return Z - max_z - log_sum

    def gradient(self, out_grad, node):
        softmax = exp(node)
        sums = summation(out_grad, axes=(1,))
        sums = broadcast_to(reshape(sums, (sums.shape[0], 1)), node.shape)
        return out_grad - multiply(sums, softmax)


def logsoftmax(a):
    return LogSoftmax()(a)


class LogSumExp(TensorOp):
    def __init__(self, axes=None):
        self.axes = axes

    def compute(self, Z):
        max_z = array_api.amax(Z, axis=self.axes, keepdims=True)
        out = array_api.log(array_api.exp(Z - max_z).sum(axis=self.axes, keepdims=True))
        out = out + max_z
        axes = self.axes if self.axes is not None else tuple(range(len(Z.shape)))
        return array_api.squeeze(out, axis=axes)

    def gradient(self, out_grad, node):
        Z = node.inputs[0]
        max_z = Z.realize_cached_data().max(axis=self.axes, keepdims=True)
        exp_z = exp(Z - Tensor(max_z, requires_grad=False))
        shape = list(max_z.shape)
        sum_exp = summation(exp_z, self.axes)
        ratio = reshape(divide(out_grad, sum_exp), tuple(shape))
        return multiply(broadcast_to(ratio, Z.shape), exp_z)


def logsumexp(a, axes=None):
    return LogSumExp(axes=axes)(a)
