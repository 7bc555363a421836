"""What a record shows: a table in a terminal, a picture in a notebook."""

from __future__ import annotations

import gc
import re
from itertools import pairwise
from xml.etree import ElementTree

import needle as ndl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from needle import memory
from needle.memory import draw
from needle.memory.draw import BOTTOM, LEFT, RIGHT, TOP
from needle.memory.ledger import Row
from needle.memory.table import round_text, size_text, table

SVG = "{http://www.w3.org/2000/svg}"


def step(record, phases=("forward", "backward", "step")):
    forward, backward, update = phases
    record.mark(forward)
    weight = ndl.nn.Parameter(np.ones((30, 20)))
    loss = ndl.exp(ndl.Tensor(np.ones((10, 30))) @ weight).sum()
    record.mark(backward)
    loss.backward()
    record.mark(update)
    weight.data = weight.data - 0.1 * weight.grad.data
    return weight


@pytest.fixture
def record():
    gc.collect()
    before = ndl.Tensor(np.ones(500))
    with memory.track() as record:
        step(record)
    assert record.by_phase()["before"] >= before.numpy().nbytes
    return record


def elements(svg, name):
    return list(ElementTree.fromstring(svg).iter(SVG + name))


def points(path):
    numbers = re.findall(r"[ML]([\d.]+) ([\d.]+)", path)
    return [(float(x), float(y)) for x, y in numbers]


def outlines(svg):
    """Return the points of the upper line of each area."""
    return [
        points(each.get("d"))
        for each in elements(svg, "path")
        if each.get("stroke-width") == "1.2"
    ]


def words(svg):
    return [each.text for each in elements(svg, "text")]


def test_the_highest_area_is_as_high_as_the_peak_and_ends_with_what_is_left(record):
    *_, upper = outlines(record.picture().svg)
    assert min(y for _, y in upper) == TOP
    left = record.live_bytes / record.peak_bytes
    assert upper[-1] == (RIGHT, pytest.approx(BOTTOM - (BOTTOM - TOP) * left, abs=0.06))
    assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in upper)
    assert [x for x, _ in upper] == sorted(x for x, _ in upper)


def test_areas_lie_on_each_other(record):
    areas = [dict(outline) for outline in outlines(record.picture().svg)]
    assert len(areas) == 4  # before, forward, backward, step
    for lower, upper in pairwise(areas):
        assert lower.keys() == upper.keys()
        assert all(upper[x] <= lower[x] for x in lower)


def test_phases_are_named_where_they_begin_and_in_the_legend(record):
    found = words(record.picture().svg)
    for phase in ("forward", "backward", "step"):
        assert found.count(phase) == 2
    assert found.count("before") == 1


def test_the_same_changes_give_the_same_picture():
    drawn = []
    for _ in range(2):
        gc.collect()
        with memory.track() as record:
            step(record)
        drawn.append(record.picture().svg)
    assert drawn[0] == drawn[1]


def test_a_picture_can_stand_on_any_page(record):
    svg = record._repr_svg_()
    assert not re.search(r"<(script|style|use|defs)|href| id=|url\(", svg)
    assert record.picture()._repr_svg_() == svg


def test_names_of_phases_are_escaped():
    with memory.track() as record:
        step(record, ("<b>bold</b>", 'a "b" & c', "line\nbreak\x00"))
    svg = record.picture().svg
    assert {"<b>bold</b>", 'a "b" & c'} <= set(words(svg))
    assert "<b>" not in svg
    assert "\x00" not in svg


def test_many_phases_share_the_last_colour_and_names_do_not_overlap():
    with memory.track() as record:
        kept = [step(record, (f"f{i}", f"b{i}", f"s{i}")) for i in range(40)]
    svg = record.picture().svg
    assert len(kept) == 40
    assert len(outlines(svg)) == len(draw.LOOKS)
    assert words(svg)[-1] == draw.REST
    rows = {}
    for each in elements(svg, "text"):
        if float(each.get("y")) < TOP - 5:
            width = len(each.text) * 0.61 * 10.5
            rows.setdefault(each.get("y"), []).append((float(each.get("x")), width))
    assert rows
    for placed in rows.values():
        for (x, width), (following, _) in pairwise(placed):
            assert x + width <= following


def test_a_long_record_is_drawn_with_its_peak():
    with memory.track() as record:
        for count in range(1500):
            ndl.Tensor(np.zeros(100_000 if count == 700 else 10))
    picture = record.picture()
    *_, upper = outlines(picture.svg)
    assert len(upper) <= 2 * (draw.COLUMNS + 2)
    assert min(y for _, y in upper) == TOP


def test_a_picture_is_saved_and_is_the_table_in_a_terminal(record, tmp_path):
    record.picture().save(tmp_path / "memory.svg")
    assert (tmp_path / "memory.svg").read_text(encoding="utf-8").startswith("<svg")
    assert repr(record.picture()) == str(record) == repr(record)


def test_a_table_has_a_line_for_each_kind():
    rows = [Row("MatMul", 2, 1234, 12, 5_678_901), Row("leaf", 0, 0, 1, 8)]
    assert table(2, 1234, 5_678_909, rows).splitlines() == [
        "2 values alive, 1.23 kB; at the peak 5.68 MB",
        "                      alive        at the peak",
        "  MatMul       2    1.23 kB      12    5.68 MB",
        "  leaf         0        0 B       1        8 B",
    ]
    assert table(0, 0, 0, []) == "0 values alive, 0 B; at the peak 0 B"


def test_sizes_have_three_digits():
    sizes = [0, 999, 1000, 9_994, 9_995, 99_949, 99_950, 999_499, 999_500, 10**12]
    assert [size_text(size) for size in sizes] == [
        *("0 B", "999 B", "1.00 kB", "9.99 kB", "10.0 kB", "99.9 kB"),
        *("100 kB", "999 kB", "1.00 MB", "1000 GB"),
    ]
    assert [round_text(size) for size in (0, 2000, 15_000_000)] == [
        "0 B",
        "2 kB",
        "15 MB",
    ]


@given(st.integers(0, 10**13))
def test_ticks_are_few_and_round(most):
    found = draw.ticks(most)
    assert found[0] == 0
    assert found[-1] <= most
    assert len(found) <= 8
    if most >= 3:
        assert len(found) >= 4
        assert str(found[1]).strip("0") in {"1", "2", "5"}
