"""Watch running statistics follow the batches that pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from explore.patience import patient, say
from explore.picture import COLOURS, Picture

Array: TypeAlias = np.ndarray


@patient
def watch_running(
    layer: Any, draw: Callable[[np.random.RandomState], Array], batches: int = 60
) -> Picture:
    """Send batches through a layer in training and draw its running statistics.

    ``draw(rng)`` makes a batch, shape ``(n, dim)``; what is drawn is feature 0: the
    statistics of each batch as dots, those that the layer keeps as a line.
    """
    import needle as ndl

    rng = np.random.RandomState(0)
    layer.train()
    seen, kept = [], [_kept(layer)]
    for _ in range(batches):
        batch = draw(rng).astype("float32")
        layer(ndl.Tensor(batch, requires_grad=False))
        seen.append((float(batch[:, 0].mean()), float(batch[:, 0].var())))
        kept.append(_kept(layer))
    for at in sorted({0, 1, 10, 30, batches} & set(range(batches + 1))):
        mean, variance = kept[at]
        say(f"batches {at:3d}   running mean {mean:7.3f}   variance {variance:7.3f}")
    return _draw(np.array(seen), np.array(kept))


def _kept(layer: Any) -> tuple[float, float]:
    mean, variance = layer.running_mean.numpy(), layer.running_var.numpy()
    return float(mean.ravel()[0]), float(variance.ravel()[0])


def _draw(seen: Array, kept: Array) -> Picture:
    picture = Picture(8.4, 2.7)
    panels = picture.figure.subplots(1, 2)
    for column, (ax, title) in enumerate(
        zip(panels, ("mean", "variance"), strict=True)
    ):
        dots = np.arange(1, len(seen) + 1)
        ax.plot(dots, seen[:, column], ".", color=COLOURS[5], label="of the batch")
        ax.plot(kept[:, column], color=COLOURS[0], label="running")
        ax.set_xlabel("batches")
        ax.set_title(title, fontsize=10)
        ax.grid(alpha=0.3)
    panels[0].legend(fontsize=8)
    return picture
