"""Where things stand: nothing overlaps, everything goes forwards, little crosses."""

from __future__ import annotations

from itertools import combinations, pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from needle.viz.layout import BETWEEN, GAP, WIDEST, Box, Layout, Wire, arrange
from needle.viz.order import Item, _saved, crossings, order
from needle.viz.place import closest
from needle.viz.ranks import layers
from needle.viz.straighten import Room, straighten

SLACK = 1e-6  # of sums of floats


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Box], list[Wire]]:
    """Return boxes of any size, and wires from earlier to later ones."""
    count = draw(st.integers(1, 14))
    side = st.floats(10, 200)
    boxes = [Box(draw(side), draw(side)) for _ in range(count)]
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    wires = []
    for a, b in draw(st.lists(ends, max_size=24)):
        if a != b:
            source, target = min(a, b), max(a, b)
            part = draw(st.floats(-0.4, 0.4))
            net = draw(st.sampled_from(["data", "link"]))
            tail = 0.0 if net == "data" else 0.4 * boxes[source].breadth
            head = part * boxes[target].breadth
            wires.append(Wire(source, target, tail, head, net, draw(st.floats(0.1, 1))))
    return boxes, wires


def spans(boxes: list[Box], found: Layout) -> list[tuple[float, float, float, float]]:
    """Return left, right, start and end of each box."""
    return [
        (x - box.breadth / 2, x + box.breadth / 2, y, y + box.depth)
        for box, x, y in zip(boxes, found.middles, found.starts, strict=True)
    ]


@settings(max_examples=70, deadline=None)
@given(graphs())
def test_boxes_are_apart_and_inside(graph):
    boxes, wires = graph
    found = arrange(boxes, wires)
    places = spans(boxes, found)
    for left, right, start, end in places:
        assert -SLACK <= left <= right <= found.breadth + SLACK
        assert -SLACK <= start <= end <= found.depth + SLACK
    for (l1, r1, s1, e1), (l2, r2, s2, e2) in combinations(places, 2):
        beside = r1 + GAP <= l2 + SLACK or r2 + GAP <= l1 + SLACK
        before = e1 + BETWEEN <= s2 + SLACK or e2 + BETWEEN <= s1 + SLACK
        assert beside or before


@settings(max_examples=70, deadline=None)
@given(graphs())
def test_ways_go_forwards_from_their_source_to_their_target(graph):
    boxes, wires = graph
    found = arrange(boxes, wires)
    places = spans(boxes, found)
    for wire, way in zip(wires, found.ways, strict=True):
        assert places[wire.source][3] + BETWEEN <= places[wire.target][2] + SLACK
        assert way[0].breadth == found.middles[wire.source] + wire.tail
        assert way[-1].breadth == found.middles[wire.target] + wire.head
        assert places[wire.source][2] <= way[0].start <= places[wire.source][3]
        assert way[-1].end == places[wire.target][2]
        depths = [depth for stop in way for depth in (stop.start, stop.end)]
        assert depths == sorted(depths)


@settings(max_examples=70, deadline=None)
@given(graphs())
def test_ways_run_through_no_box_but_their_own(graph):
    boxes, wires = graph
    found = arrange(boxes, wires)
    places = spans(boxes, found)
    for wire, way in zip(wires, found.ways, strict=True):
        others = [
            place
            for number, place in enumerate(places)
            if number not in (wire.source, wire.target)
        ]
        for stop, (left, right, start, end) in product(way, others):
            beside = stop.breadth <= left or right <= stop.breadth
            assert beside or end <= stop.start or stop.end <= start
        for before, after in pairwise(way):  # a curve: only between two layers
            for _, _, start, end in places:
                assert end <= before.end + SLACK or after.start <= start + SLACK


@settings(max_examples=30, deadline=None)
@given(graphs())
def test_the_same_graph_has_the_same_layout(graph):
    assert arrange(*graph) == arrange(*graph)


def test_what_has_to_come_after_does():
    boxes = [Box(10, 10)] * 4
    found = arrange(boxes, [Wire(0, 1)], after=[(1, 2), (1, 3)])
    assert found.starts[2] == found.starts[3] > found.starts[1] > found.starts[0]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_layers_are_filled_from_the_top_and_never_too_wide(data):
    count = data.draw(st.integers(1, 40))
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    drawn = data.draw(st.lists(ends, max_size=60))
    edges = [(min(e), max(e)) for e in drawn if e[0] != e[1]]
    widest = data.draw(st.integers(1, 5))
    found = layers(count, edges, widest)
    assert set(found) == set(range(max(found) + 1))
    assert all(found[a] < found[b] for a, b in edges)
    assert max(found.count(layer) for layer in found) <= widest


def test_a_leaf_stands_right_above_its_first_use():
    # 0 -> 1 -> 2 -> 3, and the leaf 4 is used by nobody but 5, after 3
    assert layers(6, [(0, 1), (1, 2), (2, 3), (3, 5), (4, 5)], WIDEST) == [
        0,
        1,
        2,
        3,
        3,
        4,
    ]


def test_one_use_of_one_source_stands_right_above_the_use():
    # 0 -> 1 -> 2 -> 3 -> 5 is the long way to 5, by 4 it is short
    edges = [(0, 1), (1, 2), (2, 3), (3, 5), (0, 4), (4, 5)]
    assert layers(6, edges, WIDEST) == [0, 1, 2, 3, 3, 4]


def test_many_leaves_take_several_layers():
    found = arrange([Box(50, 20)] * 101, [Wire(i, 100) for i in range(100)])
    assert len(set(found.starts)) == 11
    assert found.breadth < 10 * 50 + 100 * 30


def items_of(rows: list[list[int]], edges: list[tuple[int, int]]) -> list[Item]:
    layer = {number: depth for depth, row in enumerate(rows) for number in row}
    items = [Item(layer[number], number) for number in range(len(layer))]
    for a, b in edges:
        items[a].down.append((b, 0.0))
        items[b].up.append((a, 0.0))
    return items


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(6, 11)), max_size=15))
def test_crossings_are_counted(edges):
    rows = [list(range(6)), list(range(6, 12))]
    edges = sorted(set(edges))
    brute = sum(
        (a1 - a2) * (b1 - b2) < 0 for (a1, b1), (a2, b2) in combinations(edges, 2)
    )
    assert crossings(items_of(rows, edges), rows) == brute


@settings(max_examples=100, deadline=None)
@given(*[st.lists(st.integers(0, 4), max_size=4)] * 2)
def test_exchanging_two_neighbours_saves_what_no_longer_crosses(left, right):
    rows = [[0, 1, 2, 3, 4], [5, 6]]
    edges = [(a, 5) for a in sorted(left)] + [(a, 6) for a in sorted(right)]
    items = items_of(rows, edges)
    place = {number: number for number in rows[0]}
    exchanged = crossings(items, [rows[0], [6, 5]])
    saved = crossings(items, rows) - exchanged
    assert _saved(items[5].up, items[6].up, place) == saved


@pytest.mark.parametrize("step", [1, 3, 5, 7])
def test_what_can_be_drawn_without_crossings_is(step):
    # a binary tree of four layers, each row in a scrambled order
    first = [0, 1, 3, 7, 15]
    mixed = {
        low + i: low + (i * step) % (high - low)
        for low, high in pairwise(first)
        for i in range(high - low)
    }
    edges = [(mixed[(i - 1) // 2], mixed[i]) for i in range(1, 15)]
    rows = [list(range(low, high)) for low, high in pairwise(first)]
    items = items_of(rows, edges)
    assert crossings(items, order(items, 4)) == 0


def cost(at: list[float], wanted: list[float], weights: list[float]) -> float:
    return sum(w * (x - d) ** 2 for x, d, w in zip(at, wanted, weights, strict=True))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_places_are_the_closest_that_are_apart(data):
    count = data.draw(st.integers(1, 7))
    several = lambda low, high, n: data.draw(  # noqa: E731
        st.lists(st.floats(low, high), min_size=n, max_size=n)
    )
    wanted, weights = several(-50, 50, count), several(0.1, 5, count)
    gaps = several(0, 30, count - 1)
    at = closest(wanted, weights, gaps)
    assert all(
        b - a >= gap - SLACK for (a, b), gap in zip(pairwise(at), gaps, strict=True)
    )
    other = several(-80, 80, 1)
    for gap, more in zip(gaps, several(0, 40, count - 1), strict=True):
        other.append(other[-1] + gap + more)
    assert cost(at, wanted, weights) <= cost(other, wanted, weights) + SLACK


def test_wires_share_a_way_only_with_those_of_their_source_and_net():
    boxes = [Box(40, 20)] * 8
    chain = [Wire(i, i + 1) for i in range(7)]
    long = [Wire(0, 6), Wire(0, 7), Wire(1, 7), Wire(0, 7, net="link", tail=10)]
    found = arrange(boxes, [*chain, *long])
    middle = found.starts[4] + 10  # of a layer that all of these pass
    lanes = [
        stop.breadth
        for way in found.ways[len(chain) :]
        for stop in way
        if stop.start <= middle <= stop.end
    ]
    assert len(lanes) == len(long)
    assert lanes[0] == lanes[1]
    assert len(set(lanes)) == 3


def test_a_bend_is_taken_out_within_the_room_there_is():
    # an item of the chain in each row; a wall on its right, later ones on its left
    rows = [[0, 8], [1], [5, 2], [6, 3], [7, 4]]
    at = [0.0, 7.0, 30.0, 50.0, 31.0, -20.0, 0.0, 0.0, 30.0]
    straighten([(3.0, [0, 1, 2, 3, 4], 33.0)], Room(rows, [4.0] * 9, at, 16.0))
    assert at == [3.0, 3.0, 3.0, 33.0, 33.0, -20.0, 0.0, 0.0, 30.0]


def test_what_is_straight_already_stays():
    at = [5.0, 5.0, 5.0]
    straighten([(5.0, [0, 1, 2], 5.0)], Room([[0], [1], [2]], [4.0] * 3, at, 16.0))
    assert at == [5.0] * 3


def test_a_long_wire_is_straight_where_there_is_room():
    boxes = [Box(40, 20)] * 6
    chain = [Wire(i, i + 1) for i in range(5)]
    found = arrange(boxes, [*chain, Wire(0, 5, net="link", tail=10, head=10)])
    assert len(found.ways[-1]) <= 3
    assert found.ways[-1][1].end > found.starts[4]
