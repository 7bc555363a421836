"""Draw a graph as SVG, without style sheets, scripts or references.

The same graph gives the same bytes, and several pictures may stand on one page.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from .legend import legend
from .listing import listing
from .measure import LEADING, PADDING
from .model import OUTPUT, Graph
from .scene import Placed, Point, Rectangle, Route, scene
from .style import GREY, ORANGE, STYLES, Style, outline, write
from .xml import decimal, element, text

FONT = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
ARROW = 7.0  # its length
SPREAD = 3.2  # half of its breadth
NETS = {
    "data": {"stroke": GREY},
    "gradient": {"stroke": ORANGE},
    "link": {"stroke": ORANGE, "stroke_dasharray": "2 4"},
}


def draw(graph: Graph, direction: str) -> str:
    """Return the picture of a graph."""
    stage = scene(graph, direction)
    foot = legend(graph, stage.width, stage.height)
    parts = [
        element("title", text(_alt(graph))),
        element("desc", text("\n".join(listing(graph)))),
        *_edges(stage.routes, direction == "right"),
        *map(_node, stage.nodes),
        *foot.parts,
    ]
    content = "".join(f"\n{part}" for part in parts if part)
    return element(
        "svg",
        f"{content}\n",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {decimal(foot.right)} {decimal(foot.bottom)}",
        width=foot.right,
        height=foot.bottom,
        style="max-width:100%;height:auto",
        role="img",
        aria_label=_alt(graph),
        font_family=FONT,
    )


def _alt(graph: Graph) -> str:
    """Return the picture in a few words."""
    outputs = [node.name or node.op for node in graph.nodes if node.kind == OUTPUT]
    return f"Graph of {', '.join(outputs)}: {len(graph.nodes)} nodes"


def _edges(routes: tuple[Route, ...], right: bool) -> Iterator[str]:
    """Yield the edges of each net, and their arrowheads."""
    for net, look in NETS.items():
        ways = [route for route in routes if route.net == net]
        if ways:
            lines = " ".join(_line(route, right) for route in ways)
            yield element("path", d=lines, fill="none", stroke_width=1.3, **look)
        heads = [_arrow(way.stretches[-1][1], right) for way in ways if way.arrow]
        if heads:
            yield element("path", d=" ".join(heads), fill=look["stroke"])


def _line(route: Route, right: bool) -> str:
    """Return a way: straight through layers, in curves between them."""
    stretches = list(route.stretches)
    if route.arrow:
        start, end = stretches[-1]
        stop = _short_of(end, ARROW - 1, right)
        stretches[-1] = Point(min(start.x, stop.x), min(start.y, stop.y)), stop
    pieces = [f"M{_xy(stretches[0][0])}L{_xy(stretches[0][1])}"]
    for (_, before), (after, through) in pairwise(stretches):
        bend, other = _bend(before, after, right)
        pieces.append(f"C{_xy(bend)} {_xy(other)} {_xy(after)}L{_xy(through)}")
    return "".join(pieces)


def _bend(start: Point, end: Point, right: bool) -> tuple[Point, Point]:
    """Return the control points of a curve that leaves and arrives straight."""
    if right:
        half = (start.x + end.x) / 2
        return Point(half, start.y), Point(half, end.y)
    half = (start.y + end.y) / 2
    return Point(start.x, half), Point(end.x, half)


def _short_of(point: Point, tip: float, right: bool) -> Point:
    return Point(point.x - tip, point.y) if right else Point(point.x, point.y - tip)


def _arrow(tip: Point, right: bool) -> str:
    """Return an arrowhead that ends at a point."""
    back = _short_of(tip, ARROW, right)
    dx, dy = (0.0, SPREAD) if right else (SPREAD, 0.0)
    one, other = Point(back.x - dx, back.y - dy), Point(back.x + dx, back.y + dy)
    return f"M{_xy(tip)}L{_xy(one)}L{_xy(other)}Z"


def _xy(point: Point) -> str:
    return f"{decimal(point.x)} {decimal(point.y)}"


def _node(placed: Placed) -> str:
    """Return a node: its outline, its text, its tag, and a note for the pointer."""
    style = STYLES[placed.node.kind]
    parts = [outline(style, placed.box)]
    y = placed.box.y + PADDING[1]
    for line in placed.label.lines:
        height = line.size * LEADING
        parts.append(write(line, Point(placed.box.middle.x, y + height / 2)))
        y += height
    if placed.tag and placed.label.tag:
        parts.insert(0, _tag(placed.tag, style))
        parts.append(write(placed.label.tag, placed.tag.middle))
    note = element("title", text(placed.node.note)) if placed.node.note else ""
    return element("g", note, *parts)


def _tag(tag: Rectangle, style: Style) -> str:
    return element(
        "rect",
        x=tag.x,
        y=tag.y,
        width=tag.width,
        height=tag.height,
        rx=2,
        fill="#ffffff",
        stroke=style.stroke,
        stroke_width=0.6,
    )
