"""MNIST, read with the standard library alone; images are kept as rows."""

import gzip
import struct

import numpy as np

from ..data_basic import Dataset


class MNISTDataset(Dataset):
    def __init__(self, image_filename, label_filename, transforms=None):
        super().__init__(transforms)
        with gzip.open(image_filename, "rb") as file:
            _, number, rows, columns = struct.unpack(">IIII", file.read(16))
            pixels = np.frombuffer(file.read(), dtype=np.uint8)
        with gzip.open(label_filename, "rb") as file:
            file.read(8)
            self.y = np.frombuffer(file.read(), dtype=np.uint8)
        self.X = pixels.reshape(number, rows * columns).astype(np.float32) / 255.0

    def __getitem__(self, index):
        X, y = self.X[index], self.y[index]
        if len(X.shape) > 1:
            images = [self.apply_transforms(row.reshape(28, 28, 1)) for row in X]
            return np.array(images), y
        return self.apply_transforms(X.reshape(28, 28, 1)), y

    def __len__(self):
        return self.X.shape[0]
