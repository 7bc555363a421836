"""Small modules, and data sets, to try yours with."""

from typing import Any

import needle as ndl
import numpy as np
from alive import tensors_held
from needle import nn


class Add(nn.Module):
    """Adds a number."""

    def __init__(self, number: float) -> None:
        super().__init__()
        self.number = number

    def forward(self, x: ndl.Tensor) -> ndl.Tensor:
        return x + self.number

    def __str__(self) -> str:
        return f"add {self.number:g}"


class Times(Add):
    """Multiplies with a number."""

    def forward(self, x: ndl.Tensor) -> ndl.Tensor:
        return x * self.number

    def __str__(self) -> str:
        return f"times {self.number:g}"


class Seen(nn.Module):
    """Returns its input, and counts how often it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def forward(self, x: ndl.Tensor) -> ndl.Tensor:
        self.calls += 1
        return x


class Holder(nn.Module):
    """Keeps modules wherever a module may keep them."""

    def __init__(self, *modules: nn.Module) -> None:
        super().__init__()
        self.first, *rest = modules
        self.inside = {"a list": rest}


class Noted(ndl.data.Dataset):
    """Numbered examples, ``(i, -i)``; an index may be a number, a slice, an array."""

    def __init__(self, length: int, transforms: list[Any] | None = None) -> None:
        super().__init__(transforms)
        self.numbers = np.arange(length, dtype=np.float32)

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, index: Any) -> tuple[Any, Any]:
        return self.apply_transforms(self.numbers[index]), -self.numbers[index]


class Plain(nn.Module):
    """A model of one matrix; notes in which mode it is asked, and for what shapes."""

    def __init__(self, weight: np.ndarray) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight, dtype="float32")
        self.modes: set[bool] = set()
        self.shapes: list[tuple[int, ...]] = []

    def forward(self, X: ndl.Tensor) -> ndl.Tensor:
        self.modes.add(self.training)
        self.shapes.append(X.shape)
        return X @ self.weight


class Watched(Plain):
    """A model of one matrix; notes how many tensors are held when it is asked."""

    def __init__(self, weight: np.ndarray) -> None:
        super().__init__(weight)
        self.held: list[int] = []

    def forward(self, X: ndl.Tensor) -> ndl.Tensor:
        self.held.append(tensors_held())
        return super().forward(X)
