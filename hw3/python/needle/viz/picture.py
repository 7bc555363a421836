"""A picture that shows itself: drawn in a notebook, as a list in a terminal."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from functools import cached_property
from pathlib import Path

from .listing import listing
from .model import Edge, Graph, Node
from .svg import draw

LINES = 40  # of the list, where a terminal shows the picture


class Drawing(ABC):
    """What shows itself as SVG in a notebook and as text in a terminal."""

    @property
    @abstractmethod
    def svg(self) -> str:
        """The picture as SVG."""

    @property
    @abstractmethod
    def text(self) -> str:
        """The same as text."""

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture to a file whose name ends in ``.svg``."""
        path = Path(path)
        if path.suffix.lower() != ".svg":
            raise ValueError(f"{path}: this picture is SVG; let the name end in .svg")
        unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            unfinished.write_text(self.svg, encoding="utf-8", newline="\n")
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        lines = self.text.splitlines()
        if len(lines) > LINES:
            rest = len(lines) - LINES + 1
            lines[LINES - 1 :] = [f"  ... {rest} more lines: see .text"]
        return "\n".join(lines)


class Picture(Drawing):
    """A graph that was read, and how it looks."""

    def __init__(self, graph: Graph, direction: str = "down") -> None:
        if direction not in ("down", "right"):
            raise ValueError(
                f'viz.graph: direction is "down" or "right", not {direction!r}'
            )
        self.graph = graph
        self.direction = direction

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes of the graph, each after its inputs."""
        return self.graph.nodes

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Its edges, each node's in the order of its inputs, then the links."""
        return self.graph.edges

    @cached_property
    def svg(self) -> str:
        """The picture as SVG; the same graph gives the same text."""
        return draw(self.graph, self.direction)

    @cached_property
    def text(self) -> str:
        """The graph as a list, a line a node."""
        return "\n".join(listing(self.graph))
