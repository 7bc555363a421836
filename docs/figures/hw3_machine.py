"""Figures of the hw3 handout that show the machine: sums, memory, tiles."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from style import (
    BLUE,
    GREEN,
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

RUNS = 24  # sums for each length


def sums() -> Figure:
    """Plot the mean error of a chain, of sixteen chains and of halves of halves."""
    figure, (ax,) = plots(6.4, 3.0, 1)
    lengths = 2 ** np.arange(6, 21, 2)
    rng = np.random.default_rng(0)
    errors = np.zeros((3, len(lengths)))
    for column, n in enumerate(lengths):
        x = rng.random((RUNS, n), dtype=np.float32)
        exact = x.sum(axis=1, dtype=np.float64)
        for row, total in enumerate((_chain(x), _sixteen(x), _halves(x))):
            wrong = np.abs(total.astype(np.float64) / exact - 1)
            errors[row, column] = max(wrong.mean(), 1e-9)
    for row, (name, colour) in enumerate((
        ("one chain", RED), ("sixteen chains", ORANGE), ("halves of halves", BLUE),
    )):  # fmt: skip
        ax.loglog(lengths, errors[row], ".-", color=colour, linewidth=1.3, label=name)
    ax.axhline(2.0**-24, color=MUTED, linestyle=":", linewidth=1)
    ax.annotate("one rounding", (lengths[0], 2.0**-24 * 1.15), fontsize=8, color=MUTED)
    ax.set_xlabel("numbers that are added")
    ax.set_ylabel("relative error")
    ax.legend(frameon=False, fontsize=8.5, loc="upper left")
    return figure


def _chain(x: np.ndarray) -> np.ndarray:
    return np.asarray(np.add.accumulate(x, axis=1)[:, -1])


def _sixteen(x: np.ndarray) -> np.ndarray:
    lanes = np.add.accumulate(x.reshape(len(x), -1, 16), axis=1)[:, -1]
    return _halves(lanes)


def _halves(x: np.ndarray) -> np.ndarray:
    while x.shape[1] > 1:
        x = x[:, ::2] + x[:, 1::2]
    return x[:, 0]


def hierarchy() -> Figure:
    """Draw registers, caches and memory as a pyramid, with sizes and times."""
    figure, ax = canvas(7.6, 2.7)
    stairs = (
        ("registers", "2 KB", "0", GREEN), ("L1", "32 KB", "1 ns", BLUE),
        ("L2", "1 MB", "4 ns", PURPLE), ("L3", "32 MB", "15 ns", ORANGE),
        ("memory", "64 GB", "100 ns", RED),
    )  # fmt: skip
    for place, (name, size, time, colour) in enumerate(stairs):
        y, half = 2.1 - 0.45 * place, 0.55 + 0.33 * place
        box(ax, (3.4 - half, y - 0.17), 2 * half, 0.36, colour)
        label(ax, 3.4, y, name, fontsize=9)
        label(ax, 1.0, y, size, fontsize=9)
        label(ax, 5.9, y, time, fontsize=9)
    for x, words in ((1.0, "size"), (5.9, "a step in random order")):
        label(ax, x, 2.5, words, fontsize=8.5, color=MUTED)
    arrow(ax, (7.1, 0.3), (7.1, 2.2), MUTED)
    label(ax, 7.27, 1.25, "64 bytes at a time", fontsize=8, color=MUTED, rotation=90)
    return figure


def tiles() -> Figure:
    """Draw three matrices in tiles, with those that make one tile of the result."""
    figure, ax = canvas(7.6, 2.6)
    side, top = 0.42, 2.1
    for left, name, rows, columns, chosen in (
        (0.5, "A", 3, 4, lambda i, j: i == 1),
        (3.2, "B", 4, 3, lambda i, j: j == 2),
        (5.75, "C", 3, 3, lambda i, j: (i, j) == (1, 2)),
    ):
        colour = {"A": BLUE, "B": ORANGE, "C": GREEN}[name]
        for i in range(rows):
            for j in range(columns):
                corner = left + j * side, top - (i + 1) * side
                box(ax, corner, side, side, colour if chosen(i, j) else MUTED)
                if chosen(i, j):
                    label(ax, corner[0] + side / 2, corner[1] + side / 2,
                          f"${name}_{{{i}{j}}}$", fontsize=8.5)  # fmt: skip
        label(ax, left + columns * side / 2, top + 0.17, f"${name}$", fontsize=11)
    label(ax, 2.68, top - 1.5 * side, "times", fontsize=9, color=MUTED)
    label(ax, 5.1, top - 1.5 * side, "makes", fontsize=9, color=MUTED)
    label(ax, 3.8, 0.14, "$C_{12} = A_{10}B_{02} + A_{11}B_{12} + A_{12}B_{22} +"
          " A_{13}B_{32}$: four products of tiles, added up", fontsize=9,
          color=MUTED)  # fmt: skip
    return figure
