"""What a loader costs: a pass through 60,000 images, with and without transforms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from generated import table
from resnet_steps import BATCH
from solved import load
from turns import Prepare, figures, take_turns

M, SIDE = 60_000, 28


def measure(folder: Path, rounds: int) -> str:
    """Return the table in Markdown."""
    ndl = load(folder / "apps/mlp_resnet.py").ndl
    dataset = mnist(ndl, folder)
    moved = [ndl.data.RandomFlipHorizontal(), ndl.data.RandomCrop()]
    runs = {
        "in order": passes(ndl, dataset, [], shuffle=False),
        "shuffled": passes(ndl, dataset, [], shuffle=True),
        "shuffled, flipped and cropped": passes(ndl, dataset, moved, shuffle=True),
    }
    times = take_turns("passes through the data", runs, rounds, lambda *_: None)
    rows = []
    for name, values in times.items():
        batches = [value * BATCH / M for value in values]
        rows.append(f"| {name} | {figures(values, 0)} | {figures(batches, 2)} |")
    return "\n\n".join(
        [
            f"A pass of `DataLoader` through {M} images of an `MNISTDataset`, batch"
            f" {BATCH}, one thread, {rounds} rounds, processor time.",
            table("| | ms a pass | min to max | ms a batch | min to max |", rows),
        ]
    )


def mnist(ndl: Any, folder: Path) -> Any:
    """Return a data set of MNIST's size, read from files."""
    import numpy as np

    rng = np.random.default_rng(0)
    images = rng.integers(256, size=(M, SIDE, SIDE), dtype=np.uint8)
    labels = rng.integers(10, size=M, dtype=np.uint8)
    paths = [folder / "images", folder / "labels"]
    for path, array in zip(paths, (images, labels), strict=True):
        lengths = np.array(array.shape, ">u4").tobytes()
        path.write_bytes(bytes([0, 0, 8, array.ndim]) + lengths + array.tobytes())
    return ndl.data.MNISTDataset(*map(str, paths))


def passes(ndl: Any, dataset: Any, transforms: list[Any], *, shuffle: bool) -> Prepare:
    """Return a pass through the data; it returns how many examples came."""

    def run() -> int:
        loader = ndl.data.DataLoader(dataset, BATCH, shuffle=shuffle)
        return sum(len(y.numpy()) for _, y in loader)

    def prepare() -> Callable[[], int]:
        dataset.transforms = transforms
        return run

    return prepare
