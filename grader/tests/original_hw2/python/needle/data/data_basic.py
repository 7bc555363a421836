"""A data set, and a loader that is its own iterator."""

import numpy as np

from ..autograd import Tensor


class Dataset:
    def __init__(self, transforms=None):
        self.transforms = transforms

    def __getitem__(self, index):
        raise NotImplementedError

    def __len__(self):
        raise NotImplementedError

    def apply_transforms(self, x):
        if self.transforms is not None:
            for transform in self.transforms:
                x = transform(x)
        return x


class DataLoader:
    def __init__(self, dataset, batch_size=1, shuffle=False):
        self.dataset = dataset
        self.shuffle = shuffle
        self.batch_size = batch_size
        if not self.shuffle:
            self.ordering = self._split(np.arange(len(dataset)))

    def _split(self, order):
        places = range(self.batch_size, len(self.dataset), self.batch_size)
        return np.array_split(order, places)

    def __iter__(self):
        if self.shuffle:
            order = np.arange(len(self.dataset))
            np.random.shuffle(order)
            self.ordering = self._split(order)
        self.index = 0
        return self

    def __next__(self):
        if self.index >= len(self.ordering):
            raise StopIteration
        batch = self.dataset[self.ordering[self.index]]
        self.index += 1
        return [Tensor(part) for part in batch]
