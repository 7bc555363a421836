"""Figures of the hw1 handout that show graphs: nodes, and what passes along edges."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from style import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PALE,
    RED,
    arrow,
    box,
    canvas,
    label,
)

Point: TypeAlias = tuple[float, float]
RADIUS = 0.27


def _node(ax: Axes, at: Point, text: str, colour: str) -> None:
    ax.add_patch(
        Circle(at, RADIUS, facecolor=PALE[colour], edgecolor=colour, linewidth=1.2)
    )
    label(ax, *at, text, fontsize=11)


def _edge(
    ax: Axes,
    start: Point,
    end: Point,
    colour: str = MUTED,
    side: float = 0.0,
    text: str = "",
) -> None:
    """Draw an arrow from rim to rim, moved to its left by ``side``, with a label."""
    a, b = np.array(start), np.array(end)
    along = (b - a) / np.linalg.norm(b - a)
    left = np.array([-along[1], along[0]])
    rim = np.sqrt(RADIUS**2 - side**2) + 0.04
    first, last = a + rim * along + side * left, b - rim * along + side * left
    arrow(ax, (first[0], first[1]), (last[0], last[1]), colour)
    if text:
        away = 0.17 + 0.03 * (len(text) - 1)
        x, y = (first + last) / 2 + np.sign(side or 1) * away * left
        label(ax, x, y, text, fontsize=9, color=colour)


def one_op() -> Figure:
    """Draw one operation: values go through forward, adjoints backward."""
    figure, ax = canvas(7.6, 2.3)
    box(ax, (3.0, 0.45), 1.6, 1.4, BLUE)
    label(ax, 3.8, 1.5, "compute", fontsize=10, color=BLUE)
    label(ax, 3.8, 1.15, "$y = f(a, b)$", fontsize=11)
    label(ax, 3.8, 0.75, "gradient", fontsize=10, color=RED)
    for y, name in ((1.55, "a"), (0.75, "b")):
        arrow(ax, (1.55, y + 0.09), (2.94, y + 0.09), INK)
        arrow(ax, (2.94, y - 0.09), (1.55, y - 0.09), RED)
        label(ax, 1.3, y + 0.11, f"${name}$", fontsize=12)
        bar = (
            f"$\\bar{{{name}}} = (\\partial y/\\partial {name})^{{\\!\\top}}\\,\\bar y$"
        )
        label(ax, 0.75, y - 0.16, bar, fontsize=10, color=RED)
    arrow(ax, (4.66, 1.24), (6.05, 1.24), INK)
    arrow(ax, (6.05, 1.06), (4.66, 1.06), RED)
    label(ax, 6.3, 1.27, "$y$", fontsize=12)
    label(ax, 6.3, 0.97, "$\\bar y$", fontsize=12, color=RED)
    label(ax, 6.95, 1.12, "to $L$,\nand back", fontsize=8.5, color=MUTED)
    label(ax, 3.8, 2.1, "values, on arrays", fontsize=8.5, color=INK)
    label(ax, 3.8, 0.2, "adjoints, on tensors", fontsize=8.5, color=RED)
    return figure


def _diamond(ax: Axes, left: float, parts: dict[str, str], order: str) -> None:
    """Draw the diamond with what is sent along each edge, and when."""
    places = {
        "y": (left + 1.3, 2.75),
        "b": (left + 2.15, 1.85),
        "a": (left + 1.3, 0.95),
        "x": (left + 1.3, 0.0),
    }
    moved = {name: (x, y + 0.55) for name, (x, y) in places.items()}
    for edge, text in parts.items():
        colour = ORANGE if text.startswith("late") else RED
        side = -0.1 if edge == "ya" else 0.1
        _edge(ax, moved[edge[0]], moved[edge[1]], colour, side, text)
    for name, at in moved.items():
        _node(ax, at, f"${name}$", BLUE if name != "x" else GREEN)
    for place, name in enumerate(order, start=1):
        x, y = moved[name]
        label(ax, x - 0.46, y + 0.2, f"{place}.", fontsize=9, color=MUTED)


def diamond() -> Figure:
    """Draw the diamond swept in a topological order, and breadth first."""
    figure, ax = canvas(7.6, 3.95)
    good = {"ya": "1", "yb": "1", "ba": "3", "ax": "24"}
    bad = {"ya": "1", "yb": "1", "ba": "late: 3", "ax": "6"}
    _diamond(ax, 0.4, good, "ybax")
    _diamond(ax, 4.1, bad, "yabx")
    label(ax, 1.7, 3.8, "users before inputs", fontsize=10, color=GREEN)
    label(ax, 5.4, 3.8, "breadth first", fontsize=10, color=RED)
    label(ax, 0.65, 1.5, "$\\bar a = 1 + 3$", fontsize=10, color=GREEN)
    label(ax, 4.35, 1.5, "$\\bar a = 1$", fontsize=10, color=RED)
    label(ax, 0.65, 0.55, "$\\bar x = 24$", fontsize=10, color=GREEN)
    label(ax, 4.35, 0.55, "$\\bar x = 6$", fontsize=10, color=RED)
    label(ax, 3.55, 3.3, "$y = a + b$", fontsize=9, color=MUTED)
    label(ax, 3.55, 2.4, "$b = 3a$", fontsize=9, color=MUTED)
    label(ax, 3.55, 1.5, "$a = x^2$", fontsize=9, color=MUTED)
    label(ax, 3.55, 0.55, "$x = 3$", fontsize=9, color=MUTED)
    return figure


def post_order() -> Figure:
    """Draw z = t * s with the steps at which each node is met and done."""
    figure, ax = canvas(7.6, 3.1)
    places = {"z": (3.8, 2.7), "t": (2.7, 1.6), "s": (4.9, 1.6)}
    places |= {"y": (3.1, 0.5), "x": (5.3, 0.5)}
    met = {"z": 1, "t": 2, "y": 3, "s": 6, "x": 7}
    done = {"y": 1, "t": 2, "x": 3, "s": 4, "z": 5}
    edges = (("z", "t", "1"), ("z", "s", "2"), ("t", "y", "1"))
    for above, below, which in (*edges, ("s", "x", "1"), ("s", "y", "2")):
        _edge(ax, places[above], places[below], MUTED, 0.0)
        x = 0.5 * (places[above][0] + places[below][0])
        y = 0.5 * (places[above][1] + places[below][1])
        side = 0.13 if places[below][0] > places[above][0] else -0.13
        label(ax, x + side, y + 0.06, which, fontsize=8, color=MUTED)
    for name, (x, y) in places.items():
        _node(ax, (x, y), f"${name}$", GREEN if name in "xy" else BLUE)
        left = name in "ty"
        side, align = (-0.4, "right") if left else (0.4, "left")
        label(ax, x + side, y + 0.11, f"met in step {met[name]}", ha=align, fontsize=8)
        label(
            ax, x + side, y - 0.12, f"number {done[name]} in the list",
            ha=align, fontsize=8, color=RED,
        )  # fmt: skip
    label(ax, 0.75, 2.65, "$s = x + y$\n$t = 2\\,y$\n$z = t \\cdot s$", fontsize=10)
    label(
        ax, 6.75, 2.65, "small numbers:\nfirst, second input", fontsize=8, color=MUTED
    )
    return figure


def two_sweeps() -> Figure:
    """Draw the worked example: values forward, adjoints backward."""
    figure, ax = canvas(7.6, 3.45)
    places = {"a": (1.3, 2.75), "b": (1.3, 0.5), "u": (3.1, 1.7), "v": (4.9, 2.3)}
    places["y"] = (6.7, 1.4)
    parts = {"au": "9", "bu": "6", "uv": "3", "av": "3", "vy": "3", "by": "8"}
    for edge, part in parts.items():
        below, above = places[edge[0]], places[edge[1]]
        _edge(ax, below, above, MUTED, 0.08)
        _edge(ax, above, below, RED, 0.08, part)
    for name, value, adjoint, dx, dy in (
        ("a", 2, "3 + 9 = 12", -0.75, 0.0),
        ("b", 3, "8 + 6 = 14", -0.75, 0.0),
        ("u", 6, "3", 0.05, -0.52),
        ("v", 8, "3", 0.0, 0.52),
        ("y", 24, "1", 0.15, 0.52),
    ):
        x, y = places[name]
        _node(ax, (x, y), f"${name}$", GREEN if name in "ab" else BLUE)
        label(ax, x + dx, y + dy + 0.12, f"${name} = {value}$", fontsize=9.5)
        bar = f"$\\bar {name} = {adjoint}$"
        label(ax, x + dx, y + dy - 0.13, bar, fontsize=9.5, color=RED)
    label(ax, 3.8, 3.25, "$u = ab, \\quad v = u + a, \\quad y = vb$", fontsize=10)
    return figure
