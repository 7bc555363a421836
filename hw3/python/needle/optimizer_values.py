"""Values of an optimizer's state when all tensors are of float32.

Numbers of Python's have 53 bits, float32 has 24: what does not fit is kept as several
numbers whose sum it is, so that a learning rate is the same after it was loaded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .autograd import Tensor

_MOST_PARTS = 3


def in_parts(value: Any) -> Any:
    """Return a number as one float32 or a list of them; anything else as it is.

    >>> in_parts(0.5)
    0.5
    >>> len(in_parts(0.1))
    3
    """
    if not isinstance(value, (int, float, np.number)):
        return value
    parts: list[float] = []
    rest = float(value)
    while rest and math.isfinite(rest) and len(parts) < _MOST_PARTS:
        parts.append(float(np.float32(rest)))
        rest -= parts[-1]
    return parts if len(parts) > 1 else value


def sum_of_parts(tensor: Tensor) -> Any:
    """Return the number, one of NumPy's, that a tensor holds in parts or alone."""
    numbers = tensor.numpy()
    return numbers[()] if numbers.size == 1 else numbers.astype(np.float64).sum()


def beside(tensor: Tensor, params: Sequence[Tensor]) -> Tensor:
    """Return a tensor on the device of the parameters."""
    if not params:
        return tensor
    return Tensor(tensor, device=params[0].device, requires_grad=False)
