"""Figures of the hw0 handout about bytes, layers and memory."""

from __future__ import annotations

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
    label,
)

MONO = {"family": "DejaVu Sans Mono"}


def _bytes(ax: Axes, x: float, y: float, values: list[str], colour: str) -> float:
    """Draw a run of bytes as cells; return where it ends."""
    for value in values:
        box(ax, (x, y), 0.36, 0.34, colour)
        label(ax, x + 0.18, y + 0.17, value, fontsize=9, **MONO)
        x += 0.36
    return x


def _field(
    ax: Axes, corner: tuple[float, float], values: str, colour: str, text: str
) -> float:
    """Draw bytes with a caption below; return where they end."""
    x, y = corner
    end = _bytes(ax, x, y, values.split(), colour)
    label(ax, (x + end) / 2, y - 0.23, text, fontsize=8.2, color=colour, va="top")
    return end


def idx_bytes() -> Figure:
    """Draw the first bytes of an image file and of a label file."""
    figure, ax = canvas(7.6, 2.95)
    label(ax, 0.2, 2.75, "train-images-idx3-ubyte", ha="left", **MONO)
    x = _field(
        ax,
        (0.2, 2.2),
        "00 00 08 03",
        PURPLE,
        "magic: 08 = uint8,\n03 = three dimensions",
    )
    x = _field(ax, (x, 2.2), "00 00 ea 60", BLUE, "60000\nimages")
    x = _field(ax, (x, 2.2), "00 00 00 1c", GREEN, "28\nrows")
    x = _field(ax, (x, 2.2), "00 00 00 1c", GREEN, "28\ncolumns")
    _field(ax, (x, 2.2), "00 00 00 ...", ORANGE, "pixels: 784 bytes\nan image")
    label(ax, 0.2, 1.2, "train-labels-idx1-ubyte", ha="left", **MONO)
    x = _field(ax, (0.2, 0.65), "00 00 08 01", PURPLE, "magic: uint8,\none dimension")
    x = _field(ax, (x, 0.65), "00 00 ea 60", BLUE, "60000\nlabels")
    _field(
        ax,
        (x, 0.65),
        "05 00 04 01 09 02 01 03 ...",
        ORANGE,
        "labels: one byte each,\n5 0 4 1 9 2 1 3 ...",
    )
    return figure


def two_layer() -> Figure:
    """Draw the two-layer network forward and backward, with shapes."""
    figure, ax = canvas(7.6, 2.15)
    stages = (
        (0.35, "$X$", "$B \\times n$", BLUE),
        (2.0, "$A = XW_1$", "$B \\times d$", GREEN),
        (3.65, "$H = \\mathrm{relu}(A)$", "$B \\times d$", GREEN),
        (5.3, "$Z = HW_2$", "$B \\times k$", ORANGE),
        (6.85, "$\\ell$", "scalar", PURPLE),
    )
    widths = (0.85, 0.95, 1.05, 0.95, 0.45)
    for (x, name, shape, colour), width in zip(stages, widths, strict=True):
        box(ax, (x, 1.2), width, 0.5, colour)
        label(ax, x + width / 2, 1.45, name, fontsize=9.5)
        label(ax, x + width / 2, 1.85, shape, fontsize=8.5, color=MUTED)
    ends = [x + width for (x, *_), width in zip(stages, widths, strict=True)]
    starts = [x for x, *_ in stages]
    forward = ("$W_1$", "keep what\nis > 0", "$W_2$", "softmax\nloss")
    backward = (
        "",
        "$G_A = G_H$\nwhere $A > 0$",
        "$G_H = G_Z W_2^{\\!\\top}$",
        "$G_Z = (P - I_y)/B$",
    )
    for i in range(4):
        arrow(ax, (ends[i] + 0.06, 1.53), (starts[i + 1] - 0.06, 1.53), INK)
        label(
            ax,
            (ends[i] + starts[i + 1]) / 2,
            1.62,
            forward[i],
            va="bottom",
            fontsize=8.5,
        )
        if backward[i]:
            arrow(ax, (starts[i + 1] - 0.06, 1.37), (ends[i] + 0.06, 1.37), RED)
            label(
                ax,
                (ends[i] + starts[i + 1]) / 2,
                1.0,
                backward[i],
                va="top",
                color=RED,
                fontsize=8.5,
            )
    label(
        ax,
        2.47,
        0.25,
        "$\\partial\\ell/\\partial W_1 = X^{\\!\\top} G_A$",
        color=RED,
        fontsize=10,
    )
    label(
        ax,
        5.77,
        0.25,
        "$\\partial\\ell/\\partial W_2 = H^{\\!\\top} G_Z$",
        color=RED,
        fontsize=10,
    )
    return figure


def row_major() -> Figure:
    """Draw a 3 x 4 matrix and the same numbers in memory."""
    figure, ax = canvas(7.6, 2.6)
    colours = (BLUE, GREEN, ORANGE)
    side, left, top = 0.42, 0.6, 2.15
    for i in range(3):
        for j in range(4):
            box(ax, (left + j * side, top - (i + 1) * side), side, side, colours[i])
            label(
                ax,
                left + (j + 0.5) * side,
                top - (i + 0.5) * side,
                f"{i},{j}",
                fontsize=8.5,
            )
        label(
            ax,
            left - 0.1,
            top - (i + 0.5) * side,
            f"row {i}",
            ha="right",
            fontsize=8,
            color=MUTED,
        )
    label(
        ax,
        left + 2 * side,
        top + 0.2,
        "the matrix: $m = 3$ rows, $n = 4$ columns",
        fontsize=8.5,
    )
    label(
        ax, 4.95, 1.75, "element $(i, j)$ lies at index $i \\cdot n + j$", fontsize=11
    )
    label(
        ax,
        4.95,
        1.32,
        "a step to the right: $+1$ float (4 bytes)\n"
        "a step down: $+n$ floats ($4n$ bytes)",
        color=MUTED,
    )
    for index in range(12):
        x = 0.6 + index * 0.55
        box(ax, (x, 0.32), 0.55, 0.36, colours[index // 4])
        label(ax, x + 0.275, 0.5, f"{index // 4},{index % 4}", fontsize=8.5)
        label(ax, x + 0.275, 0.19, str(index), fontsize=7.5, color=MUTED)
    return figure


def loop_order() -> Figure:
    """Draw which memory two orders of the same two loops touch."""
    figure, ax = canvas(7.6, 2.35)
    for left, title, colour, along in (
        (0.4, "inner loop over a row: neighbours in memory", GREEN, True),
        (4.2, "inner loop down a column: a jump each step", RED, False),
    ):
        label(ax, left + 1.5, 2.12, title, fontsize=8.8, color=colour)
        for i in range(5):
            for j in range(8):
                box(ax, (left + j * 0.375, 1.62 - i * 0.32), 0.375, 0.32, MUTED)
        if along:
            for i in range(5):
                y = 1.78 - i * 0.32
                arrow(ax, (left + 0.1, y), (left + 2.9, y), colour)
        else:
            for j in range(8):
                x = left + (j + 0.5) * 0.375
                arrow(ax, (x, 1.88), (x, 0.4), colour)
    label(
        ax,
        1.9,
        0.14,
        "one cache line and one vector register serve 8 or 16 steps",
        fontsize=8,
        color=MUTED,
    )
    label(
        ax,
        5.7,
        0.14,
        "a cache line fetched for each 4 bytes; no vectors",
        fontsize=8,
        color=MUTED,
    )
    return figure
