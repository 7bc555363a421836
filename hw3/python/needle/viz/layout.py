"""Where everything stands: nodes in layers, edges around them.

Computation goes along the *depth* of the picture; what stands side by side does so
along its *breadth*. Nothing here knows which of the two is which on the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .order import Item, order
from .place import Pull, place
from .ranks import layers
from .straighten import Room, straighten

WIDEST = 10  # nodes in a layer
GAP = 20.0  # between neighbours in a layer
BETWEEN = 30.0  # between layers
LANE = 4.0  # the breadth of an edge that passes a layer


@dataclass(frozen=True)
class Box:
    """The room a node takes."""

    breadth: float
    depth: float


@dataclass(frozen=True)
class Wire:
    """An edge to draw, from a node to one of a higher number.

    ``tail`` and ``head`` say how far from the nodes' middles it leaves and arrives.
    Wires of one source and ``net`` share their way as far as they can.
    """

    source: int
    target: int
    tail: float = 0.0
    head: float = 0.0
    net: str = ""
    weight: float = 1.0


@dataclass(frozen=True)
class Stop:
    """A stretch of a way straight along the depth, through one layer."""

    breadth: float
    start: float
    end: float


@dataclass(frozen=True)
class Layout:
    """Where nodes begin in depth, and their middles in breadth; the wires' ways."""

    middles: tuple[float, ...]
    starts: tuple[float, ...]
    ways: tuple[tuple[Stop, ...], ...]
    breadth: float
    depth: float


def arrange(
    boxes: Sequence[Box],
    wires: Sequence[Wire],
    after: Iterable[tuple[int, int]] = (),
) -> Layout:
    """Return a layout in which nothing overlaps and every wire goes forwards.

    Each pair in ``after`` are nodes of which the second comes in a later layer, too.
    """
    pairs = [(wire.source, wire.target) for wire in wires]
    layer = layers(len(boxes), [*pairs, *after], WIDEST)
    depth = 1 + max(layer)
    items = [Item(layer[i], i) for i in range(len(boxes))]
    chains = _chains(items, wires, boxes)
    rows = order(items, depth)
    breadths = [LANE if i.node is None else boxes[i.node].breadth for i in items]
    at = place(rows, breadths, _pull(chains, wires, len(boxes), len(items)), GAP)
    room = Room(rows, breadths, at, GAP)
    straighten(
        [
            (at[wire.source] + wire.tail, chain[1:-1], at[wire.target] + wire.head)
            for wire, chain in zip(wires, chains, strict=True)
        ],
        room,
    )
    bands = _bands(boxes, layer, depth)
    starts = []
    for box, number in zip(boxes, layer, strict=True):
        begin, end = bands[number]
        starts.append(begin + max(0.0, end - begin - box.depth) / 2)
    ways = []
    for wire, chain in zip(wires, chains, strict=True):
        first, last = wire.source, wire.target
        middle = starts[first] + boxes[first].depth / 2
        way = [Stop(at[first] + wire.tail, middle, bands[layer[first]][1])]
        way += [Stop(at[i], *bands[items[i].layer]) for i in chain[1:-1]]
        way.append(Stop(at[last] + wire.head, bands[layer[last]][0], starts[last]))
        ways.append(tuple(_without_joints(way)))
    breadth = max(x + b / 2 for x, b in zip(at, breadths, strict=True))
    return Layout(
        tuple(at[: len(boxes)]), tuple(starts), tuple(ways), breadth, bands[-1][1]
    )


def _without_joints(way: Sequence[Stop]) -> list[Stop]:
    """Return a way in which stretches in one line are one stretch."""
    joined = [way[0]]
    for stop in way[1:]:
        last = joined[-1]
        if last.breadth == stop.breadth:
            joined[-1] = Stop(last.breadth, last.start, stop.end)
        else:
            joined.append(stop)
    return joined


def _chains(
    items: list[Item], wires: Sequence[Wire], boxes: Sequence[Box]
) -> list[list[int]]:
    """Return the items that each wire passes; those between its ends are made here."""
    chains = []
    passing: dict[tuple[int, str, int], int] = {}
    for wire in wires:
        chain = [wire.source]
        for layer in range(items[wire.source].layer + 1, items[wire.target].layer):
            key = (wire.source, wire.net, layer)
            if key not in passing:
                passing[key] = len(items)
                items.append(Item(layer))
                tail = wire.tail / boxes[wire.source].breadth if len(chain) == 1 else 0
                _join(items, chain[-1], passing[key], tail, 0.0)
            chain.append(passing[key])
        tail = wire.tail / boxes[wire.source].breadth if len(chain) == 1 else 0.0
        head = wire.head / boxes[wire.target].breadth
        _join(items, chain[-1], wire.target, tail, head)
        chains.append([*chain, wire.target])
    return chains


def _join(items: list[Item], upper: int, lower: int, tail: float, head: float) -> None:
    items[upper].down.append((lower, head))
    items[lower].up.append((upper, tail))


def _pull(
    chains: Sequence[Sequence[int]], wires: Sequence[Wire], nodes: int, count: int
) -> Pull:
    """Return how edges draw items together: the longer ones are to be straight."""
    pull = Pull(count)
    done = set()
    for wire, chain in zip(wires, chains, strict=True):
        for upper, lower in pairwise(chain):
            shift = (wire.tail if upper < nodes else 0.0) - (
                wire.head if lower < nodes else 0.0
            )
            if (upper, lower, shift) in done:
                continue
            done.add((upper, lower, shift))
            passing = (upper >= nodes) + (lower >= nodes)
            pull.add(upper, lower, shift, wire.weight * (1, 2, 8)[passing])
    return pull


def _bands(
    boxes: Sequence[Box], layer: Sequence[int], depth: int
) -> list[tuple[float, float]]:
    """Return where each layer begins and ends."""
    deepest = [0.0] * depth
    for box, number in zip(boxes, layer, strict=True):
        deepest[number] = max(deepest[number], box.depth)
    bands = []
    begin = 0.0
    for one in deepest:
        bands.append((begin, begin + one))
        begin += one + BETWEEN
    return bands
