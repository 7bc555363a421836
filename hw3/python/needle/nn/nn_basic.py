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
        raise NotImplementedError("hw2.nn_linear: Linear.__init__ is yours to write (handout, question 2 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION

    def misfit(self, X: Tensor) -> str | None:
        return misfits.not_ending_in(X, self.in_features)

    def forward(self, X: Tensor) -> Tensor:
        """Return ``X @ weight + bias``; shapes ``(n, ..., in) -> (n, ..., out)``."""
        ### BEGIN YOUR SOLUTION hw2.nn_linear
        raise NotImplementedError("hw2.nn_linear: Linear.forward is yours to write (handout, question 2 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION


class Flatten(Module):
    """All axes but the first as one: ``(n, a, b, ...) -> (n, a * b * ...)``."""

    def forward(self, X: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw2.nn_flatten
        raise NotImplementedError("hw2.nn_flatten: Flatten.forward is yours to write (handout, question 9 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION


class ReLU(Module):
    """``max(x, 0)``, elementwise."""

    def forward(self, x: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw2.nn_relu
        raise NotImplementedError("hw2.nn_relu: ReLU.forward is yours to write (handout, question 3 of hw2; `course carry hw2 hw3` brings yours)")
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
        raise NotImplementedError("hw2.nn_sequential: Sequential.forward is yours to write (handout, question 4 of hw2; `course carry hw2 hw3` brings yours)")
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
        raise NotImplementedError("hw2.nn_softmax_loss: SoftmaxLoss.forward is yours to write (handout, question 7 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION


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
        raise NotImplementedError("hw2.nn_batchnorm: BatchNorm1d.__init__ is yours to write (handout, question 10 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION

    def misfit(self, x: Tensor) -> str | None:
        if self.training and getattr(x, "shape", None) == (0, self.dim):
            return "an empty batch has no statistics to train with"
        return misfits.not_rows(x, self.dim)

    def forward(self, x: Tensor) -> Tensor:
        """Return the normalised batch; shapes ``(n, dim) -> (n, dim)``."""
        ### BEGIN YOUR SOLUTION hw2.nn_batchnorm
        raise NotImplementedError("hw2.nn_batchnorm: BatchNorm1d.forward is yours to write (handout, question 10 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION


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
        raise NotImplementedError("hw2.nn_layernorm: LayerNorm1d.__init__ is yours to write (handout, question 8 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION

    def misfit(self, x: Tensor) -> str | None:
        return misfits.not_rows(x, self.dim)

    def forward(self, x: Tensor) -> Tensor:
        """Return the normalised rows; shapes ``(n, dim) -> (n, dim)``."""
        ### BEGIN YOUR SOLUTION hw2.nn_layernorm
        raise NotImplementedError("hw2.nn_layernorm: LayerNorm1d.forward is yours to write (handout, question 8 of hw2; `course carry hw2 hw3` brings yours)")
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
        raise NotImplementedError("hw2.nn_dropout: Dropout.forward is yours to write (handout, question 11 of hw2; `course carry hw2 hw3` brings yours)")
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
        raise NotImplementedError("hw2.nn_residual: Residual.forward is yours to write (handout, question 12 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION
