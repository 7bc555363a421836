"""How a picture is drawn, written and saved."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path

import needle as ndl
import numpy as np
import pytest
from needle import viz
from needle.viz.measure import LONGEST, clip, columns
from needle.viz.model import Node
from needle.viz.scene import Scene, scene
from needle.viz.style import STYLES

SVG = "{http://www.w3.org/2000/svg}"
EVIL = '</title><script>alert("1")</script>&\'\x00\x1b[31m\n\ud800'

PROGRAM = """
import numpy as np, needle as ndl
class Odd:  # its repr holds an address in memory
    pass
class Custom(ndl.ops.AddScalar):
    def __init__(self):
        super().__init__(1)
        self.what = Odd()
x = ndl.Tensor(np.ones((2, 3)))
y = (Custom()(x) * x + x).sum()
y.backward()
picture = ndl.viz.graph(y, gradients=True, x=x)
assert "Odd" in picture.svg
print(picture.svg, picture.text)
"""


def network() -> tuple[ndl.Tensor, dict[str, ndl.Tensor]]:
    """Return a network's loss, differentiated, and what to call its parts."""
    rng = np.random.default_rng(0)
    X, W1, W2 = (ndl.Tensor(rng.standard_normal(s)) for s in [(5, 4), (4, 6), (6, 3)])
    logits = ndl.relu(X @ W1) @ W2
    loss = ndl.log(ndl.exp(logits).sum(axes=(1,))).sum() / 5
    loss.backward()
    return loss, {"X": X, "W1": W1, "W2": W2, "loss": loss}


def drawn(picture: viz.Picture) -> ET.Element:
    return ET.fromstring(picture.svg)


def texts(picture: viz.Picture) -> list[str]:
    return [element.text or "" for element in drawn(picture).iter(f"{SVG}text")]


def numbers(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]


@pytest.mark.parametrize("direction", ["down", "right"])
def test_everything_is_drawn_within_the_page(direction):
    loss, names = network()
    root = drawn(viz.graph(loss, gradients=True, direction=direction, **names))
    _, _, width, height = map(float, root.get("viewBox").split())
    assert (float(root.get("width")), float(root.get("height"))) == (width, height)
    for rect in root.iter(f"{SVG}rect"):
        x, y, w, h = (float(rect.get(key)) for key in ("x", "y", "width", "height"))
        assert 0 <= x <= x + w <= width
        assert 0 <= y <= y + h <= height
    for path in root.iter(f"{SVG}path"):
        if "h" not in path.get("d"):  # relative, in the legend
            places = numbers(path.get("d"))
            assert all(0 <= x <= width for x in places[::2])
            assert all(0 <= y <= height for y in places[1::2])


def boxes(stage: Scene) -> list[tuple[float, float, float, float]]:
    return [
        (part.x, part.y, part.x + part.width, part.y + part.height)
        for placed in stage.nodes
        for part in (placed.box, placed.tag)
        if part
    ]


@pytest.mark.parametrize("direction", ["down", "right"])
def test_boxes_and_tags_do_not_overlap(direction):
    loss, names = network()
    stage = scene(viz.graph(loss, gradients=True, **names).graph, direction)
    places = boxes(stage)
    for i, (l1, t1, r1, b1) in enumerate(places):
        for l2, t2, r2, b2 in places[:i]:
            assert (
                r1 <= l2 + 1e-6 or r2 <= l1 + 1e-6 or b1 <= t2 + 1e-6 or b2 <= t1 + 1e-6
            )


@pytest.mark.parametrize("direction", ["down", "right"])
def test_text_is_no_wider_than_its_box(direction):
    loss, names = network()
    stage = scene(viz.graph(loss, gradients=True, **names).graph, direction)
    for placed in stage.nodes:
        assert all(line.width <= placed.box.width - 8 for line in placed.label.lines)
        assert placed.label.tag.width <= placed.tag.width - 8
    for element in drawn(viz.graph(loss)).iter(f"{SVG}text"):
        size, length = float(element.get("font-size")), float(element.get("textLength"))
        assert length == pytest.approx(columns(element.text) * 0.61 * size, abs=0.06)


def test_computation_goes_down_or_to_the_right():
    loss, names = network()
    for direction, axis in [("down", "y"), ("right", "x")]:
        stage = scene(viz.graph(loss, gradients=True, **names).graph, direction)
        for route in stage.routes:
            source, target = (
                getattr(stage.nodes[number].box, axis)
                for number in (route.edge.source, route.edge.target)
            )
            assert source < target


def test_arrows_end_at_the_box_of_their_target():
    loss, names = network()
    stage = scene(viz.graph(loss, **names).graph, "down")
    for route in stage.routes:
        end, box = route.stretches[-1][1], stage.nodes[route.edge.target].box
        assert end.y == pytest.approx(box.y)
        assert box.x < end.x < box.x + box.width


def test_inputs_arrive_from_left_to_right():
    a, b = ndl.Tensor([1.0]), ndl.Tensor([2.0])
    stage = scene(viz.graph(a / b).graph, "down")
    first, second = (route.stretches[-1][1].x for route in stage.routes)
    assert first < second


def test_all_gradients_stand_below_what_they_are_gradients_of():
    loss, names = network()
    stage = scene(viz.graph(loss, gradients=True, **names).graph, "down")
    tops = {"gradient": [], "other": []}
    for placed in stage.nodes:
        kind = "gradient" if placed.node.kind == "gradient" else "other"
        tops[kind].append(placed.box.y)
    assert min(tops["gradient"]) > max(tops["other"])


def test_what_is_written():
    x = ndl.Tensor(np.zeros((2, 3)))
    assert texts(viz.graph(x.sum((0,)).reshape((3, 1)), x=x)) == [
        "x",
        "(2, 3)",
        "Summation",
        "axes=(0,)",
        "[0, 0, 0]",
        "(3,)",
        "Reshape",
        "shape=(3, 1)",
        "[[0], [0], [0]]",
        "(3, 1)",
        "leaf",
        "operation",
        "output",
    ]


def test_a_tag_hangs_between_the_corners_of_its_box():
    x = ndl.Tensor(np.zeros((60, 784), dtype="int8"))
    (placed,) = scene(viz.graph(x, x=x).graph, "down").nodes
    assert placed.box.x + 10 <= placed.tag.x
    assert placed.tag.x + placed.tag.width <= placed.box.x + placed.box.width - 10


@pytest.mark.parametrize("direction, along", [("down", 1), ("right", 0)])
def test_edges_leave_and_arrive_straight_and_end_within_the_arrow(direction, along):
    x = ndl.Tensor([1.0, 2.0])
    picture = viz.graph(x / ndl.exp(x), direction=direction)
    line, heads = (path.get("d") for path in drawn(picture).iter(f"{SVG}path"))
    tips = {tuple(numbers(head)[:2]) for head in heads.split("Z") if head}
    for way in re.findall("M[^M]*", line):
        places = list(zip(*[iter(numbers(way))] * 2, strict=True))
        assert [p[along] for p in places] == sorted(p[along] for p in places)
        curve = places[1:5]  # after the stretch within the node
        assert curve[0][1 - along] == curve[1][1 - along]
        assert curve[2][1 - along] == curve[3][1 - along]
        (tip,) = (t for t in tips if t[1 - along] == places[-1][1 - along])
        assert 3 <= tip[along] - places[-1][along] <= 7


def test_the_legend_is_no_wider_than_the_picture():
    x = ndl.Tensor([1.0, 2.0])
    picture = viz.graph(x + x * x)
    width = float(drawn(picture).get("width"))
    assert width == pytest.approx(scene(picture.graph, "down").width, abs=0.05)


def test_the_columns_of_a_text_are_counted():
    assert [
        columns(text) for text in ("abc", "名前", "e\N{COMBINING ACUTE ACCENT}")
    ] == [
        3,
        4,
        1,
    ]


def test_kinds_differ_in_more_than_colour():
    looks = {(s.outline, s.dash, s.double) for s in STYLES.values()}
    assert len(looks) == len(STYLES)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_letters_are_legible_on_fills_and_lines_on_any_page():
    loss, names = network()
    svg = viz.graph(loss, gradients=True, **names).svg
    inks = set(re.findall(r'<text [^>]*fill="(#\w+)"', svg))
    lines = set(re.findall(r'<path [^>]*stroke="(#\w+)"', svg))
    assert len(inks) == 3 and len(lines) == 2
    for ink in inks - lines:  # the grey of lines is that of text outside boxes
        assert all(contrast(ink, style.fill) >= 4.5 for style in STYLES.values())
    for line in lines:
        assert contrast(line, "#ffffff") >= 3
        assert contrast(line, "#111111") >= 3


def test_it_has_a_role_a_title_and_the_list_for_those_who_cannot_see_it():
    loss, names = network()
    picture = viz.graph(loss, **names)
    root = drawn(picture)
    title, described = root[0], root[1]
    assert root.get("role") == "img"
    assert root.get("aria-label") == title.text == "Graph of loss: 11 nodes"
    assert (title.tag, described.tag) == (f"{SVG}title", f"{SVG}desc")
    assert described.text == picture.text


def test_every_node_has_a_note_for_the_pointer():
    loss, names = network()
    picture = viz.graph(loss, **names)
    notes = [
        g[0].text for g in drawn(picture).iter(f"{SVG}g") if g[0].tag == f"{SVG}title"
    ]
    assert notes == [node.note for node in picture.nodes]
    assert "mean" in notes[0]


def test_text_from_elsewhere_is_only_text():
    x = ndl.Tensor([1.0])
    picture = viz.graph(x + 1, names={EVIL: x})
    root = drawn(picture)
    assert not list(root.iter(f"{SVG}script"))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "g", "rect", "path", "polygon", "text",
    }  # fmt: skip
    for control in "\x00\x1b\ud800":
        assert control not in picture.svg + picture.text
    assert len(picture.text.splitlines()) == 3


def test_there_are_no_references_styles_or_scripts():
    loss, names = network()
    svg = viz.graph(loss, gradients=True, **names).svg
    assert not re.search(r"<style|<script|href|url\(| id=|\bon\w+=", svg)


def test_the_same_graph_gives_the_same_bytes_in_any_process():
    def run(seed: str) -> bytes:
        path = os.pathsep.join(p for p in sys.path if p.endswith("needle/python"))
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        return subprocess.run(
            [sys.executable, "-c", PROGRAM], env=env, check=True, stdout=subprocess.PIPE
        ).stdout

    assert run("1") == run("2")


def test_importing_needle_does_not_load_what_draws():
    path = os.pathsep.join(p for p in sys.path if p.endswith("needle/python"))
    program = "import sys, needle; assert needle.viz.graph; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": path},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout.split()
    assert [m for m in loaded if m.startswith("needle.viz")] == ["needle.viz"]


def test_a_picture_shows_itself():
    x = ndl.Tensor([1.0])
    picture = viz.graph(x, x=x)
    assert picture._repr_svg_() == picture.svg
    assert repr(picture) == "graph of 1 node\n  x = leaf  (1,)  [1]  output"


def test_a_long_list_is_cut_where_it_is_shown_and_whole_on_demand():
    h = ndl.Tensor([1.0])
    for _ in range(99):
        h = h + 1
    picture = viz.graph(h)
    assert len(picture.text.splitlines()) == 101
    shown = repr(picture).splitlines()
    assert len(shown) == 40
    assert shown[-1] == "  ... 62 more lines: see .text"


def test_saving_writes_the_whole_picture_or_nothing(tmp_path: Path, monkeypatch):
    x = ndl.Tensor([1.0])
    picture = viz.graph(x + 1, names={"∂": x})
    target = tmp_path / "graph.svg"
    picture.save(str(target))
    assert target.read_text("utf-8") == picture.svg
    monkeypatch.setattr(
        Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("full"))
    )
    with pytest.raises(OSError, match="full"):
        viz.graph(x, x=x).save(target)
    assert target.read_text("utf-8") == picture.svg
    assert [path.name for path in tmp_path.iterdir()] == ["graph.svg"]


def test_saving_under_another_kind_of_name_is_an_error(tmp_path: Path):
    with pytest.raises(ValueError, match=r"graph\.png: this picture is SVG"):
        viz.graph(ndl.Tensor([1.0])).save(tmp_path / "graph.png")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "text", ["x" * 100, "名前" * 40, "e\N{COMBINING ACUTE ACCENT}" * 60, "a名" * 30]
)
def test_long_names_are_cut_in_the_middle(text):
    short = clip(text)
    assert columns(short) <= LONGEST
    assert "…" in short
    assert short[0] == text[0]
    assert (
        unicodedata.normalize("NFC", short)[-1]
        == unicodedata.normalize("NFC", text)[-1]
    )


def test_short_names_are_left_alone():
    assert clip("W1") == "W1"
    assert clip("x" * LONGEST) == "x" * LONGEST


def test_a_graph_of_a_thousand_nodes_is_drawn():
    nodes = [ndl.Tensor([1.0])]
    rng = np.random.default_rng(0)
    for _ in range(1000):
        first, second = rng.integers(max(0, len(nodes) - 9), len(nodes), 2)
        nodes.append(nodes[first] * nodes[second])
    picture = viz.graph(nodes[-1], limit=80)
    assert len(picture.nodes) == 81
    assert len(list(drawn(picture).iter(f"{SVG}text"))) > 160


def test_a_node_of_the_rest_has_no_tag_and_no_note():
    assert Node(0, "more", "… 5 more nodes").tag == ""
