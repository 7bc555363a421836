"""Figures of the hw1 handout that show arrays: shapes, axes, copies and errors."""

from __future__ import annotations

import numpy as np
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
    plots,
)


def chain() -> Figure:
    """Draw the product of three Jacobians and the two ends to begin from."""
    figure, ax = canvas(7.6, 3.25)
    small, large = 0.17, 1.0
    for y, title, row in (
        (2.1, "from the inputs: matrix times matrix", False),
        (0.45, "from the output: row times matrix", True),
    ):
        x = 0.35
        for height, name, colour in (
            (small, "$J_3$", ORANGE), (large, "$J_2$", BLUE), (large, "$J_1$", GREEN),
        ):  # fmt: skip
            box(ax, (x, y + (0.5 - height / 2)), large, height, colour)
            if height == large:
                label(ax, x + 0.5, y + 0.5, name, fontsize=11)
            else:
                label(ax, x + 0.5, y + 0.72, name, fontsize=11)
            x += large + 0.14
        first, last = (0.3, 2.54) if row else (1.44, 3.68)
        ax.plot(
            [first, first, last, last], [y - 0.06, y - 0.12, y - 0.12, y - 0.06],
            color=RED if row else INK, linewidth=1.2,
        )  # fmt: skip
        label(ax, (first + last) / 2, y - 0.24, "first", fontsize=8.5, color=MUTED)
        arrow(ax, (3.85, y + 0.5), (4.35, y + 0.5), MUTED)
        height = small if row else large
        box(ax, (4.5, y + 0.5 - height / 2), large, height, PURPLE)
        label(ax, 5.65, y + 0.62, title.split(": ")[0], ha="left", fontsize=9)
        label(ax, 5.65, y + 0.38, title.split(": ")[1], ha="left", fontsize=9,
              color=RED if row else INK)  # fmt: skip
    return figure


def axes() -> Figure:
    """Draw a 2 x 3 matrix and its sums over axis 0, axis 1 and both."""
    figure, ax = canvas(7.6, 2.35)
    matrix = np.array([[1, 2, 3], [4, 5, 6]])
    cells(ax, (0.75, 1.75), matrix, BLUE)
    arrow(ax, (0.55, 1.75), (0.55, 1.03), MUTED)
    label(ax, 0.35, 1.39, "axis 0", fontsize=8.5, color=MUTED, rotation=90)
    arrow(ax, (0.75, 1.95), (1.83, 1.95), MUTED)
    label(ax, 1.29, 2.1, "axis 1", fontsize=8.5, color=MUTED)
    label(ax, 1.29, 0.8, "shape (2, 3)", fontsize=9)
    cells(ax, (2.75, 1.57), matrix.sum(axis=0), GREEN)
    label(ax, 3.29, 2.0, "axes=0", fontsize=10)
    label(ax, 3.29, 0.8, "shape (3,)", fontsize=9)
    cells(ax, (4.75, 1.57), matrix.sum(axis=1), ORANGE)
    label(ax, 5.11, 2.0, "axes=1", fontsize=10)
    label(ax, 5.11, 0.8, "shape (2,)", fontsize=9)
    cells(ax, (6.42, 1.57), matrix.sum(), PURPLE)
    label(ax, 6.6, 2.0, "axes=None", fontsize=10)
    label(ax, 6.6, 0.8, "shape ()", fontsize=9)
    label(ax, 3.8, 0.3, "the axis that is named is the one that disappears",
          fontsize=9, color=MUTED)  # fmt: skip
    return figure


def broadcast() -> Figure:
    """Draw a row copied to two rows, and the adjoints of the rows added."""
    figure, ax = canvas(7.6, 2.3)
    cells(ax, (0.6, 1.56), [10, 20, 30], BLUE)
    label(ax, 1.14, 1.85, "$b$, shape (3,)", fontsize=9)
    cells(ax, (2.55, 1.75), [[10, 20, 30], [10, 20, 30]], BLUE)
    label(ax, 3.09, 2.05, "$y$, shape (2, 3)", fontsize=9)
    arrow(ax, (1.75, 1.38), (2.48, 1.38), INK)
    label(ax, 2.11, 1.52, "copy", fontsize=8.5)
    cells(ax, (4.25, 1.75), [[1, 2, 3], [4, 5, 6]], RED)
    label(ax, 4.79, 2.05, "$\\bar y$, shape (2, 3)", fontsize=9, color=RED)
    cells(ax, (6.2, 1.56), [5, 7, 9], RED)
    label(ax, 6.74, 1.85, "$\\bar b$, shape (3,)", fontsize=9, color=RED)
    arrow(ax, (5.4, 1.38), (6.13, 1.38), RED)
    label(ax, 5.76, 1.52, "add", fontsize=8.5, color=RED)
    label(ax, 3.8, 0.62, "every number is in as many places as it was copied to,",
          fontsize=9, color=MUTED)  # fmt: skip
    label(ax, 3.8, 0.38, "and what comes back from these places adds up",
          fontsize=9, color=MUTED)  # fmt: skip
    return figure


def step_size() -> Figure:
    """Plot the error of one- and two-sided differences of sin at 1 by step size."""
    figure, (ax,) = plots(6.4, 3.0, 1)
    for kind, exponents, colour, name in (
        (np.float64, np.linspace(-13, 0, 105), BLUE, "float64"),
        (np.float32, np.linspace(-6.5, 0, 53), ORANGE, "float32"),
    ):
        at, h = kind(1.0), (10.0**exponents).astype(kind)
        slopes = (np.sin(at + h) - np.sin(at - h)) / (2 * h)
        error = np.abs(slopes.astype(np.float64) - np.cos(1.0))
        ax.loglog(h, np.maximum(error, 1e-13), color=colour, linewidth=1.3,
                  label=f"two-sided, {name}")  # fmt: skip
    h = 10.0 ** np.linspace(-13, 0, 105)
    one = np.abs((np.sin(1 + h) - np.sin(1.0)) / h - np.cos(1.0))
    ax.loglog(h, one, color=MUTED, linewidth=1, linestyle="--",
              label="one-sided, float64")  # fmt: skip
    ax.annotate("rounding,\n$\\varepsilon / h$", (1e-9, 3e-8), (3e-10, 1e-4),
                fontsize=8.5, color=MUTED)  # fmt: skip
    ax.annotate("the formula,\n$h^2$", (1e-3, 1e-7), (3e-3, 1e-9), fontsize=8.5,
                color=MUTED)  # fmt: skip
    ax.set_xlabel("$h$")
    ax.set_ylabel("error of the slope of $\\sin$ at 1")
    ax.legend(frameon=False, fontsize=8.5, loc="lower left")
    return figure
