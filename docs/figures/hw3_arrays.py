"""Figures of the hw3 handout that show arrays, views and what walks through them."""

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
    SIDE,
    arrow,
    box,
    canvas,
    cells,
    label,
)

MONO = {"family": "DejaVu Sans Mono", "fontsize": 8}


def _array(ax: Axes, x: float, y: float, name: str, fields: str, colour: str) -> None:
    """Draw an object with its fields, by its upper left corner."""
    box(ax, (x, y - 0.95), 1.75, 0.95, colour)
    label(ax, x + 0.875, y + 0.14, name, fontsize=9.5, color=colour)
    label(ax, x + 0.1, y - 0.475, fields, ha="left", linespacing=1.5, **MONO)


def handle() -> Figure:
    """Draw two arrays, the memory that both look at, and their device."""
    figure, ax = canvas(7.6, 2.75)
    _array(ax, 0.35, 2.4, "a", "shape   (3, 4)\nstrides (4, 1)\noffset  0", BLUE)
    _array(ax, 5.5, 2.4, "a[1:, ::2]", "shape   (2, 2)\nstrides (4, 2)\noffset  4",
           ORANGE)  # fmt: skip
    left, top = 1.64, 0.95
    for place, value in enumerate(range(10, 22)):
        seen = place in (4, 6, 8, 10)
        cells(ax, (left + place * SIDE, top), [value], ORANGE if seen else BLUE)
        label(ax, left + (place + 0.5) * SIDE, top - SIDE - 0.11, str(place),
              fontsize=6.5, color=MUTED)  # fmt: skip
    arrow(ax, (1.6, 1.42), (left + 0.5 * SIDE, top + 0.03), BLUE)
    arrow(ax, (5.95, 1.42), (left + 4.5 * SIDE, top + 0.03), ORANGE)
    box(ax, (3.0, 1.75), 1.6, 0.5, GREEN)
    label(ax, 3.8, 2.0, "device cpu()", fontsize=9)
    arrow(ax, (2.15, 2.0), (2.95, 2.0), MUTED)
    arrow(ax, (5.45, 2.0), (4.65, 2.0), MUTED)
    label(ax, 3.8, 0.2, "the memory: twelve numbers, and no shape", fontsize=9,
          color=MUTED)  # fmt: skip
    return figure


def layers() -> Figure:
    """Draw the way of a sum: Python, the checked binding, the kernel, the memory."""
    figure, ax = canvas(7.6, 2.5)
    for place, (title, line, colour) in enumerate((
        ("NDArray", "a + b.permute((1, 0))", BLUE),
        ("the same", "compact, make the result", BLUE),
        ("the device", "ewise_add(handles)", MUTED),
        ("the binding", "sizes fit? then call", GREEN),
        ("the kernel", "out[i] = a[i] + b[i]", ORANGE),
    )):  # fmt: skip
        y = 2.08 - 0.42 * place
        box(ax, (2.35, y - 0.17), 2.9, 0.34, colour)
        label(ax, 3.8, y, line, **MONO)
        label(ax, 2.2, y, title, ha="right", fontsize=9)
        if place:
            arrow(ax, (3.8, y + 0.25), (3.8, y + 0.17), MUTED)
    for y, height, words in (
        (1.45, 0.8, "Python: shapes and strides\nnot one number is touched"),
        (0.23, 0.76, "C++: flat memory\nno shapes any more"),
    ):
        ax.plot([5.42, 5.5, 5.5, 5.42], [y, y, y + height, y + height], color=INK,
                linewidth=1)  # fmt: skip
        label(ax, 5.6, y + height / 2, words, ha="left", fontsize=8.5, color=MUTED)
    return figure


def odometer() -> Figure:
    """Draw the readings of an odometer with wheels of 2 and 3, and the positions."""
    figure, ax = canvas(7.6, 2.6)
    strides = (1, 2)
    for number, reading in enumerate(np.ndindex(2, 3)):
        x = 1.45 + number * 0.98
        carried = number == 3
        for wheel, digit in enumerate(reading):
            moved = wheel == 1 or carried
            cells(ax, (x + wheel * SIDE, 2.2), [digit], ORANGE if moved else MUTED)
        position = sum(i * step for i, step in zip(reading, strides, strict=True))
        cells(ax, (x + SIDE / 2, 1.36), [position], BLUE)
        cells(ax, (x + SIDE / 2, 0.7), [number], GREEN)
        if number:
            step = "+1 - 4" if carried else "+2"
            label(ax, x - 0.13, 1.52, step, fontsize=7.5, color=BLUE)
            arrow(ax, (x - 0.36, 1.38), (x + 0.12, 1.38), BLUE)
    for y, words in (
        (2.02, "the index"), (1.18, "position in\nthe view's memory"),
        (0.52, "position in\nthe copy"),
    ):  # fmt: skip
        label(ax, 1.25, y, words, ha="right", fontsize=8.5)
    label(ax, 1.45 + 3 * 0.98 + SIDE, 2.37, "the last wheel has gone round",
          fontsize=8, color=ORANGE)  # fmt: skip
    label(ax, 3.8, 0.13, "shape (2, 3), strides (1, 2): one step of the first wheel,"
          " two back of the last", fontsize=8.5, color=MUTED)  # fmt: skip
    return figure


def reduction() -> Figure:
    """Draw the memory of an array of shape (2, 3, 2), and its sums over axis 1."""
    figure, ax = canvas(7.6, 2.35)
    colours = (BLUE, ORANGE, GREEN, PURPLE)
    left, top, side = 0.85, 1.75, 0.46
    for position in range(12):
        outer, inner = position // 6, position % 2
        colour = colours[2 * outer + inner]
        x = left + position * side + (0.5 if outer else 0)
        cells(ax, (x, top), [position], colour, side)
        end = left + (2 * outer + inner + 1.5) * side + 0.85 + (1.35 if outer else 0)
        arrow(ax, (x + side / 2, top - side), (end, 0.72), colour)
    for outer in range(2):
        for inner in range(2):
            place = 2 * outer + inner
            total = sum(outer * 6 + r * 2 + inner for r in range(3))
            x = left + (place + 1) * side + 0.85 + (1.35 if outer else 0)
            cells(ax, (x, 0.7), [total], colours[place], side)
        middle = left + (3 + 6 * outer) * side + (0.5 if outer else 0)
        label(ax, middle, 2.0, f"outer {outer}: three runs of inner = 2", fontsize=8.5,
              color=MUTED)  # fmt: skip
    label(
        ax, 3.8, 0.1, "(outer, reduce_size, inner) = (2, 3, 2)", fontsize=9, color=RED
    )
    return figure
