"""Arrays as a data set."""

from __future__ import annotations

from typing import Any

from ...autograd import Tensor
from ..data_basic import Dataset


class NDArrayDataset(Dataset):
    """Arrays of equal length; item ``i`` is the tuple of their elements ``i``.

    Also lists, and tensors, of which the numbers are copied.
    """

    def __init__(self, *arrays: Any) -> None:
        super().__init__()
        self.arrays = tuple(
            array.numpy() if isinstance(array, Tensor) else array for array in arrays
        )
        lengths = [len(array) for array in self.arrays]
        if len(set(lengths)) != 1:
            raise ValueError(
                f"NDArrayDataset: one or more arrays of the same length, not {lengths}"
            )

    def __len__(self) -> int:
        return len(self.arrays[0])

    def __getitem__(self, i: Any) -> tuple[Any, ...]:
        return tuple(array[i] for array in self.arrays)
