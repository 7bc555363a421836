"""Arrays as a data set."""

from __future__ import annotations

from typing import Any

from ..data_basic import Dataset


class NDArrayDataset(Dataset):
    """Arrays of equal length; item ``i`` is the tuple of their elements ``i``."""

    def __init__(self, *arrays: Any) -> None:
        lengths = [len(array) for array in arrays]
        if len(set(lengths)) != 1:
            raise ValueError(f"NDArrayDataset: arrays of one length, not {lengths}")
        super().__init__()
        self.arrays = arrays

    def __len__(self) -> int:
        return len(self.arrays[0])

    def __getitem__(self, i: Any) -> tuple[Any, ...]:
        return tuple(array[i] for array in self.arrays)
