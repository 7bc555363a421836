"""Send numbers forward through many layers, and gradients back, and see their size."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from explore.patience import patient, say
from explore.picture import COLOURS, Picture

Array: TypeAlias = np.ndarray
Layer: TypeAlias = Callable[[Any], Any]
SHOWN = 6  # depths in the table


class Sizes(NamedTuple):
    """The size of what is behind 0, 1, 2, ... layers: values, and gradients."""

    values: list[float]
    gradients: list[float]


def size(array: Array) -> float:
    """Return the root of the mean square.

    >>> size(np.array([3.0, -4.0, 0.0, 0.0]))
    2.5
    """
    return float(np.sqrt(np.mean(np.square(array, dtype=np.float64))))


def sizes(layers: Sequence[Layer], inputs: Array) -> Sizes:
    """Send inputs through layers, a fixed random gradient back, and measure both."""
    import needle as ndl

    stations = [ndl.Tensor(inputs)]
    for layer in layers:
        stations.append(layer(stations[-1]))
    last = stations[-1]
    rng = np.random.RandomState(1)
    last.backward(ndl.Tensor(rng.standard_normal(last.shape).astype(last.dtype)))
    return Sizes(
        [size(station.numpy()) for station in stations],
        [size(station.grad.numpy()) for station in stations],
    )


@patient
def flow(
    networks: Mapping[str, Sequence[Layer]], *, width: int = 100, rows: int = 100
) -> Picture:
    """Show how large values and gradients are in networks of layers, by depth.

    ``networks`` are lists of functions from tensor to tensor, ``width`` wide; ``rows``
    of standard normal numbers go through each.
    """
    rng = np.random.RandomState(0)
    inputs = rng.standard_normal((rows, width)).astype("float32")
    with np.errstate(over="ignore", invalid="ignore"):
        found = {name: sizes(layers, inputs) for name, layers in networks.items()}
    for title, column in (("size of the values", 0), ("size of the gradients", 1)):
        _table(title, {name: each[column] for name, each in found.items()})
    return _draw(found)


def _table(title: str, columns: Mapping[str, Sequence[float]]) -> None:
    depth = len(next(iter(columns.values()))) - 1
    shown = sorted({round(k * depth / (SHOWN - 1)) for k in range(SHOWN)})
    say(f"{title + ' behind layer':30s}" + "".join(f"{k:>10d}" for k in shown))
    for name, values in columns.items():
        say(f"  {name:28s}" + "".join(f"{values[k]:10.2g}" for k in shown))


def _draw(found: Mapping[str, Sizes]) -> Picture:
    picture = Picture(8.4, 3.1)
    left, right = picture.figure.subplots(1, 2)
    for ax, column, title in ((left, 0, "values"), (right, 1, "gradients")):
        for (name, each), colour in zip(found.items(), COLOURS, strict=False):
            heights = np.array(each[column])
            ax.plot(
                np.where(np.isfinite(heights) & (heights > 0), heights, np.nan),
                ".-",
                color=colour,
                markersize=4,
                linewidth=1,
                label=name,
            )
        ax.set_yscale("log")
        ax.set_xlabel("behind layer")
        ax.set_title(f"size of the {title}", fontsize=10)
        ax.grid(alpha=0.3)
    left.legend(fontsize=8)
    return picture
