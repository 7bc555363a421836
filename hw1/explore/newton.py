"""Walk to a minimum with slopes alone, and with slopes and curvatures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from explore.patience import patient, say
from explore.picture import COLOURS, Picture

Derivatives = Callable[[Any, float], tuple[float, float]]


@patient
def race_to_the_minimum(
    f: Callable[[Any], Any],
    slope_and_curvature: Derivatives,
    *,
    start: float,
    lr: float = 0.1,
    steps: int = 8,
) -> Picture:
    """Minimise f of one number by gradient descent and by Newton's method.

    ``slope_and_curvature(f, x)`` returns both derivatives of f at x.
    """
    descent, newton = [start], [start]
    for step in range(steps + 1):
        slope, _ = slope_and_curvature(f, descent[-1])
        steeper, curvature = slope_and_curvature(f, newton[-1])
        if step == 0:
            say(" step   gradient descent      slope      Newton      slope")
        say(
            f"{step:5d}   {descent[-1]:16.8f} {slope:10.1e}"
            f"  {newton[-1]:10.8f} {steeper:10.1e}"
        )
        descent.append(descent[-1] - lr * slope)
        newton.append(newton[-1] - steeper / curvature)
    return _draw(f, descent[:-1], newton[:-1])


def _draw(
    f: Callable[[Any], Any], descent: list[float], newton: list[float]
) -> Picture:
    import needle as ndl

    ends = min(descent + newton), max(descent + newton)
    margin = 0.15 * (ends[1] - ends[0])
    x = np.linspace(ends[0] - margin, ends[1] + margin, 200)
    picture = Picture(8.4, 3.0)
    left, right = picture.figure.subplots(1, 2, sharey=True)
    for ax, walk, colour, title in (
        (left, descent, COLOURS[1], "gradient descent"),
        (right, newton, COLOURS[0], "Newton's method"),
    ):
        ax.plot(x, f(ndl.Tensor(x)).numpy(), color=COLOURS[5], linewidth=1)
        heights = f(ndl.Tensor(np.array(walk))).numpy()
        ax.plot(walk, heights, "o-", color=colour, markersize=4, linewidth=1)
        ax.set_title(title, fontsize=10)
        ax.set_xlabel("x")
        ax.grid(alpha=0.3)
    return picture
