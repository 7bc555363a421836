"""Basic layers. Shapes throughout: ``n`` examples in a batch, one a row.

``misfit`` is asked before ``forward``, and says what about the inputs cannot be right.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from needle import init, ops
from needle.autograd import Tensor

from . import misfits
from .module import Module, Parameter, _child_modules, _unpack_params


class Identity(Module):
    """The layer that returns its input."""

    def forward(self, x: Tensor) -> Tensor:
        return x


class Linear(Module):
    """``X @ weight + bias``.

    Args:
        in_features: the length of the last axis of the input.
        out_features: the length of the last axis of the output.
        bias: whether there is a bias; without one the attribute ``bias`` is None.

    Parameters: ``weight``, shape ``(in_features, out_features)``, drawn by
    `kaiming_uniform`, and after it ``bias``, shape ``(1, out_features)``, drawn by
    ``kaiming_uniform(out_features, 1)``.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        device: Any = None,
        dtype: str = "float32",
    ) -> None:
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        ### BEGIN YOUR SOLUTION hw2.nn_linear
        made = {"device": device, "dtype": dtype}
        self.weight = Parameter(init.kaiming_uniform(in_features, out_features, **made))
        self.bias = None
        if bias:
            column = init.kaiming_uniform(out_features, 1, **made)
            self.bias = Parameter(column.reshape((1, out_features)))
        ### END YOUR SOLUTION

    def misfit(self, X: Tensor) -> str | None:
        return misfits.not_ending_in(X, self.in_features)

    def forward(self, X: Tensor) -> Tensor:
        """Return ``X @ weight + bias``; shapes ``(n, ..., in) -> (n, ..., out)``."""
        ### BEGIN YOUR SOLUTION hw2.nn_linear
        out = X @ self.weight
        return out if self.bias is None else out + self.bias.broadcast_to(out.shape)
        ### END YOUR SOLUTION


class Flatten(Module):
    """All axes but the first as one: ``(n, a, b, ...) -> (n, a * b * ...)``."""

    def forward(self, X: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw2.nn_flatten
        return X.reshape((X.shape[0], math.prod(X.shape[1:])))
        ### END YOUR SOLUTION


class ReLU(Module):
    """``max(x, 0)``, elementwise."""

    def forward(self, x: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw2.nn_relu
        return ops.relu(x)
        ### END YOUR SOLUTION


class Sequential(Module):
    """Modules one after the other: each gets what the one before returned."""

    def __init__(self, *modules: Module) -> None:
        super().__init__()
        for module in modules:
            if not callable(module):
                raise TypeError(f"Sequential takes modules one by one, not {module!r}")
        self.modules = modules

    def forward(self, x: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw2.nn_sequential
        for module in self.modules:
            x = module(x)
        return x
        ### END YOUR SOLUTION


class SoftmaxLoss(Module):
    """The softmax (cross-entropy) loss, averaged over the batch."""

    def misfit(self, logits: Tensor, y: Tensor) -> str | None:
        return misfits.not_labelled(logits, y)

    def forward(self, logits: Tensor, y: Tensor) -> Tensor:
        """Return the mean of ``logsumexp(logits[i]) - logits[i, y[i]]``.

        Args:
            logits: shape ``(n, k)``.
            y: the numbers of the true classes, shape ``(n,)``.
        """
        ### BEGIN YOUR SOLUTION hw2.nn_softmax_loss
        n, k = logits.shape
        one_hot = init.one_hot(k, y, device=logits.device, dtype=logits.dtype)
        total = ops.summation(ops.logsumexp(logits, axes=(1,)))
        return (total - ops.summation(logits * one_hot)) / n
        ### END YOUR SOLUTION


### SOLUTION ONLY hw2.nn_batchnorm, hw2.nn_layernorm
def _mean_along(x: Tensor, axis: int) -> Tensor:
    """Return the mean over one axis, which is gone afterwards."""
    return x.sum(axes=(axis,)) / x.shape[axis]


### END SOLUTION ONLY


class BatchNorm1d(Module):
    """Each feature with mean 0 and variance 1 over the batch, then scaled and shifted.

    Args:
        dim: number of features.
        eps: added to the variance.
        momentum: the weight of a new batch in the running estimates.

    Parameters: ``weight``, ones, and ``bias``, zeros, both of shape ``(dim,)``.
    Buffers: ``running_mean``, zeros, and ``running_var``, ones, of shape ``(dim,)``:
    in training ``(1 - momentum) * running + momentum * batch``, in evaluation used in
    place of the statistics of the batch. Variances are biased: divided by ``n``.

    Source: Ioffe and Szegedy, "Batch normalization", 2015.
    """

    def __init__(
        self,
        dim: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        device: Any = None,
        dtype: str = "float32",
    ) -> None:
        super().__init__()
        self.dim = dim
        self.eps = eps
        self.momentum = momentum
        ### BEGIN YOUR SOLUTION hw2.nn_batchnorm
        made = {"device": device, "dtype": dtype}
        self.weight = Parameter(init.ones(dim, **made))
        self.bias = Parameter(init.zeros(dim, **made))
        self.running_mean = init.zeros(dim, **made)
        self.running_var = init.ones(dim, **made)
        ### END YOUR SOLUTION

    def misfit(self, x: Tensor) -> str | None:
        if self.training and getattr(x, "shape", None) == (0, self.dim):
            return "an empty batch has no statistics to train with"
        return misfits.not_rows(x, self.dim)

    def forward(self, x: Tensor) -> Tensor:
        """Return the normalised batch; shapes ``(n, dim) -> (n, dim)``."""
        ### BEGIN YOUR SOLUTION hw2.nn_batchnorm
        mean = _mean_along(x, 0) if self.training else self.running_mean
        centred = x - mean
        var = _mean_along(centred**2, 0) if self.training else self.running_var
        if self.training:
            self.running_mean = self._mixed(self.running_mean, mean)
            self.running_var = self._mixed(self.running_var, var)
        return centred * (self.weight / (var + self.eps) ** 0.5) + self.bias
        ### END YOUR SOLUTION

    ### SOLUTION ONLY hw2.nn_batchnorm
    def _mixed(self, running: Tensor, batch: Tensor) -> Tensor:
        """Return a running estimate after one more batch; it knows no graph."""
        return (1 - self.momentum) * running + self.momentum * batch.detach()

    ### END SOLUTION ONLY


class LayerNorm1d(Module):
    """Each row with mean 0 and variance 1, then features scaled and shifted.

    Args:
        dim: number of features.
        eps: added to the variance.

    Parameters: ``weight``, ones, and ``bias``, zeros, both of shape ``(dim,)``.
    Variances are biased: divided by ``dim``.

    Source: Ba, Kiros and Hinton, "Layer normalization", 2016.
    """

    def __init__(
        self,
        dim: int,
        eps: float = 1e-5,
        device: Any = None,
        dtype: str = "float32",
    ) -> None:
        super().__init__()
        self.dim = dim
        self.eps = eps
        ### BEGIN YOUR SOLUTION hw2.nn_layernorm
        self.weight = Parameter(init.ones(dim, device=device, dtype=dtype))
        self.bias = Parameter(init.zeros(dim, device=device, dtype=dtype))
        ### END YOUR SOLUTION

    def misfit(self, x: Tensor) -> str | None:
        return misfits.not_rows(x, self.dim)

    def forward(self, x: Tensor) -> Tensor:
        """Return the normalised rows; shapes ``(n, dim) -> (n, dim)``."""
        ### BEGIN YOUR SOLUTION hw2.nn_layernorm
        column = (x.shape[0], 1)
        centred = x - _mean_along(x, 1).reshape(column)
        std = (_mean_along(centred**2, 1).reshape(column) + self.eps) ** 0.5
        return centred / std * self.weight + self.bias
        ### END YOUR SOLUTION


class Dropout(Module):
    """Zeros in random places while training, each with probability ``p``.

    What stays is divided by ``1 - p``, so that its mean is that of the input. In
    evaluation the input is returned as it is. In training each call draws once, with
    `randb`: as many numbers as ``x`` has, each true with probability ``1 - p``.

    Source: Srivastava et al., "Dropout", 2014.
    """

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError(f"Dropout: p is a probability below 1, not {p}")
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw2.nn_dropout
        if not self.training:
            return x
        keep = 1 - self.p
        mask = init.randb(*x.shape, p=keep, device=x.device, dtype=x.dtype)
        return x * (mask / keep)
        ### END YOUR SOLUTION


class Residual(Module):
    """A module and a way around it: ``fn(x) + x``.

    Source: He et al., "Deep residual learning for image recognition", 2016.
    """

    def __init__(self, fn: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.fn = fn

    def forward(self, x: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw2.nn_residual
        return self.fn(x) + x
        ### END YOUR SOLUTION
