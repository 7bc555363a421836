"""The line below a picture that says what the outlines mean."""

from __future__ import annotations

from dataclasses import dataclass

from .measure import SMALL, Line
from .model import MORE, Graph
from .scene import MARGIN, Point, Rectangle
from .style import GREY, ORANGE, STYLES, outline, write
from .xml import element

HEIGHT = 20.0
GAP = 10.0
DASHES = 26.0


@dataclass(frozen=True)
class Legend:
    """What to draw, and where the whole picture ends with it."""

    parts: tuple[str, ...]
    right: float
    bottom: float


def legend(graph: Graph, width: float, top: float) -> Legend:
    """Return a legend below ``top``, in lines as wide as the picture."""
    kinds = [kind for kind in STYLES if any(n.kind == kind for n in graph.nodes)]
    entries = [kind for kind in kinds if kind != MORE]
    if any(edge.link for edge in graph.edges):
        entries.append("its .grad")
    if len(entries) < 2:
        return Legend((), width, top)
    parts = []
    x, right, y = MARGIN, width, top + 2
    for entry in entries:
        line = Line(entry, SMALL)
        room = line.width + (20 if entry in STYLES else DASHES + 6)
        if x > MARGIN and x + room > width - MARGIN:
            x, y = MARGIN, y + HEIGHT + GAP / 2
        box = Rectangle(x, y, room, HEIGHT)
        parts.append(_kind(line, box) if entry in STYLES else _link(line, box))
        x += room + GAP
        right = max(right, x - GAP + MARGIN)
    return Legend(tuple(parts), right, y + HEIGHT + MARGIN)


def _kind(line: Line, box: Rectangle) -> str:
    return element("g", outline(STYLES[line.text], box), write(line, box.middle))


def _link(line: Line, box: Rectangle) -> str:
    """Return the sample of a dashed line; its text has no box, so it is grey."""
    middle = box.middle
    dashes = element(
        "path",
        d=f"M{box.x:.1f} {middle.y:.1f}h{DASHES:.0f}",
        stroke=ORANGE,
        stroke_width=1.3,
        stroke_dasharray="2 4",
    )
    at = Point(box.x + DASHES + 4 + line.width / 2, middle.y)
    return element("g", dashes, write(line, at, fill=GREY))
