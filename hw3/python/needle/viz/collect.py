"""Read the graph behind tensors, without changing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..autograd import Value
from .describe import dtype_text, note_text, op_text, shape_text, value_text
from .model import GRADIENT, MORE, OPERATION, OUTPUT, Edge, Graph, Node


def collect(
    outputs: Sequence[Value],
    *,
    names: Mapping[str, Value],
    gradients: bool,
    values: bool,
    limit: int,
) -> Graph:
    """Return what a picture of the graph below ``outputs`` shows."""
    check_arguments(outputs, names, limit)
    seen: set[int] = set()
    forward = nodes_below(outputs, seen)
    backward = nodes_below(map(grad_of, forward), seen) if gradients else []
    check_names(names, seen)
    first = inputs_first(forward[: max(limit // 2, limit - len(backward))])
    second = inputs_first(backward[: limit - len(first)])
    shown = first + second
    left_out = len(forward) + len(backward) - len(shown)
    nodes = [Node(0, MORE, f"\u2026 {left_out:,} more nodes")] if left_out else []
    number_of = {id(node): n for n, node in enumerate(shown, start=len(nodes))}
    called = all_names(shown, names)
    ends, grads = set(map(id, outputs)), set(map(id, second))
    for node in shown:
        kind = kind_of(node, ends, grads)
        name = called.get(id(node), "")
        nodes.append(describe(number_of[id(node)], node, kind, name, values))
    edges = list(data_edges(shown, number_of))
    if gradients:
        edges += link_edges(first, number_of)
    labelled = [replace(edge, label=nodes[edge.source].tag) for edge in edges]
    return Graph(tuple(nodes), tuple(labelled))


def check_arguments(
    outputs: Sequence[Any], names: Mapping[str, Any], limit: int
) -> None:
    """Raise unless there are outputs and all that is given is a node."""
    if not outputs:
        raise ValueError("viz.graph: give it at least one tensor, as in graph(loss)")
    if limit < 2:
        raise ValueError(f"viz.graph: limit is {limit}; at least 2 nodes have to fit")
    given = [(f"output {i}", node) for i, node in enumerate(outputs)] + list(
        names.items()
    )
    for what, node in given:
        if not isinstance(node, Value):
            raise TypeError(
                f"viz.graph: {what} is of type {type(node).__name__}; pictures are"
                " drawn of tensors"
            )


def check_names(names: Mapping[str, Value], seen: set[int]) -> None:
    """Raise if a named tensor is not in the picture's graph."""
    strangers = [name for name, node in names.items() if id(node) not in seen]
    if strangers:
        raise ValueError(
            f"viz.graph: {', '.join(strangers)} is not in this graph: no output was"
            " computed from it. Was the name given to a new tensor since?"
        )


def nodes_below(roots: Iterable[Value | None], seen: set[int]) -> list[Value]:
    """Return the roots and all below them, the nearest first, but for what was seen."""
    found: list[Value] = []

    def visit(nodes: Iterable[Value | None]) -> None:
        for node in nodes:
            if node is not None and id(node) not in seen:
                seen.add(id(node))
                found.append(node)

    visit(roots)
    for node in found:  # it grows while we walk
        visit(node.inputs)
    return found


def grad_of(node: Value) -> Value | None:
    """Return the gradient of a node, if one was set and it is a node."""
    grad = node.grad
    return grad if isinstance(grad, Value) else None


def inputs_first(nodes: Sequence[Value]) -> list[Value]:
    """Return the nodes in an order in which each comes after its inputs.

    It is found from the end: a node is due when all its uses have been written down.
    """
    uses = {id(node): 0 for node in nodes}
    for node in nodes:
        for below in node.inputs:
            if id(below) in uses:
                uses[id(below)] += 1
    due = [node for node in reversed(nodes) if not uses[id(node)]]
    order: list[Value] = []
    while due:
        node = due.pop()
        order.append(node)
        for below in node.inputs:
            if id(below) in uses:
                uses[id(below)] -= 1
                if not uses[id(below)]:
                    due.append(below)
    if len(order) < len(uses):
        raise ValueError("viz.graph: a tensor is computed from itself")
    return order[::-1]


def all_names(nodes: Sequence[Value], names: Mapping[str, Value]) -> dict[int, str]:
    """Return the name of each node that has one; gradients are named after theirs."""
    called: dict[int, list[str]] = {}
    for name, node in names.items():
        called.setdefault(id(node), []).append(str(name))
    own = dict(called)
    for node in nodes:
        grad = grad_of(node)
        if grad is not None and id(node) in own and id(grad) not in own:
            called.setdefault(id(grad), []).extend(f"{n}.grad" for n in own[id(node)])
    return {key: ", ".join(texts) for key, texts in called.items()}


def kind_of(node: Value, outputs: set[int], gradients: set[int]) -> str:
    """Return what kind a node is."""
    if id(node) in gradients:
        return GRADIENT
    if id(node) in outputs:
        return OUTPUT
    return OPERATION if node.op else op_text(node)


def describe(number: int, node: Value, kind: str, name: str, values: bool) -> Node:
    """Return a node in words."""
    return Node(
        id=number,
        kind=kind,
        name=name,
        op=op_text(node),
        shape=shape_text(node),
        dtype=dtype_text(node),
        value=value_text(node) if values else "",
        note=note_text(node, name),
    )


def data_edges(nodes: Sequence[Value], number_of: dict[int, int]) -> Iterable[Edge]:
    """Yield an edge for each input; all inputs left out are one, node number 0."""
    for node in nodes:
        inputs = [number_of.get(id(below)) for below in node.inputs]
        rest = [0] if None in inputs else []
        for source in rest + [number for number in inputs if number is not None]:
            yield Edge(source, number_of[id(node)])


def link_edges(nodes: Sequence[Value], number_of: dict[int, int]) -> Iterable[Edge]:
    """Yield a link from each node to its gradient, where both are shown."""
    for node in nodes:
        grad = grad_of(node)
        if grad is not None and grad is not node and id(grad) in number_of:
            yield Edge(number_of[id(node)], number_of[id(grad)], link=True)
