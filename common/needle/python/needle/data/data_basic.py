"""What a data set is, and a loader that makes batches of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..autograd import Tensor
from .data_transforms import Transform


class Dataset:
    """A sequence of examples: ``len(dataset)`` and ``dataset[i]``.

    Args:
        transforms: what is done to each example, one after the other.
    """

    def __init__(self, transforms: list[Transform] | None = None) -> None:
        self.transforms = transforms

    def __getitem__(self, index: Any) -> Any:
        """Return example ``index``."""
        raise NotImplementedError(f"{type(self).__name__}.__getitem__")

    def __len__(self) -> int:
        """Return how many examples there are."""
        raise NotImplementedError(f"{type(self).__name__}.__len__")

    def apply_transforms(self, x: Any) -> Any:
        """Return ``x`` after all transforms."""
        for transform in self.transforms or ():
            x = transform(x)
        return x


class DataLoader:
    """The examples of a data set in batches.

    Args:
        dataset: what to load from.
        batch_size: examples in a batch; the last batch may be smaller.
        shuffle: whether each pass goes through the data in a new random order: one
            permutation drawn when the pass begins.
        device, dtype: of the tensors; by default the default device, and the type that
            the data set gives.
        drop_last: whether a smaller last batch is left out.
        seed: shuffle by a generator of its own instead of NumPy's global one.

    A batch is a tuple of tensors, one for each part of an example. Every ``iter`` is a
    pass of its own, so that loops may be nested.
    """

    def __init__(
        self,
        dataset: Dataset,
        batch_size: int | None = 1,
        shuffle: bool = False,
        device: Any = None,
        dtype: Any = None,
        drop_last: bool = False,
        seed: int | None = None,
    ) -> None:
        if batch_size is None or batch_size < 1:
            raise ValueError(f"DataLoader: batch_size is at least 1, not {batch_size}")
        self.dataset = dataset
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.device = device
        self.dtype = dtype
        self.drop_last = drop_last
        self.random = np.random if seed is None else np.random.RandomState(seed)
        if not shuffle:
            self.ordering = self.split(np.arange(len(dataset)))

    def split(self, order: np.ndarray) -> list[np.ndarray]:
        """Return indices in pieces of ``batch_size``, one for each batch."""
        pieces = [
            order[start : start + self.batch_size]
            for start in range(0, len(order), self.batch_size)
        ]
        if self.drop_last and pieces and len(pieces[-1]) < self.batch_size:
            pieces.pop()
        return pieces

    def __len__(self) -> int:
        """Return the number of batches."""
        whole, rest = divmod(len(self.dataset), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)

    def tensor(self, column: Any) -> Tensor:
        """Return one part of the examples of a batch as a tensor, a constant."""
        return Tensor(column, device=self.device, dtype=self.dtype, requires_grad=False)

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        """Begin a pass; shuffling draws ``self.random.permutation`` once, here."""
        ### BEGIN YOUR SOLUTION hw2.dataloader
        if self.shuffle:
            order = self.random.permutation(len(self.dataset))
            self.ordering = self.split(order)
        return BatchIterator(self, self.ordering)
        ### END YOUR SOLUTION


class BatchIterator:
    """One pass through a data set."""

    def __init__(self, loader: DataLoader, ordering: Sequence[np.ndarray]) -> None:
        self.loader = loader
        self.ordering = ordering
        self.position = 0

    def __iter__(self) -> BatchIterator:
        return self

    def __next__(self) -> tuple[Tensor, ...]:
        """Return the next batch; raise ``StopIteration`` after the last one."""
        ### BEGIN YOUR SOLUTION hw2.dataloader
        if self.position == len(self.ordering):
            raise StopIteration
        indices = self.ordering[self.position]
        self.position += 1
        examples = [self.loader.dataset[i] for i in indices]
        columns = zip(*examples, strict=True)
        return tuple(self.loader.tensor(np.stack(column)) for column in columns)
        ### END YOUR SOLUTION
