"""All of nn in one file: its own Parameter and Module, explicit broadcasts."""

import needle.init as init
import numpy as np
from needle import ops
from needle.autograd import Tensor


class Parameter(Tensor):
    """A tensor that is trained."""


def _unpack_params(value):
    if isinstance(value, Parameter):
        return [value]
    if isinstance(value, Module):
        return value.parameters()
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [param for each in value for param in _unpack_params(each)]
    return []


def _child_modules(value):
    if isinstance(value, Module):
        return [value, *_child_modules(value.__dict__)]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [module for each in value for module in _child_modules(each)]
    return []


class Module:
    def __init__(self):
        self.training = True

    def parameters(self):
        return _unpack_params(self.__dict__)

    def _children(self):
        return _child_modules(self.__dict__)

    def eval(self):
        self.training = False
        for module in self._children():
            module.training = False

    def train(self):
        self.training = True
        for module in self._children():
            module.training = True

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)


class Identity(Module):
    def forward(self, x):
        return x


class Linear(Module):
    def __init__(
        self, in_features, out_features, bias=True, device=None, dtype="float32"
    ):
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(
            init.kaiming_uniform(in_features, out_features, device=device, dtype=dtype)
        )
        if bias:
            drawn = init.kaiming_uniform(out_features, 1, device=device, dtype=dtype)
            self.bias = Parameter(ops.transpose(drawn).reshape((out_features,)))
        else:
            self.bias = None

    def forward(self, X):
        y = ops.matmul(X, self.weight)
        if self.bias is not None:
            y = ops.add(y, ops.broadcast_to(self.bias, y.shape))
        return y


class Flatten(Module):
    def forward(self, X):
        return ops.reshape(X, (X.shape[0], int(np.prod(X.shape[1:]))))


class ReLU(Module):
    def forward(self, x):
        return ops.relu(x)


class Sequential(Module):
    def __init__(self, *modules):
        super().__init__()
        self.modules = modules

    def forward(self, x):
        out = x
        for layer in self.modules:
            out = layer.forward(out)
        return out


class SoftmaxLoss(Module):
    def forward(self, logits, y):
        one_hot = init.one_hot(logits.shape[1], y)
        picked = ops.summation(ops.multiply(logits, one_hot), axes=(1,))
        losses = ops.logsumexp(logits, axes=(1,)) - picked
        return ops.divide_scalar(ops.summation(losses), np.float64(logits.shape[0]))


class BatchNorm1d(Module):
    def __init__(self, dim, eps=1e-5, momentum=0.1, device=None, dtype="float32"):
        super().__init__()
        self.dim = dim
        self.eps = eps
        self.momentum = momentum
        self.weight = Parameter(init.ones(dim, device=device, dtype=dtype))
        self.bias = Parameter(init.zeros(dim, device=device, dtype=dtype))
        self.running_mean = init.zeros(dim, device=device, dtype=dtype)
        self.running_var = init.ones(dim, device=device, dtype=dtype)

    def _rows(self, x, shape):
        return x.reshape((1, self.dim)).broadcast_to(shape)

    def forward(self, x):
        n = x.shape[0]
        weight, bias = self._rows(self.weight, x.shape), self._rows(self.bias, x.shape)
        if not self.training:
            centred = x - self._rows(self.running_mean, x.shape)
            std = (self._rows(self.running_var, x.shape) + self.eps) ** 0.5
            return weight * (centred / std) + bias
        mean = ops.divide_scalar(ops.summation(x, axes=(0,)), n)
        centred = x - self._rows(mean, x.shape)
        var = ops.divide_scalar(ops.summation(centred**2, axes=(0,)), n)
        m = self.momentum
        self.running_mean.data = (1 - m) * self.running_mean.data + m * mean.data
        self.running_var.data = (1 - m) * self.running_var.data + m * var.data
        std = self._rows((var + self.eps) ** 0.5, x.shape)
        return weight * centred / std + bias


class LayerNorm1d(Module):
    def __init__(self, dim, eps=1e-5, device=None, dtype="float32"):
        super().__init__()
        self.dim = dim
        self.eps = eps
        self.weight = Parameter(init.ones(dim, device=device, dtype=dtype))
        self.bias = Parameter(init.zeros(dim, device=device, dtype=dtype))

    def _column(self, x, shape):
        return x.reshape((shape[0], 1)).broadcast_to(shape)

    def forward(self, x):
        mean = self._column(x.sum(axes=(1,)) / self.dim, x.shape)
        var = self._column(((x - mean) ** 2).sum(axes=(1,)) / self.dim, x.shape)
        normed = (x - mean) * (var + self.eps) ** (-0.5)
        weight = self.weight.reshape((1, self.dim)).broadcast_to(x.shape)
        bias = self.bias.reshape((1, self.dim)).broadcast_to(x.shape)
        return weight * normed + bias


class Dropout(Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training and self.p > 0:
            mask = init.randb(*x.shape, p=1 - self.p, dtype="float32")
            x = x * mask / (1 - self.p)
        return x


class Residual(Module):
    def __init__(self, fn):
        super().__init__()
        self.fn = fn

    def forward(self, x):
        return ops.add(x, self.fn(x))
