"""Every layer with its twin in NumPy: a function of the input and the parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import needle as ndl
import numpy as np
from needle import nn

Shape = tuple[int, ...]
Array = np.ndarray


@dataclass(frozen=True)
class LayerCase:
    """A layer, the same as a function of arrays, and the shape to try it with."""

    name: str
    make: Callable[[str], nn.Module]
    twin: Callable[..., Array]
    shape: Shape

    def __str__(self) -> str:
        return f"{self.name}-{'x'.join(map(str, self.shape))}"

    def input(self, dtype: Any = np.float64) -> Array:
        """Return a random input, the same one every time, none of it near 0."""
        return _away_from_0(sum(str(self).encode()), self.shape).astype(dtype)

    def layer(self, dtype: str = "float64") -> nn.Module:
        """Return the layer with random parameters, the same ones every time."""
        layer = self.make(dtype)
        for seed, p in enumerate(layer.parameters()):
            drawn = _away_from_0(seed, p.shape)
            p.data = ndl.Tensor(drawn, device=p.device, dtype=dtype)
        return layer

    def value(self, layer: nn.Module, x: Array) -> Array:
        """Return what NumPy makes of the input and the layer's parameters."""
        return self.twin(x, *[p.numpy() for p in layer.parameters()])


def _away_from_0(seed: int, shape: Shape) -> Array:
    drawn = np.random.default_rng(seed).uniform(-2, 2, shape)
    return np.asarray(drawn + np.sign(drawn) * 0.1)


def install(module: nn.Module, name: str, tensor: ndl.Tensor) -> None:
    """Put a tensor where ``named_parameters`` found the one of this name."""
    *way, last = name.split(".")
    owner: Any = module
    for step in way:
        owner = owner[int(step)] if step.isdigit() else getattr(owner, step)
    setattr(owner, last, tensor)


def _linear(x: Array, weight: Array, bias: Array | float = 0.0) -> Array:
    return np.einsum("...i,io->...o", x, weight) + bias


def _same(x: Array) -> Array:
    return x


def _relu(x: Array) -> Array:
    return np.where(x > 0, x, 0)


def _rows(x: Array) -> Array:
    return x.reshape(x.shape[0], int(np.prod(x.shape[1:])))


def _norm(x: Array, axis: int, weight: Array, bias: Array, eps: float) -> Array:
    mean, var = x.mean(axis=axis, keepdims=True), x.var(axis=axis, keepdims=True)
    return (x - mean) / np.sqrt(var + eps) * weight + bias


def _layernorm(x: Array, weight: Array, bias: Array) -> Array:
    return _norm(x, 1, weight, bias, 1e-5)


def _batchnorm(x: Array, weight: Array, bias: Array) -> Array:
    return _norm(x, 0, weight, bias, 1e-5)


def _evaluated(layer: nn.Module) -> nn.Module:
    """Return a layer in evaluation; batch normalisation with statistics of its own."""
    if isinstance(layer, nn.BatchNorm1d):
        of = {"dtype": layer.weight.dtype, "device": layer.weight.device}
        layer.running_mean = ndl.Tensor(np.arange(layer.dim) / 4 - 1, **of)
        layer.running_var = ndl.Tensor(np.arange(layer.dim) + 0.5, **of)
    return layer.eval()


def _batchnorm_with_statistics(x: Array, weight: Array, bias: Array) -> Array:
    features = np.arange(len(weight))
    return (x - features / 4 + 1) / np.sqrt(features + 0.5 + 1e-5) * weight + bias


def _network(x: Array, W1: Array, b1: Array, g: Array, b: Array, W2: Array) -> Array:
    around = _linear(_relu(_layernorm(_linear(x, W1, b1), g, b)), W2)
    return _relu(around + x)


def _make_network(dtype: str) -> nn.Module:
    around = nn.Sequential(
        nn.Linear(4, 3, dtype=dtype),
        nn.LayerNorm1d(3, dtype=dtype),
        nn.ReLU(),
        nn.Dropout(0.0),
        nn.Linear(3, 4, bias=False, dtype=dtype),
    )
    return nn.Sequential(nn.Flatten(), nn.Residual(around), nn.ReLU())


def _sized(kind: Any, *sizes: Any, **settings: Any) -> Callable[[str], nn.Module]:
    return lambda dtype: kind(*sizes, **settings, dtype=dtype)


def _plain(kind: Any, *settings: Any) -> Callable[[str], nn.Module]:
    return lambda dtype: kind(*settings)


def _cases(
    name: str, make: Callable[[str], nn.Module], twin: Callable[..., Array], *on: Shape
) -> list[LayerCase]:
    return [LayerCase(name, make, twin, shape) for shape in on]


def _norms(dim: int, *batches: int) -> list[LayerCase]:
    """Return the layers that normalise ``dim`` features, on batches of some sizes."""
    shapes = [(n, dim) for n in batches]
    layernorm, batchnorm = _sized(nn.LayerNorm1d, dim), _sized(nn.BatchNorm1d, dim)
    return [
        *_cases("LayerNorm1d", layernorm, _layernorm, *shapes, (0, dim)),
        *_cases("BatchNorm1d", batchnorm, _batchnorm, *shapes),
        *_cases(
            "BatchNorm1d in evaluation",
            lambda dtype: _evaluated(batchnorm(dtype)),
            _batchnorm_with_statistics,
            *(*shapes, (0, dim)),
        ),
    ]


# One axis to four, one example, one feature, nothing at all.
INPUTS = [(3, 4), (1, 4), (0, 4), (2, 3, 4), (2, 1, 3, 4)]
ANY = [(3,), (2, 3), (2, 1, 3, 2), (0, 3, 2), (1, 1)]

CASES = [
    *_cases("Linear", _sized(nn.Linear, 4, 3), _linear, *INPUTS),
    *_cases("Linear, no bias", _sized(nn.Linear, 4, 2, bias=False), _linear, *INPUTS),
    *_cases("Linear of one to one", _sized(nn.Linear, 1, 1), _linear, (3, 1)),
    *_cases("Flatten", _plain(nn.Flatten), _rows, *ANY),
    *_cases("ReLU", _plain(nn.ReLU), _relu, *ANY),
    *_cases("Identity", _plain(nn.Identity), _same, *ANY),
    *_cases("Dropout of none", _plain(nn.Dropout, 0), _same, *ANY),
    *_cases(
        "Dropout in evaluation",
        lambda dtype: _evaluated(nn.Dropout(0.9)),
        _same,
        *ANY,
    ),
    *_norms(3, 5, 1),
    *_norms(1, 4, 1),
    *_cases("Sequential of none", _plain(nn.Sequential), _same, (2, 3)),
    *_cases(
        "Residual of a function",
        _plain(nn.Residual, ndl.relu),
        lambda x: _relu(x) + x,
        *ANY,
    ),
    *_cases("a network", _make_network, _network, (3, 4), (1, 4)),
]
