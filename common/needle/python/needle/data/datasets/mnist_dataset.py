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
        images = read_idx(image_filename, axes=3)
        self.labels = read_idx(label_filename, axes=1)
        if len(images) != len(self.labels):
            raise ValueError(
                f"{len(images)} images in {image_filename},"
                f" but {len(self.labels)} labels in {label_filename}"
            )
        self.images = images[..., np.newaxis].astype(np.float32) / 255
        ### END YOUR SOLUTION

    def __getitem__(self, index: Any) -> tuple[np.ndarray, Any]:
        ### BEGIN YOUR SOLUTION hw2.mnist_dataset
        images, labels = self.images[index], self.labels[index]
        if images.ndim == 3:  # a single one
            return self.apply_transforms(images), labels
        transformed = [self.apply_transforms(image) for image in images]
        return np.stack(transformed) if transformed else images, labels
        ### END YOUR SOLUTION

    def __len__(self) -> int:
        ### BEGIN YOUR SOLUTION hw2.mnist_dataset
        return len(self.labels)
        ### END YOUR SOLUTION
