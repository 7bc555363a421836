"""Figures of the hw0 handout about losses, gradients and steps."""

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
    label,
    plots,
)


def linear_model() -> Figure:
    """Draw X times theta gives logits, as rectangles with their shapes."""
    figure, ax = canvas(7.6, 2.75)
    top = 2.2
    shapes = (
        (0.55, 2.2, 1.1, BLUE, "$X$", "$B \\times 784$", "one image a row"),
        (
            3.35,
            0.75,
            1.7,
            ORANGE,
            "$\\Theta$",
            "$784 \\times 10$",
            "one class a column",
        ),
        (4.95, 0.75, 1.1, GREEN, "$Z$", "$B \\times 10$", "one score a class"),
        (6.45, 0.18, 1.1, PURPLE, "", "$B$", "one loss an image"),
    )
    for x, width, height, colour, name, shape, meaning in shapes:
        box(ax, (x, top - height), width, height, colour)
        label(ax, x + width / 2, top - height / 2, name, fontsize=13)
        label(ax, x + width / 2, top + 0.16, shape)
        label(ax, x + width / 2, top - height - 0.17, meaning, fontsize=8, color=MUTED)
    for x, symbol in ((3.05, "@"), (4.52, "=")):
        label(ax, x, top - 0.55, symbol, fontsize=14)
    arrow(ax, (5.8, top - 0.55), (6.36, top - 0.55))
    label(ax, 6.08, top - 0.36, "softmax\nloss", fontsize=8, va="bottom")
    row = top - 0.28
    for x, width in ((0.55, 2.2), (4.95, 0.75), (6.45, 0.18)):
        ax.plot([x, x + width], [row, row], color=INK, linewidth=2.2)
    return figure


def overflow() -> Figure:
    """Plot the loss of logits (z, 0) for label 1, computed two ways in float32."""
    figure, (ax,) = plots(6.2, 2.7, 1)
    z = np.linspace(0, 130, 521, dtype=np.float32)
    with np.errstate(over="ignore"):
        naive = np.log(np.exp(z) + np.exp(np.float32(0)))
    shifted = z + np.log(np.exp(z - z) + np.exp(-z))
    ax.plot(
        z, shifted, color=GREEN, linewidth=5, alpha=0.35, label="shifted by the max"
    )
    ax.plot(z, naive, color=RED, linewidth=1.6, label="as the formula stands")
    last = float(z[np.isfinite(naive)].max())
    ax.axvline(last, color=MUTED, linestyle=":", linewidth=1)
    ax.annotate(
        "$e^{88.7}$ is the largest float32;\nfrom here on: inf",
        (last, 88.0), (96, 34), color=RED, fontsize=8.5,
        arrowprops={"arrowstyle": "-|>", "color": RED},
    )  # fmt: skip
    ax.set_xlabel("$z$, with logits $(z, 0)$ and true class 1")
    ax.set_ylabel("loss, float32")
    ax.legend(frameon=False, loc="upper left")
    return figure


def softmax_gradient() -> Figure:
    """Draw logits, probabilities and p - e_y of the worked example as bars."""
    figure, axes = plots(7.4, 2.4, 3)
    z = np.array([1.0, 2.0, 0.0])
    p = np.exp(z) / np.exp(z).sum()
    e = np.array([0.0, 1.0, 0.0])
    panels = (
        (z, BLUE, "logits $z$"),
        (p, GREEN, "probabilities $p$"),
        (p - e, ORANGE, "gradient $p - e_y$,  $y = 1$"),
    )
    for ax, (values, colour, title) in zip(axes, panels, strict=True):
        bars = ax.bar(range(3), values, color=colour, width=0.62)
        ax.bar_label(bars, fmt="%.3g", padding=2, fontsize=8.5)
        ax.set_title(title, fontsize=9.5)
        ax.set_xticks(range(3), ["class 0", "class 1", "class 2"], fontsize=8)
        ax.axhline(0, color=MUTED, linewidth=0.8)
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        ax.margins(y=0.2)
    return figure


def minibatches() -> Figure:
    """Draw a data set cut into batches, the last one short."""
    figure, ax = canvas(7.6, 1.75)
    left, unit, y, height = 0.4, 0.27, 0.78, 0.42
    for first, size, colour in ((0, 10, BLUE), (10, 10, GREEN), (20, 5, ORANGE)):
        x = left + first * unit
        for row in range(size):
            box(ax, (x + row * unit, y), unit, height, colour)
        label(
            ax,
            x + size * unit / 2,
            y + height + 0.17,
            f"rows {first} to {first + size - 1}",
        )
        text = f"mean over {size}, one step"
        label(ax, x + size * unit / 2, y - 0.2, text, color=colour)
    label(
        ax,
        left + 12.5 * unit,
        0.25,
        "25 images, batch 10: three steps, in order, one after the other",
        color=MUTED,
    )
    return figure


def learning_rate() -> Figure:
    """Draw gradient descent in a valley with three step sizes."""
    figure, axes = plots(7.6, 2.5, 3)
    curve = np.array([1.0, 8.0])
    x, y = np.meshgrid(np.linspace(-2.2, 2.2, 121), np.linspace(-1.6, 1.6, 121))
    valley = 0.5 * (curve[0] * x**2 + curve[1] * y**2)
    cases = (
        (0.02, "too small: 20 steps, barely there"),
        (0.18, "good"),
        (0.256, "too large: it grows"),
    )
    for ax, (step, title) in zip(axes, cases, strict=True):
        path = [np.array([-1.9, 0.55])]
        for _ in range(20):
            path.append(path[-1] - step * curve * path[-1])
        points = np.array(path)
        ax.contour(
            x, y, valley, levels=(0.1, 0.5, 1.4, 3, 6), colors="#c9d2da", linewidths=0.9
        )
        ax.plot(
            points[:, 0], points[:, 1], "o-", color=BLUE, markersize=2.6, linewidth=1
        )
        ax.plot(0, 0, "+", color=RED, markersize=9)
        ax.set_title(title, fontsize=9.5)
        ax.set(xlim=(-2.2, 2.2), ylim=(-1.6, 1.6), xticks=[], yticks=[])
    return figure
