"""Initial weights whose size fits the number of inputs and outputs of a layer.

All return tensors of shape ``(fan_in, fan_out)``; further keywords (``device``,
``dtype``, ``requires_grad``) are those of `rand` and `randn`. One call of NumPy's
global generator a tensor.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .init_basic import rand, randn

if TYPE_CHECKING:
    from needle.autograd import Tensor


def xavier_uniform(
    fan_in: int, fan_out: int, gain: float = 1.0, **kwargs: Any
) -> Tensor:
    """Return draws from U(-a, a), so that sums over inputs keep their size.

    ``a`` is ``gain`` times the root of ``6 / (fan_in + fan_out)``.

    Source: Glorot and Bengio, "Understanding the difficulty of training deep
    feedforward neural networks", 2010.
    """
    ### BEGIN YOUR SOLUTION hw2.init
    raise NotImplementedError("hw2.init: xavier_uniform is yours to write (handout, question 1 of hw2; `course carry hw2 hw3` brings yours)")
    ### END YOUR SOLUTION


def xavier_normal(
    fan_in: int, fan_out: int, gain: float = 1.0, **kwargs: Any
) -> Tensor:
    """Return draws from N(0, s**2), so that sums over inputs keep their size.

    ``s`` is ``gain`` times the root of ``2 / (fan_in + fan_out)``.

    Source: as for `xavier_uniform`.
    """
    ### BEGIN YOUR SOLUTION hw2.init
    raise NotImplementedError("hw2.init: xavier_normal is yours to write (handout, question 1 of hw2; `course carry hw2 hw3` brings yours)")
    ### END YOUR SOLUTION


def kaiming_uniform(
    fan_in: int, fan_out: int, nonlinearity: str = "relu", **kwargs: Any
) -> Tensor:
    """Return draws from U(-b, b) with ``b = sqrt(2) * sqrt(3 / fan_in)``.

    Source: He et al., "Delving deep into rectifiers", 2015; sqrt(2) is the gain of
    ReLU, the only nonlinearity there is.
    """
    assert nonlinearity == "relu", "Only relu supported currently"
    ### BEGIN YOUR SOLUTION hw2.init
    raise NotImplementedError("hw2.init: kaiming_uniform is yours to write (handout, question 1 of hw2; `course carry hw2 hw3` brings yours)")
    ### END YOUR SOLUTION


def kaiming_normal(
    fan_in: int, fan_out: int, nonlinearity: str = "relu", **kwargs: Any
) -> Tensor:
    """Return draws from N(0, s**2) with ``s = sqrt(2) / sqrt(fan_in)``.

    Source: as for `kaiming_uniform`.
    """
    assert nonlinearity == "relu", "Only relu supported currently"
    ### BEGIN YOUR SOLUTION hw2.init
    raise NotImplementedError("hw2.init: kaiming_normal is yours to write (handout, question 1 of hw2; `course carry hw2 hw3` brings yours)")
    ### END YOUR SOLUTION
