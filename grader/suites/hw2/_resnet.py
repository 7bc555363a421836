"""Try residual networks: small images, and an optimizer of the suite's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from gradebox import Trial, student

from ._idx import Bytes, write_pair
from ._inputs import normal
from ._ops import Floats, ndl

app = student("mlp_resnet")

CLASSES = 10


def patterns(t: Trial) -> npt.NDArray[np.bool_]:
    """Draw a pattern for each class: which of the pixels are bright."""
    return np.asarray(t.rng.uniform(size=(CLASSES, 28, 28)) < 0.4)


def drawn_images(
    t: Trial, pattern: npt.NDArray[np.bool_], labels: npt.NDArray[Any]
) -> Bytes:
    """Draw images of some classes: their patterns, with noise."""
    noise = t.rng.randint(60, size=(len(labels), 28, 28))
    return (pattern[labels] * 150 + noise).astype(np.uint8)


def as_floats(images: Bytes) -> Floats:
    """Return images as a data set gives them, of shape (m, 28, 28, 1)."""
    return (images[..., np.newaxis] / np.float32(255)).astype(np.float32)


def write_mnist(t: Trial, m: int, m_test: int) -> str:
    """Write the four files of a small MNIST; return the name of their folder.

    The training examples are in the order of their classes: without shuffling most
    batches have a single class.
    """
    pattern = patterns(t)
    folder = t.tmp / "digits"  # not the default, which is data
    folder.mkdir()
    for part, count in [("train", m), ("t10k", m_test)]:
        labels = np.sort(t.rng.permutation(np.arange(count) % CLASSES))
        images = drawn_images(t, pattern, labels)
        for path in map(Path, write_pair(t, images, labels.astype(np.uint8))):
            path.replace(folder / f"{part}-{path.name}")
    return str(folder)


def loader_of(
    t: Trial,
    m: int,
    batch: int,
    pattern: npt.NDArray[np.bool_] | None = None,
    labels: npt.NDArray[Any] | None = None,
) -> Any:
    """Return a loader of m random images with labels, in batches, not shuffled."""
    if labels is None:
        labels = t.rng.permutation(np.arange(m) % CLASSES)
    labels = t.input(labels.astype(np.uint8))
    drawn = drawn_images(t, patterns(t) if pattern is None else pattern, labels)
    dataset = ndl.data.NDArrayDataset(t.input(as_floats(drawn)), labels)
    return ndl.data.DataLoader(dataset, batch_size=batch)


def small_model(t: Trial, inside: Any = None, bias: Floats | None = None) -> Any:
    """Return a linear model with given weights, and perhaps something before it."""
    linear = ndl.nn.Linear(28 * 28, CLASSES)
    weight = t.input(normal(t, 28 * 28, CLASSES) / np.float32(28))
    bias = t.input(normal(t, CLASSES) if bias is None else bias)
    linear.weight.data = ndl.Tensor(weight)
    linear.bias.data = ndl.Tensor(bias.reshape(linear.bias.shape))
    return ndl.nn.Sequential(*([inside] if inside else []), linear)


def witness_module(seen: list[Any], note: Any) -> Any:
    """Return a module of the suite's own that lets its input pass, and takes notes.

    Args:
        seen: where ``note(module, x)`` goes, call by call.
    """

    class Witness(ndl.nn.Module):  # type: ignore[misc]
        def forward(self, x: Any) -> Any:
            seen.append(note(self, x))
            return x

    return Witness()


def plain_descent(params: Any, lr: float = 0.05, weight_decay: float = 0.0) -> Any:
    """Return an optimizer of the suite's own: plain steps, weight decay, no state."""

    class Descent(ndl.optim.Optimizer):  # type: ignore[misc]
        def step(self) -> None:
            self.steps += 1
            for p in self.params:
                if p.grad is not None:
                    change = p.grad.numpy() + weight_decay * p.numpy()
                    p.data = ndl.Tensor(p.numpy() - lr * change, dtype="float32")

    optimizer = Descent(params)
    optimizer.steps = 0
    return optimizer
