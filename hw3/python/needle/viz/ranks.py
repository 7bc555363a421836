"""Which layer of the picture each node belongs to."""

from __future__ import annotations

from collections.abc import Iterable


def layers(count: int, pairs: Iterable[tuple[int, int]], widest: int) -> list[int]:
    """Return the layer of each node, from 0, none skipped.

    Args:
        count: how many nodes there are; each comes after its sources.
        pairs: ``(source, target)``: the target has to be in a later layer.
        widest: the most nodes in one layer.
    """
    below: list[set[int]] = [set() for _ in range(count)]
    above: list[set[int]] = [set() for _ in range(count)]
    for source, target in pairs:
        below[source].add(target)
        above[target].add(source)
    layer, filled = _as_early_as_possible(above, widest)
    _bring_down(layer, filled, above, below, widest)
    used = {old: new for new, old in enumerate(sorted(set(layer)))}
    return [used[old] for old in layer]


def _as_early_as_possible(
    above: list[set[int]], widest: int
) -> tuple[list[int], list[int]]:
    """Put each node in the first layer below its sources that has room."""
    layer: list[int] = []
    filled = [0] * (len(above) + 1)
    room = list(range(len(above) + 1))  # from each layer, one that may have room
    for sources in above:
        at = 1 + max((layer[source] for source in sources), default=-1)
        at = _next_with_room(room, at)
        layer.append(at)
        filled[at] += 1
        if filled[at] == widest:
            room[at] = at + 1
    return layer, filled


def _next_with_room(room: list[int], at: int) -> int:
    """Return the first layer with room, and remember the way there."""
    found = at
    while room[found] != found:
        found = room[found]
    while room[at] != found:
        room[at], at = found, room[at]
    return found


def _bring_down(
    layer: list[int],
    filled: list[int],
    above: list[set[int]],
    below: list[set[int]],
    widest: int,
) -> None:
    """Move what has no more sources than uses to right above its first use.

    Leaves are then beside what uses them, and edges are shorter in all.
    """
    for node in reversed(range(len(layer))):
        if not below[node] or len(above[node]) > len(below[node]):
            continue
        latest = min(layer[target] for target in below[node]) - 1
        while latest > layer[node] and filled[latest] >= widest:
            latest -= 1
        filled[layer[node]] -= 1
        filled[latest] += 1
        layer[node] = latest
