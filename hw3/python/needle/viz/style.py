"""How the kinds of nodes look: each has its colour, its outline and its stroke.

Colours are the same on light and on dark pages: dark letters stand on light fills, and
lines have a middle grey that shows on both. Kinds differ in outline, too, so that a
print in grey and any eye can tell them apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from .measure import Line
from .model import CONSTANT, GRADIENT, LEAF, MORE, OPERATION, OUTPUT
from .scene import Point, Rectangle
from .xml import decimal, element, text

INK = "#1b1b1b"
FAINT = "#555555"
GREY = "#7a7a7a"
ORANGE = "#c8641a"
CUT = 6.0  # of the corners


@dataclass(frozen=True)
class Style:
    """The look of a kind of node."""

    fill: str
    stroke: str
    outline: str  # "round", "square", "cut"
    dash: str = ""
    double: bool = False


STYLES = {
    LEAF: Style("#dcebfb", "#1f5fa8", "round"),
    CONSTANT: Style("#ececec", "#5f5f5f", "round", dash="1.5 2.5"),
    OPERATION: Style("#fdfdfb", "#4a4a4a", "square"),
    OUTPUT: Style("#d9f0e0", "#17704a", "square", double=True),
    GRADIENT: Style("#ffe6cf", ORANGE, "cut"),
    MORE: Style("#f6f6f6", "#6b6b6b", "square", dash="5 3"),
}


def outline(style: Style, box: Rectangle) -> str:
    """Return the outline of a node, filled."""
    shapes = [_shape(style, box, fill=style.fill)]
    if style.double:
        inner = Rectangle(box.x + 3, box.y + 3, box.width - 6, box.height - 6)
        shapes.append(_shape(style, inner, fill="none"))
    return "".join(shapes)


def _shape(style: Style, box: Rectangle, *, fill: str) -> str:
    look = {"fill": fill, "stroke": style.stroke, "stroke_dasharray": style.dash}
    if style.outline == "cut":
        return element("polygon", points=_octagon(box), **look)
    return element(
        "rect",
        x=box.x,
        y=box.y,
        width=box.width,
        height=box.height,
        rx=min(box.height / 2, 16.0) if style.outline == "round" else 3.0,
        **look,
    )


def _octagon(box: Rectangle) -> str:
    """Return the corners of a box whose corners are cut."""
    left, right = box.x, box.x + box.width
    top, bottom = box.y, box.y + box.height
    corners = [
        (left + CUT, top),
        (right - CUT, top),
        (right, top + CUT),
        (right, bottom - CUT),
        (right - CUT, bottom),
        (left + CUT, bottom),
        (left, bottom - CUT),
        (left, top + CUT),
    ]
    return " ".join(f"{decimal(x)},{decimal(y)}" for x, y in corners)


def write(line: Line, middle: Point, fill: str = INK) -> str:
    """Return a line of text; ``textLength`` keeps any font within the box."""
    return element(
        "text",
        text(line.text),
        x=middle.x,
        y=middle.y + 0.35 * line.size,
        text_anchor="middle",
        textLength=line.width,
        lengthAdjust="spacingAndGlyphs",
        font_size=line.size,
        font_weight="bold" if line.bold else "",
        fill=FAINT if line.faint else fill,
    )
