"""Figures of the hw2 handout that show data on the way to a batch, and a leak."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from style import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PURPLE,
    RED,
    SIDE,
    arrow,
    box,
    canvas,
    cells,
    label,
)


def loader() -> Figure:
    """Draw seven examples, an order, its pieces, and the batch made of one."""
    figure, ax = canvas(7.6, 2.6)
    label(ax, 1.0, 2.4, "data set", fontsize=9.5, color=BLUE)
    for i in range(7):
        y = 2.2 - 0.3 * i
        label(ax, 0.28, y - 0.14, f"{i}", fontsize=8, color=MUTED)
        box(ax, (0.45, y - 0.27), 0.75, 0.26, BLUE)
        label(ax, 0.82, y - 0.14, f"image {i}", fontsize=7.5)
        box(ax, (1.2, y - 0.27), 0.6, 0.26, GREEN)
        label(ax, 1.5, y - 0.14, f"label {i}", fontsize=7.5)
    label(ax, 3.4, 2.4, "order, in pieces of 3", fontsize=9.5, color=ORANGE)
    colours = (ORANGE, PURPLE, MUTED)
    for place, i in enumerate((6, 2, 1, 3, 0, 5, 4)):
        gap = 0.14 * (place // 3)
        corner = (2.2 + 0.3 * place + gap, 1.95)
        cells(ax, corner, [i], colours[place // 3], side=0.3)
    arrow(ax, (2.65, 1.6), (2.65, 0.82), ORANGE)
    label(ax, 3.5, 1.32, "ask for 6, 2, 1", fontsize=8.5, color=ORANGE)
    arrow(ax, (1.9, 0.75), (2.95, 0.75), MUTED)
    label(ax, 5.9, 2.4, "a batch: two tensors", fontsize=9.5, color=INK)
    for row, i in enumerate((6, 2, 1)):
        y = 1.4 - 0.3 * row
        box(ax, (4.9, y - 0.3), 0.95, 0.3, BLUE)
        label(ax, 5.37, y - 0.15, f"image {i}", fontsize=8)
        box(ax, (6.15, y - 0.3), 0.75, 0.3, GREEN)
        label(ax, 6.52, y - 0.15, f"label {i}", fontsize=8)
    label(ax, 5.37, 1.58, "X, (3, 28, 28, 1)", fontsize=8, color=BLUE)
    label(ax, 6.52, 1.58, "y, (3,)", fontsize=8, color=GREEN)
    arrow(ax, (3.2, 0.75), (4.75, 0.95), MUTED)
    label(ax, 3.1, 0.55, "transform each", fontsize=8, color=MUTED)
    label(ax, 4.15, 1.0, "stack", fontsize=8, color=MUTED)
    label(ax, 5.7, 0.22, "the last batch has one example: 4", fontsize=8, color=MUTED)
    return figure


def crop() -> Figure:
    """Draw an image with zeros around it, and the windows of two shifts."""
    figure, ax = canvas(7.6, 2.45)
    image = np.arange(1, 10).reshape(3, 3)
    padded = np.pad(image, 1)
    for left, shift, name in (
        (0.75, (0, 0), "shift (0, 0): the image"),
        (4.2, (1, -1), "shift (1, -1)"),
    ):
        cells(ax, (left, 2.1), padded, MUTED)
        cells(ax, (left + SIDE, 2.1 - SIDE), image, BLUE)
        top, start = 1 + shift[0], 1 + shift[1]
        corner = left + start * SIDE, 2.1 - (top + 3) * SIDE
        ax.add_patch(
            Rectangle(
                corner, 3 * SIDE, 3 * SIDE, fill=False, edgecolor=RED, linewidth=2
            )
        )
        cut = padded[top : top + 3, start : start + 3]
        arrow(ax, (left + 1.86, 1.2), (left + 2.06, 1.2), RED)
        cells(ax, (left + 2.12, 1.2 + 1.5 * SIDE), cut, RED)
        label(ax, left + 0.9, 2.27, name, fontsize=9, color=RED)
    arrow(ax, (0.58, 1.6), (0.58, 0.8), MUTED)
    label(ax, 0.42, 1.2, "rows", rotation=90, fontsize=8, color=MUTED)
    label(ax, 3.8, 0.08, "rows are counted downwards: a window that is lower shows an"
          " image that is higher", fontsize=8, color=MUTED)  # fmt: skip
    return figure


def _step(ax: Axes, x: float, number: str) -> None:
    """Draw what one step of training has made."""
    box(ax, (x, 0.35), 1.2, 0.75, BLUE)
    label(ax, x + 0.6, 0.85, "batch, activations,", fontsize=7.5)
    label(ax, x + 0.6, 0.6, f"loss of step {number}", fontsize=8)


def leak() -> Figure:
    """Draw sums of losses as tensors, each of which holds the graph of its step."""
    figure, ax = canvas(7.6, 2.35)
    for place, number in enumerate(("1", "2", "3", "4")):
        x = 0.35 + 1.45 * place
        _step(ax, x, number)
        arrow(ax, (x + 0.6, 1.55), (x + 0.6, 1.13), MUTED)
        cells(ax, (x + 0.45, 1.85), ["+"], ORANGE, side=0.3)
        if place:
            arrow(ax, (x + 0.43, 1.7), (x - 0.68, 1.7), MUTED)
    arrow(ax, (5.85, 1.7), (5.48, 1.7), RED)
    label(ax, 6.65, 1.7, "total = total + loss", fontsize=8.5, color=RED)
    label(ax, 3.2, 2.15, "one name, and behind it everything there has ever been",
          fontsize=9, color=RED)  # fmt: skip
    label(ax, 3.2, 0.13, "arrows: remembers", fontsize=8, color=MUTED)
    label(
        ax, 6.75, 0.75, "a number instead:\nnothing is held", fontsize=8.5, color=GREEN
    )
    return figure
