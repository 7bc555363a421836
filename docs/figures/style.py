"""What the figures of the handouts share: size, colours, boxes and arrows."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle

INK = "#24303b"
MUTED = "#6a7682"
BLUE, ORANGE, GREEN, PURPLE, RED = (
    "#1f6fb4", "#d1602a", "#2f8f4e", "#8a56ac", "#b03a48",
)  # fmt: skip
PALE = {
    BLUE: "#dbe9f6", ORANGE: "#fbe3d6", GREEN: "#dcefe1", PURPLE: "#eae0f2",
    RED: "#f6dcdf", MUTED: "#eceff1",
}  # fmt: skip
SIDE = 0.36  # of a cell, in inches

# The same picture gives the same bytes: fixed ids, no date; glyphs are drawn as paths
# so that it looks alike wherever it is read. White ground for light and dark themes.
mpl.rcParams.update({
    "svg.hashsalt": "needle",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "mathtext.fontset": "dejavusans",
})  # fmt: skip


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure in inches with one axes in the same units, origin below left."""
    figure = Figure(figsize=(width, height), facecolor="white")
    ax = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    ax.set_xlim(0, width)
    ax.set_ylim(0, height)
    ax.set_axis_off()
    return figure, ax


def plots(width: float, height: float, columns: int) -> tuple[Figure, list[Axes]]:
    """Return a figure with a row of ordinary axes."""
    figure = Figure(figsize=(width, height), facecolor="white", layout="constrained")
    return figure, list(figure.subplots(1, columns, squeeze=False).flat)


def box(
    ax: Axes, corner: tuple[float, float], width: float, height: float, colour: str
) -> None:
    """Draw a filled rectangle by its lower left corner."""
    face = PALE.get(colour, "white")
    ax.add_patch(
        Rectangle(corner, width, height, facecolor=face, edgecolor=colour, linewidth=1)
    )


def label(ax: Axes, x: float, y: float, text: str, **style: object) -> None:
    """Write centred text."""
    options: dict[str, object] = {"ha": "center", "va": "center", **style}
    ax.text(x, y, text, **options)  # type: ignore[arg-type]


def cells(
    ax: Axes,
    corner: tuple[float, float],
    rows: object,
    colour: str,
    side: float = SIDE,
) -> None:
    """Draw numbers, or words, as a grid of cells, by the upper left corner."""
    x, y = corner
    for i, row in enumerate(np.atleast_2d(np.asarray(rows))):
        for j, value in enumerate(row):
            place = x + j * side, y - (i + 1) * side
            box(ax, place, side, side, colour)
            label(ax, place[0] + side / 2, place[1] + side / 2, f"{value}")


def arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    colour: str = MUTED,
    bend: float = 0.0,
) -> None:
    """Draw an arrow from start to end."""
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=10,
            color=colour,
            linewidth=1.2,
            connectionstyle=f"arc3,rad={bend}",
            shrinkA=0,
            shrinkB=0,
        )
    )


def save(figure: Figure | str, path: Path) -> None:
    """Write the figure as SVG, and nothing that changes from run to run.

    What is SVG already is written as it is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(figure, str):
        path.write_text(figure, "utf-8")
        return
    figure.savefig(path, format="svg", metadata={"Date": None})
