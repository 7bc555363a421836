"""What a data set is, and a loader that makes batches of one."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from copy import copy
from numbers import Integral
from typing import Any

import numpy as np

from ..autograd import Tensor, cpu

from ..describe import as_call, count
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
        """Return ``x`` after all transforms; they may change what they get in place."""
        if self.transforms:
            x = copy(x)  # else they would change the data set
        for transform in self.transforms or ():
            x = transform(x)
        return x

    def __repr__(self) -> str:
        transforms = ", ".join(map(repr, getattr(self, "transforms", None) or ()))
        return f"{type(self).__name__}({transforms}): {_examples(self)}"


def _examples(dataset: Any) -> str:
    try:
        return count(len(dataset), "example")
    except Exception:  # a length that is not written yet: what shows itself never fails
        return "examples"


def parts_of(example: Any) -> tuple[Any, ...]:
    """Return the parts of an example; what is no tuple or list is the only part."""
    return tuple(example) if isinstance(example, (tuple, list)) else (example,)


class DataLoader:
    """The examples of a data set in batches.

    Args:
        dataset: what to load from: anything with ``len(dataset)`` and ``dataset[i]``.
        batch_size: examples in a batch; the last batch may be smaller.
        shuffle: whether each pass goes through the data in a new random order: one
            permutation drawn when the pass begins.
        device, dtype: of the tensors; by default the default device, and the type that
            the data set gives.
            The default device of a loader is ``needle.cpu()``, where layers are, too.
        drop_last: whether a smaller last batch is left out.
        seed: shuffle by a generator of its own instead of NumPy's global one.

    A batch is a tuple of tensors, one for each part of an example; an example that is
    no tuple has one part. Every ``iter`` is a pass of its own, so that loops may be
    nested.

    Raises:
        ValueError: if a batch cannot be of this size.
    """

    def __init__(
        self,
        dataset: Dataset,
        batch_size: int = 1,
        shuffle: bool = False,
        device: Any = None,
        dtype: Any = None,
        drop_last: bool = False,
        seed: int | None = None,
    ) -> None:
        if not isinstance(batch_size, Integral) or batch_size < 1:
            raise ValueError(
                f"DataLoader: batch_size is a whole number from 1 on, not {batch_size}"
            )
        if len(dataset) == 0:
            warnings.warn("DataLoader: there are no examples to load", stacklevel=2)
        elif drop_last and batch_size > len(dataset):
            raise ValueError(
                f"DataLoader: {len(dataset)} examples make no batch of {batch_size},"
                " and with drop_last there are no smaller ones"
            )
        self.dataset = dataset
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.device = cpu() if device is None else device
        self.dtype = dtype
        self.drop_last = drop_last
        self._own_random = None if seed is None else np.random.RandomState(seed)
        if not shuffle:
            self.ordering = self.split(np.arange(len(dataset)))

    @property
    def random(self) -> Any:
        """What shuffles: a generator of this loader's own, or NumPy's global one."""
        return np.random if self._own_random is None else self._own_random

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

    def __repr__(self) -> str:
        return f"{as_call(self)} of {self.dataset!r}"

    def tensor(self, column: Any) -> Tensor:
        """Return one part of the examples of a batch as a tensor, a constant."""
        return Tensor(column, device=self.device, dtype=self.dtype, requires_grad=False)

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        """Begin a pass; shuffling draws ``self.random.permutation`` once, here."""
        ### BEGIN YOUR SOLUTION hw2.dataloader
        raise NotImplementedError("hw2.dataloader: DataLoader.__iter__ is yours to write (handout, question 18 of hw2; `course carry hw2 hw3` brings yours)")
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
        raise NotImplementedError("hw2.dataloader: BatchIterator.__next__ is yours to write (handout, question 18 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION
