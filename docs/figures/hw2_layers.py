"""Figures of the hw2 handout that show layers, and what they do to a batch."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from style import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PURPLE,
    RED,
    arrow,
    box,
    canvas,
    cells,
    label,
)

WIDE, HIGH = 1.25, 0.36  # a layer


def _layer(ax: Axes, x: float, y: float, text: str, colour: str) -> None:
    """Draw a layer by the middle of its box."""
    box(ax, (x - WIDE / 2, y - HIGH / 2), WIDE, HIGH, colour)
    label(ax, x, y, text, fontsize=8.5)


def module_tree() -> Figure:
    """Draw a network as a tree: modules, parameters, and the names of these."""
    figure, ax = canvas(7.6, 3.05)
    _layer(ax, 3.8, 2.75, "Sequential", BLUE)
    for index, name, x, at in (
        ("0", "Linear", 1.35, (2.45, 2.42)),
        ("1", "ReLU", 3.8, (4.2, 2.12)),
        ("2", "Linear", 6.25, (5.15, 2.42)),
    ):
        arrow(ax, (3.8, 2.56), (x, 1.98), MUTED)
        label(ax, *at, f"modules.{index}", fontsize=8, color=MUTED)
        _layer(ax, x, 1.8, name, BLUE)
    for index, x, shapes in (
        ("0", 1.35, ("(4, 8)", "(1, 8)")), ("2", 6.25, ("(8, 3)", "(1, 3)")),
    ):  # fmt: skip
        for side, name, shape in (
            (-0.72, "weight", shapes[0]),
            (0.72, "bias", shapes[1]),
        ):
            arrow(ax, (x, 1.61), (x + side, 1.13), MUTED)
            box(ax, (x + side - 0.5, 0.72), 1.0, 0.4, GREEN)
            label(ax, x + side, 0.92, f"{name} {shape}", fontsize=7.5)
            label(
                ax, x + side, 0.55, f"modules.{index}.{name}", fontsize=7, color=GREEN
            )
    label(ax, 3.8, 1.3, "owns nothing", fontsize=8, color=MUTED)
    label(ax, 3.8, 0.15, "a parameter is named after the way that leads to it",
          fontsize=9, color=MUTED)  # fmt: skip
    return figure


def norms() -> Figure:
    """Draw one batch twice, with a row and with a column marked."""
    figure, ax = canvas(7.6, 2.5)
    batch = np.array([[2, 9, 0, 5], [7, 1, 4, 4], [3, 8, 8, 1], [6, 2, 0, 8]])
    for left, colour, title, note in (
        (1.05, BLUE, "layer norm", "one example,\nall its features"),
        (4.9, ORANGE, "batch norm", "one feature,\nin all examples"),
    ):
        cells(ax, (left, 1.95), batch, MUTED)
        if colour == BLUE:
            cells(ax, (left, 1.95 - 0.36), batch[1:2], colour)
            arrow(ax, (left + 1.5, 1.41), (left + 1.78, 1.41), colour)
            label(ax, left + 2.2, 1.41, "mean 4\nvar. 4.5", fontsize=8, color=colour)
        else:
            cells(ax, (left + 0.72, 1.95), batch[:, 2:3], colour)
            arrow(ax, (left + 0.9, 0.47), (left + 0.9, 0.27), colour)
            label(ax, left + 0.9, 0.13, "mean 3, var. 11", fontsize=8, color=colour)
            label(ax, left + 2.1, 1.0, "and running ones,\nfor evaluation",
                  fontsize=7.5, color=colour)  # fmt: skip
        label(ax, left + 0.72, 2.34, title, fontsize=10, color=colour)
        label(ax, left + 2.1, 1.85, note, fontsize=8, color=MUTED)
        label(
            ax, left - 0.45, 1.23, "$n$ examples", rotation=90, fontsize=8, color=MUTED
        )
        label(ax, left + 0.72, 2.08, "$d$ features", fontsize=8, color=MUTED)
    return figure


def dropout() -> Figure:
    """Draw a row of numbers, a mask, and what dropout makes of them."""
    figure, ax = canvas(7.6, 1.95)
    x = np.array([3, 6, 1, 8, 2, 5, 4, 3])
    mask = np.array([1, 0, 1, 1, 1, 0, 1, 1])
    for y, row, name, colour in (
        (1.8, x, "$x$", BLUE),
        (1.25, mask, "mask, $p = 1/4$", MUTED),
    ):
        cells(ax, (2.2, y), row, colour)
        label(ax, 1.3, y - 0.18, name, fontsize=9)
    scaled = [
        f"{value * keep * 4 / 3:.3g}" for value, keep in zip(x, mask, strict=True)
    ]
    for place, text in enumerate(scaled):
        corner = (2.2 + 0.36 * place, 0.7)
        cells(ax, corner, [""], GREEN if mask[place] else RED)
        label(ax, corner[0] + 0.18, corner[1] - 0.18, text, fontsize=6.5)
    label(ax, 1.3, 0.52, "$y$, training", fontsize=9)
    label(
        ax, 5.2, 1.62, "$y$, evaluation: the same", fontsize=8.5, ha="left", color=BLUE
    )
    label(ax, 5.2, 0.52, "what stays is divided by 3/4", fontsize=8.5, ha="left",
          color=GREEN)  # fmt: skip
    label(
        ax, 3.64, 0.1, "in the mean over all masks, $y = x$", fontsize=8.5, color=MUTED
    )
    return figure


def residual() -> Figure:
    """Draw a block and the way around it, with what goes forward and back."""
    figure, ax = canvas(7.6, 2.05)
    box(ax, (2.75, 0.7), 1.5, 0.6, BLUE)
    label(ax, 3.5, 1.0, "$f$", fontsize=12)
    arrow(ax, (1.2, 1.07), (2.7, 1.07), INK)
    arrow(ax, (4.3, 1.07), (5.33, 1.07), INK)
    arrow(ax, (5.33, 0.93), (4.3, 0.93), RED)
    arrow(ax, (2.7, 0.93), (1.2, 0.93), RED)
    ax.plot([1.9, 1.9, 5.45], [1.07, 1.75, 1.75], color=INK, linewidth=1.2)
    arrow(ax, (5.45, 1.75), (5.45, 1.17), INK)
    ax.plot([5.6, 5.6, 1.75], [1.17, 1.9, 1.9], color=RED, linewidth=1.2)
    arrow(ax, (1.75, 1.9), (1.75, 0.98), RED)
    cells(ax, (5.35, 1.17), ["+"], GREEN, side=0.3)
    arrow(ax, (5.68, 1.07), (6.5, 1.07), INK)
    arrow(ax, (6.5, 0.93), (5.68, 0.93), RED)
    label(ax, 1.0, 1.12, "$x$", fontsize=12)
    label(
        ax, 0.75, 0.72, r"$\bar x = \bar y + J_f^{\top}\bar y$", fontsize=9.5, color=RED
    )
    label(ax, 6.95, 1.12, "$y = f(x) + x$", fontsize=9.5)
    label(ax, 6.75, 0.82, r"$\bar y$", fontsize=11, color=RED)
    label(ax, 3.5, 1.6, "nothing is multiplied here", fontsize=8.5, color=MUTED)
    label(ax, 3.5, 0.5, r"$J_f^{\top}\bar y$", fontsize=9.5, color=RED)
    label(ax, 3.5, 0.12, "values forward, adjoints back", fontsize=8.5, color=MUTED)
    return figure


def resnet() -> Figure:
    """Draw the residual network of the last question, and one of its blocks."""
    figure, ax = canvas(7.6, 4.0)
    layers = (
        ("Linear 784, 100", GREEN), ("ReLU", BLUE), ("block", ORANGE),
        ("block", ORANGE), ("block", ORANGE), ("Linear 100, 10", GREEN),
    )  # fmt: skip
    for place, (name, colour) in enumerate(layers):
        y = 0.6 + 0.56 * place
        _layer(ax, 1.5, y, name, colour)
        arrow(ax, (1.5, y - 0.37), (1.5, y - 0.19), MUTED)
    arrow(ax, (1.5, 3.59), (1.5, 3.77), MUTED)
    label(ax, 1.5, 0.12, "images as rows, $(n, 784)$", fontsize=8.5, color=MUTED)
    label(ax, 1.5, 3.87, "logits, $(n, 10)$", fontsize=8.5, color=MUTED)
    inside = (
        ("Linear 100, 50", GREEN), ("BatchNorm 50", PURPLE), ("ReLU", BLUE),
        ("Dropout", MUTED), ("Linear 50, 100", GREEN), ("BatchNorm 100", PURPLE),
    )  # fmt: skip
    for place, (name, colour) in enumerate(inside):
        y = 0.6 + 0.46 * place
        _layer(ax, 4.9, y, name, colour)
        arrow(ax, (4.9, y - 0.28), (4.9, y - 0.18), MUTED)
    ax.plot([4.9, 6.1, 6.1], [0.3, 0.3, 3.24], color=INK, linewidth=1.2)
    arrow(ax, (6.1, 3.24), (5.08, 3.24), INK)
    arrow(ax, (4.9, 3.08), (4.9, 3.13), MUTED)
    cells(ax, (4.75, 3.39), ["+"], ORANGE, side=0.3)
    _layer(ax, 4.9, 3.72, "ReLU", BLUE)
    arrow(ax, (4.9, 3.39), (4.9, 3.53), MUTED)
    label(ax, 6.22, 1.8, "the way around", fontsize=8.5, rotation=90)
    for y, end in ((1.9, 3.95), (1.54, 0.15)):
        ax.plot([2.15, 3.9], [y, end], ":", color=ORANGE, linewidth=1)
    label(ax, 3.05, 1.72, "one block", fontsize=8.5, color=ORANGE)
    return figure
