"""Graphs of the operations that are given, in which every node has a name."""

from __future__ import annotations

from typing import Any

from gradebox import Trial, student

from ._ops import ndl, tensor

autograd = student("needle.autograd")


class Graph:
    """Nodes by name, in the order in which they were made."""

    def __init__(self, t: Trial) -> None:
        self._t = t
        self.nodes: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        return self.nodes[name]

    def leaf(self, name: str, *shape: int) -> Any:
        """Draw a leaf."""
        return self.keep(name, tensor(self._t, self._t.rng.uniform(-1, 1, size=shape)))

    def keep(self, name: str, node: Any) -> Any:
        """Give a node its name."""
        self.nodes[name] = node
        return node

    def add(self, left: str, right: str, name: str = "") -> Any:
        """Add two nodes."""
        node = ndl.add(self[left], self[right])
        return self.keep(name or f"({left} + {right})", node)

    def multiply(self, left: str, right: str, name: str = "") -> Any:
        """Multiply two nodes."""
        node = ndl.multiply(self[left], self[right])
        return self.keep(name or f"({left} * {right})", node)

    def shifted(self, node: str, name: str = "") -> Any:
        """Add a number to a node."""
        return self.keep(name or f"({node} + 1)", ndl.add_scalar(self[node], 1.0))

    def scaled(self, node: str, name: str = "") -> Any:
        """Multiply a node by a number."""
        return self.keep(name or f"({node} * 2)", ndl.mul_scalar(self[node], 2.0))

    def names(self, nodes: Any) -> list[str]:
        """Return what the nodes of a list are called; the list is the student's."""
        known = {id(node): name for name, node in self.nodes.items()}
        return [known.get(id(node), "a node of no name") for node in nodes]


def random_graph(t: Trial, leaves: int, results: int) -> Graph:
    """Draw a graph in which nodes are used again, near and far, on both sides.

    Values and gradients stay moderate: products have a leaf on one side.
    """
    graph = Graph(t)
    for number in range(leaves):
        graph.leaf(f"leaf {number}", 2, 3)
    for number in range(results):
        _random_result(t, graph, f"node {number}", leaves)
    return graph


def _random_result(t: Trial, graph: Graph, name: str, leaves: int) -> None:
    known = list(graph.nodes)
    recent = known[int(t.rng.randint(max(0, len(known) - 4), len(known)))]
    other = known[int(t.rng.randint(len(known)))]
    kind = t.rng.choice(["add", "add", "multiply", "shifted", "scaled"])
    left, right = (recent, other) if t.rng.randint(2) else (other, recent)
    if kind == "add":
        graph.add(left, right, name)
    elif kind == "multiply":
        graph.multiply(left, known[int(t.rng.randint(leaves))], name)
    else:
        getattr(graph, kind)(recent, name)
