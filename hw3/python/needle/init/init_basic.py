"""Tensors filled with constants or with random numbers.

Every function takes ``device`` (default: the processor), ``dtype`` (default float32)
and ``requires_grad`` (default False). Random numbers come from NumPy's global legacy
generator, one call a tensor, so that ``numpy.random.seed`` decides them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import needle as ndl

if TYPE_CHECKING:
    from needle.autograd import Tensor


def rand(
    *shape: int,
    low: float = 0.0,
    high: float = 1.0,
    device: Any = None,
    dtype: str = "float32",
    requires_grad: bool = False,
) -> Tensor:
    """Return draws from the uniform distribution on [low, high), of shape ``shape``."""
    device = ndl.cpu() if device is None else device
    array = device.rand(*shape) * (high - low) + low
    return ndl.Tensor(array, device=device, dtype=dtype, requires_grad=requires_grad)


def randn(
    *shape: int,
    mean: float = 0.0,
    std: float = 1.0,
    device: Any = None,
    dtype: str = "float32",
    requires_grad: bool = False,
) -> Tensor:
    """Return draws from the normal distribution N(mean, std**2), of shape ``shape``."""
    device = ndl.cpu() if device is None else device
    array = device.randn(*shape) * std + mean
    return ndl.Tensor(array, device=device, dtype=dtype, requires_grad=requires_grad)


def constant(
    *shape: int,
    c: float = 1.0,
    device: Any = None,
    dtype: str = "float32",
    requires_grad: bool = False,
) -> Tensor:
    """Return a tensor of shape ``shape`` that is ``c`` everywhere."""
    device = ndl.cpu() if device is None else device
    array = device.full(shape, c, dtype=dtype)
    return ndl.Tensor(array, device=device, dtype=dtype, requires_grad=requires_grad)


def ones(
    *shape: int,
    device: Any = None,
    dtype: str = "float32",
    requires_grad: bool = False,
) -> Tensor:
    """Return ones of shape ``shape``."""
    return constant(
        *shape, c=1, device=device, dtype=dtype, requires_grad=requires_grad
    )


def zeros(
    *shape: int,
    device: Any = None,
    dtype: str = "float32",
    requires_grad: bool = False,
) -> Tensor:
    """Return zeros of shape ``shape``."""
    return constant(
        *shape, c=0, device=device, dtype=dtype, requires_grad=requires_grad
    )


def randb(
    *shape: int,
    p: float = 0.5,
    device: Any = None,
    dtype: str = "bool",
    requires_grad: bool = False,
) -> Tensor:
    """Return draws that are true with probability ``p``: ``u <= p``, u from U(0, 1)."""
    device = ndl.cpu() if device is None else device
    array = device.rand(*shape) <= p
    return ndl.Tensor(array, device=device, dtype=dtype, requires_grad=requires_grad)


def one_hot(
    n: int,
    i: Any,
    device: Any = None,
    dtype: str = "float32",
    requires_grad: bool = False,
) -> Tensor:
    """Return zeros of shape ``i.shape + (n,)``, with a 1 where each index points.

    The indices may be a tensor, an array or a list.
    """
    device = ndl.cpu() if device is None else device
    indices = i if isinstance(i, ndl.Tensor) else ndl.Tensor(i, requires_grad=False)
    array = device.one_hot(n, indices.numpy().astype("int32"), dtype=dtype)
    return ndl.Tensor(array, device=device, dtype=dtype, requires_grad=requires_grad)


def zeros_like(
    array: Tensor, *, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """Return zeros with the shape, dtype and device of a tensor."""
    device = array.device if device is None else device
    return zeros(
        *array.shape, dtype=array.dtype, device=device, requires_grad=requires_grad
    )


def ones_like(
    array: Tensor, *, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """Return ones with the shape, dtype and device of a tensor."""
    device = array.device if device is None else device
    return ones(
        *array.shape, dtype=array.dtype, device=device, requires_grad=requires_grad
    )
