"""What a picture shows, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

LEAF = "leaf"
CONSTANT = "constant"
OPERATION = "operation"
OUTPUT = "output"
GRADIENT = "gradient"
MORE = "more"


@dataclass(frozen=True)
class Node:
    """A node of the graph.

    Attributes:
        id: its place in `Graph.nodes`.
        kind: one of the kinds above.
        name: what the caller calls it, ``""`` if nothing; ``a.grad`` for gradients.
        op: the operation as one would write it, ``leaf`` or ``constant``.
        shape: ``(3, 4)``, of a tuple ``((3,), (4,))``, and ``?`` if not computed yet.
        dtype: ``float32``; ``""`` if not computed yet.
        value: the numbers if they are few, else ``""``.
        note: all of it and what the values are like, one fact a line.
    """

    id: int
    kind: str
    name: str = ""
    op: str = ""
    shape: str = ""
    dtype: str = ""
    value: str = ""
    note: str = ""

    @property
    def tag(self) -> str:
        """The shape, and the dtype where it is not one of the usual two."""
        unusual = self.dtype and self.dtype not in ("float32", "float64")
        return f"{self.shape} {self.dtype}" if unusual else self.shape


@dataclass(frozen=True)
class Edge:
    """An arrow from an input to what was computed with it.

    Where ``link`` is true, it instead joins a node to its gradient.
    """

    source: int
    target: int
    label: str = ""
    link: bool = False


@dataclass(frozen=True)
class Graph:
    """Nodes, each after its inputs; and edges, each node's in the order of inputs."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
