"""Where everything of a graph is on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

from .layout import Box, Stop, Wire, arrange
from .measure import TAG_HEIGHT, Label, label
from .model import GRADIENT, OUTPUT, Edge, Graph, Node

MARGIN = 12.0
# What is between the corner of a box and a link that leaves there.
CORNER = 8.0


@dataclass(frozen=True)
class Point:
    """A place on the page, in pixels from its upper left corner."""

    x: float
    y: float


@dataclass(frozen=True)
class Rectangle:
    """A part of the page."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        """The middle."""
        return Point(self.x + self.width / 2, self.y + self.height / 2)


@dataclass(frozen=True)
class Placed:
    """A node on the page: its box, and the tag that hangs from it."""

    node: Node
    label: Label
    box: Rectangle
    tag: Rectangle | None


@dataclass(frozen=True)
class Route:
    """The way of an edge: straight stretches, to be joined by curves."""

    edge: Edge
    net: str
    stretches: tuple[tuple[Point, Point], ...]

    @property
    def arrow(self) -> bool:
        """Whether it is drawn with an arrowhead: a link has none."""
        return not self.edge.link


@dataclass(frozen=True)
class Scene:
    """All that is drawn, but for the legend."""

    nodes: tuple[Placed, ...]
    routes: tuple[Route, ...]
    width: float
    height: float


def scene(graph: Graph, direction: str) -> Scene:
    """Return where the nodes and edges of a graph are."""
    right = direction == "right"
    labels = [label(node) for node in graph.nodes]
    boxes = [_box(one, right) for one in labels]
    wires = _wires(graph, labels, right)
    layout = arrange(boxes, wires, after=_after(graph))

    def page(breadth: float, depth: float) -> Point:
        breadth, depth = breadth + MARGIN, depth + MARGIN
        return Point(depth, breadth) if right else Point(breadth, depth)

    placed = tuple(
        _placed(node, one, page(middle, start), right)
        for node, one, middle, start in zip(
            graph.nodes, labels, layout.middles, layout.starts, strict=True
        )
    )
    routes = tuple(
        Route(edge, wire.net, tuple(_stretch(stop, page) for stop in way))
        for edge, wire, way in zip(graph.edges, wires, layout.ways, strict=True)
    )
    end = page(layout.breadth, layout.depth)
    return Scene(placed, routes, end.x + MARGIN, end.y + MARGIN)


def _box(one: Label, right: bool) -> Box:
    """Return the room of a node with its tag."""
    if right:
        return Box(one.height, one.width + one.tag_width)
    return Box(one.width, one.height + (TAG_HEIGHT if one.tag else 0.0))


def _after(graph: Graph) -> list[tuple[int, int]]:
    """Return what makes gradients stand behind all that they are gradients of."""
    outputs = [node.id for node in graph.nodes if node.kind == OUTPUT]
    gradients = [node.id for node in graph.nodes if node.kind == GRADIENT]
    return list(product(outputs, gradients))


def _wires(graph: Graph, labels: list[Label], right: bool) -> list[Wire]:
    """Return the edges as the layout sees them, each from an earlier node to a later.

    Edges arrive at a node from left to right as its inputs stand in the operation.
    """
    arriving = [0] * len(labels)
    for edge in graph.edges:
        arriving[edge.target] += 1
    arrived = [0] * len(labels)
    wires = []
    for edge in graph.edges:
        arrived[edge.target] += 1
        part = arrived[edge.target] / (arriving[edge.target] + 1) - 0.5
        head = part * _side(labels[edge.target], right)
        tail = _side(labels[edge.source], right) / 2 - CORNER if edge.link else 0.0
        weight = _weight(graph, edge)
        ends = (edge.source, edge.target, tail, head)
        if edge.source > edge.target:  # a link to a gradient that came before
            ends = (edge.target, edge.source, head, tail)
        wires.append(Wire(*ends, _net(graph, edge), weight))
    return wires


def _side(one: Label, right: bool) -> float:
    return one.height if right else one.width


def _net(graph: Graph, edge: Edge) -> str:
    """Return what an edge is for; those of one node and net are drawn as one."""
    if edge.link:
        return "link"
    return "gradient" if graph.nodes[edge.target].kind == GRADIENT else "data"


def _weight(graph: Graph, edge: Edge) -> float:
    """Return how much an edge matters: each pass by itself before what joins them."""
    if edge.link:
        return 0.05
    ends = (graph.nodes[edge.source].kind, graph.nodes[edge.target].kind)
    return 0.2 if ends.count(GRADIENT) == 1 else 1.0


def _placed(node: Node, one: Label, at: Point, right: bool) -> Placed:
    """Return a node whose room begins at a point, in the middle of its breadth."""
    if right:
        box = Rectangle(at.x, at.y - one.height / 2, one.width, one.height)
        tag = Rectangle(
            at.x + one.width, at.y - TAG_HEIGHT / 2, one.tag_width, TAG_HEIGHT
        )
    else:
        box = Rectangle(at.x - one.width / 2, at.y, one.width, one.height)
        tag = Rectangle(
            at.x - one.tag_width / 2, at.y + one.height, one.tag_width, TAG_HEIGHT
        )
    return Placed(node, one, box, tag if one.tag else None)


def _stretch(stop: Stop, page: Callable[[float, float], Point]) -> tuple[Point, Point]:
    return page(stop.breadth, stop.start), page(stop.breadth, stop.end)
