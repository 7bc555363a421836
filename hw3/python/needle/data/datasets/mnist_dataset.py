"""MNIST, and whatever else comes in its format."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..data_basic import Dataset, Transform
from ..idx import read_idx


class MNISTDataset(Dataset):
    """Images with their labels, from a pair of gzipped IDX files.

    Args:
        image_filename: file of ``m`` images of 28 x 28 bytes.
        label_filename: file of ``m`` labels, one byte each.
        transforms: what is done to each image, one after the other.

    Item ``i`` is ``(image, label)``: the image float32 of shape ``(28, 28, 1)``, from
    0.0 to 1.0, transformed; the label a uint8. A slice, or an array of indices, gives
    images of shape ``(n, 28, 28, 1)``, each transformed by itself, and labels of shape
    ``(n,)``.
    """

    def __init__(
        self,
        image_filename: str,
        label_filename: str,
        transforms: list[Transform] | None = None,
    ) -> None:
        super().__init__(transforms)
        ### BEGIN YOUR SOLUTION hw2.mnist_dataset
        raise NotImplementedError("hw2.mnist_dataset: MNISTDataset.__init__ is yours to write (handout, question 17 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION

    def __getitem__(self, index: Any) -> tuple[np.ndarray, Any]:
        ### BEGIN YOUR SOLUTION hw2.mnist_dataset
        raise NotImplementedError("hw2.mnist_dataset: MNISTDataset.__getitem__ is yours to write (handout, question 17 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION

    def __len__(self) -> int:
        ### BEGIN YOUR SOLUTION hw2.mnist_dataset
        raise NotImplementedError("hw2.mnist_dataset: MNISTDataset.__len__ is yours to write (handout, question 17 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION
