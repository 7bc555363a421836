"""Let optimizers walk down a valley that is steep across and nearly flat along."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from explore.patience import patient, say
from explore.picture import COLOURS, Picture

Array: TypeAlias = np.ndarray
Path: TypeAlias = list[tuple[float, float]]
Curvatures: TypeAlias = tuple[float, float]
Maker: TypeAlias = Callable[[Sequence[Any]], Any]
SHOWN = 5  # steps in the table
LEVELS = 12


def height(point: Array, curvatures: Curvatures) -> Array:
    """Return half the sum of curvature times coordinate squared; zero at the bottom.

    >>> float(height(np.array([2.0, 1.0]), (1.0, 10.0)))
    7.0
    """
    total: Array = np.square(point) @ np.array(curvatures) / 2
    return total


def walk(make: Maker, start: Path, curvatures: Curvatures, steps: int) -> Path:
    """Return where an optimizer goes; ``make`` makes it from a list of parameters."""
    import needle as ndl

    place = ndl.nn.Parameter(np.array(start[0]))
    steepness = ndl.Tensor(np.array(curvatures), requires_grad=False)
    optimizer = make([place])
    path = list(start)
    for _ in range(steps):
        optimizer.reset_grad()
        ((place * place * steepness).sum() / 2).backward()
        optimizer.step()
        x, y = place.numpy()
        path.append((float(x), float(y)))
    return path


@patient
def race_in_the_valley(
    optimizers: Mapping[str, Maker],
    *,
    start: tuple[float, float] = (-8.0, 2.0),
    curvatures: Curvatures = (1.0, 20.0),
    steps: int = 40,
) -> Picture:
    """Print how high each optimizer still is after some steps, and draw its way."""
    paths = {
        name: walk(make, [start], curvatures, steps)
        for name, make in optimizers.items()
    }
    shown = [round(k * steps / (SHOWN - 1)) for k in range(SHOWN)]
    say(f"{'height after step':30s}" + "".join(f"{k:>10d}" for k in shown))
    for name, path in paths.items():
        heights = [height(np.array(path[k]), curvatures) for k in shown]
        say(f"  {name:28s}" + "".join(f"{h:10.2g}" for h in heights))
    return _draw(paths, curvatures)


def _draw(paths: Mapping[str, Path], curvatures: Curvatures) -> Picture:
    ends = np.array([point for path in paths.values() for point in path])
    low, high = np.clip(ends.min(axis=0), -20, 20), np.clip(ends.max(axis=0), -20, 20)
    margin = 0.15 * (high - low) + 0.1
    x = np.linspace(low[0] - margin[0], high[0] + margin[0], 120)
    y = np.linspace(low[1] - margin[1], high[1] + margin[1], 120)
    heights = height(np.stack(np.meshgrid(x, y), axis=-1), curvatures)
    levels = heights.max() * np.linspace(0.03, 1, LEVELS) ** 2
    picture = Picture(7.2, 1.9 * len(paths))
    panels = picture.figure.subplots(len(paths), 1, sharex=True, squeeze=False)
    for ax, (name, path), colour in zip(
        panels.flat, paths.items(), COLOURS, strict=False
    ):
        ax.contour(x, y, heights, levels, colors="0.8", linewidths=0.8)
        ax.plot(*zip(*path, strict=True), ".-", color=colour, linewidth=1, markersize=4)
        ax.plot(0, 0, "k+")
        ax.set_xlim(x[0], x[-1])
        ax.set_ylim(y[0], y[-1])
        ax.set_title(name, fontsize=9)
    return picture
