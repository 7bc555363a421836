"""The graph as a list: one line a node, each after its inputs."""

from __future__ import annotations

from .model import CONSTANT, GRADIENT, LEAF, MORE, OUTPUT, Graph, Node

WIDEST = 60  # columns of a node; what is longer moves only its own shape


def listing(graph: Graph) -> list[str]:
    """Return the lines; a node without a name is ``%`` and its number."""
    inputs: dict[int, list[int]] = {node.id: [] for node in graph.nodes}
    for edge in graph.edges:
        if not edge.link:
            inputs[edge.target].append(edge.source)
    called = {node.id: one_line(node.name) or f"%{node.id}" for node in graph.nodes}
    left = [
        statement(node, called[node.id], [called[i] for i in inputs[node.id]])
        for node in graph.nodes
    ]
    width = min(WIDEST, max(map(len, left)))
    right = [remark(node) for node in graph.nodes]
    lines = [
        f"  {text:{width}}  {more}".rstrip()
        for text, more in zip(left, right, strict=True)
    ]
    count = len(graph.nodes)
    return [f"graph of {count} node{'s' * (count != 1)}", *lines]


def statement(node: Node, name: str, inputs: list[str]) -> str:
    """Return what a node is, as a line of a program."""
    if node.kind == MORE:
        return name
    op, _, settings = node.op.partition("(")
    if op in (LEAF, CONSTANT):
        return f"{name} = {op}"
    arguments = inputs + ([settings.removesuffix(")")] if settings else [])
    return f"{name} = {op}({', '.join(arguments)})"


def remark(node: Node) -> str:
    """Return shape, value and role of a node."""
    role = node.kind if node.kind in (OUTPUT, GRADIENT) else ""
    columns = [node.tag, one_line(node.value), role]
    return "  ".join(column for column in columns if column)


def one_line(text: str) -> str:
    """Return the text with what would break a line, or colour it, made visible."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
