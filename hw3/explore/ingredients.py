"""What a training of the residual network is made of, from what the student wrote."""

from __future__ import annotations

import os

import zlib
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np

from explore.data import Digits
from explore.history import Matrix
from explore.patience import NotYetError
from explore.settings import Settings


AT_ONCE = 1000  # images in a batch where nothing is trained
MOMENTUM = 0.9  # of SGD


def read_mnist(image_filename: str, label_filename: str) -> tuple[Matrix, Matrix]:
    """Read images as rows, and labels, with your data set and your loader."""
    import needle as ndl

    require_device()
    examples = ndl.data.MNISTDataset(image_filename, label_filename)
    batches = [
        (images.numpy(), labels.numpy())
        for images, labels in ndl.data.DataLoader(examples, AT_ONCE)
    ]
    images, labels = (np.concatenate(part) for part in zip(*batches, strict=True))
    labels = labels.astype(np.uint8)  # arrays of our own have no integers
    return images.reshape(len(images), -1), labels


def digest(data: Digits) -> str:
    """Return what tells data sets apart: their sizes and labels."""
    crc = zlib.crc32(data.y_test.tobytes(), zlib.crc32(data.y_train.tobytes()))
    return f"{len(data.y_train)}+{len(data.y_test)}:{crc:08x}"


class Watched:
    """A loader, each pass of which begins with a seed and tells when a step is done."""

    def __init__(self, loader: Any, seed: Any, done: Callable[[], None]) -> None:
        self.loader = loader
        self.seed = seed
        self.done = done

    def __iter__(self) -> Iterator[Any]:
        """Seed what shuffles and drops; yield the batches."""
        np.random.seed(self.seed)
        for batch in self.loader:
            yield batch
            self.done()  # who asks for the next batch has made the step

    def __len__(self) -> int:
        return len(self.loader)

    def __getattr__(self, name: str) -> Any:
        """Return what the loader itself has under this name."""
        return getattr(self.loader, name)


def loader(X: Matrix, y: Matrix, batch: int, shuffle: bool = False) -> Any:
    """Return a loader of images in the shape that ``MNISTDataset`` has them in."""
    import needle as ndl

    examples = ndl.data.NDArrayDataset(X.reshape(-1, 28, 28, 1), y)
    return ndl.data.DataLoader(examples, batch, shuffle=shuffle)


def require_device(name: str = "cpu") -> None:
    """Raise, with what to do, unless a network can be made and sent to a device."""
    import needle as ndl

    for each in ("cpu", name):  # layers begin on the processor
        try:
            device = getattr(ndl, each)()
            device.full((1,), 0)
        except (RuntimeError, ValueError) as problem:
            raise NotYetError(f"{problem}.") from None
        if device.emulated and os.environ.get("NEEDLE_CUDA") != "emulator":
            raise NotYetError(
                f"{device} is the emulator here, because {device.why_not}. It checks"
                " kernels, and is far too slow to train with: choose another --device."
                " (Whoever means it sets NEEDLE_CUDA=emulator.)"
            )


def move(name: str, model: Any, *loaders: Any) -> None:
    """Send the tensors of a network, and what loaders make, to a device."""
    import needle as ndl

    device = getattr(ndl, name)()
    buffers = (each for _, each in model.named_buffers())
    for tensor in (*model.parameters(), *buffers):
        tensor.data = ndl.Tensor(tensor, device=device)
    for each in loaders:
        each.device = device


def network(app: ModuleType, data: Digits, chosen: Settings) -> Any:
    """Return a new MLPResNet; the seed says which."""
    from needle import nn

    require_device(chosen.device)
    np.random.seed([chosen.seed, 0])
    return app.MLPResNet(
        data.X_train.shape[1],
        hidden_dim=chosen.hidden,
        num_blocks=chosen.blocks,
        num_classes=len(data.classes),
        norm={"batch": nn.BatchNorm1d, "layer": nn.LayerNorm1d}[chosen.norm],
        drop_prob=chosen.drop,
    )


def optimizer(model: Any, chosen: Settings) -> Any:
    """Return the optimizer of a network."""
    from needle import optim

    numbers = {"lr": chosen.lr, "weight_decay": chosen.weight_decay}
    if chosen.optimizer == "sgd":
        return optim.SGD(model.parameters(), momentum=MOMENTUM, **numbers)
    kind = optim.AdamW if chosen.optimizer == "adamw" else optim.Adam
    return kind(model.parameters(), **numbers)


def schedule(changed: Any, chosen: Settings, steps: int) -> Any:
    """Return what changes the optimizer's length of a step, or None.

    Args:
        steps: of one epoch; the first twentieth of all is for warming up.
    """
    if chosen.schedule == "none":
        return None
    from needle import optim

    total = chosen.epochs * steps
    return optim.CosineSchedule(changed, total, warmup=total // 20)
