"""Pictures of arrays: every element and every cell is where it says."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from needle import backend_ndarray as nd
from needle import viz
from needle.viz.measure import SMALL, Line
from needle.viz.view_draw import number_text
from needle.viz.view_picture import ViewPicture
from needle.viz.view_scene import WIDTH, Page, arrange

SVG = "{http://www.w3.org/2000/svg}"
DEVICES = [each for each in (nd.cpu_numpy(), nd.cpu()) if each.enabled()]


def numbers(*shape: int, device: nd.BackendDevice = DEVICES[0]) -> nd.NDArray:
    """Return an array in which no number is its own position."""
    return nd.array(np.arange(100, 100 + np.prod(shape)).reshape(shape), device=device)


A, B = numbers(3, 4), numbers(2, 3, 4)
# Views by steps alone, so that this file needs none of what students write.
VIEWS = {
    "compact": A,
    "transposed": A.as_strided((4, 3), (1, 4)),
    "repeated": A.as_strided((3, 4), (0, 1)),
    "some rows": nd.NDArray.make((2, 2), (4, 2), A.device, A._handle, 5),
    "backwards": nd.NDArray.make((3, 4), (-4, -1), A.device, A._handle, 11),
    "windows": numbers(8).as_strided((6, 3), (1, 1)),
    "three axes": B.as_strided((4, 2, 3), (1, 12, 4)),
    "eight axes": numbers(*(2,) * 8),
    "one element": numbers(),
    "one axis": numbers(5),
    "no element": numbers(0, 3),
    "large": numbers(40, 50).as_strided((40, 25), (50, 2)),
    "long": numbers(1000).as_strided((30,), (-3,)),
}
every_view = pytest.mark.parametrize("array", VIEWS.values(), ids=VIEWS)


def page_of(picture: ViewPicture) -> Page:
    return arrange(picture.view)


@every_view
def test_every_element_shows_the_number_at_its_position(array):
    picture = viz.strides(array)
    for each in page_of(picture).elements:
        if 0 <= each.position < picture.view.size:
            assert picture.view.values[each.position] == 100 + each.position


@pytest.mark.parametrize("device", DEVICES, ids=str)
def test_elements_are_those_of_the_array(device):
    a = numbers(3, 4, device=device).as_strided((4, 3), (1, 4))
    picture = viz.strides(a)
    seen = np.zeros(a.shape)
    for each in page_of(picture).elements:
        seen[each.index] = picture.view.values[each.position]
    np.testing.assert_array_equal(seen, a.numpy())


@every_view
def test_nothing_overlaps_and_nothing_leaves_the_page(array):
    page = page_of(viz.strides(array))
    boxes = [*page.cells.values(), *(each.box for each in page.elements)]
    for number, box in enumerate(boxes):
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= WIDTH
        assert box.y + box.height <= page.height
        for other in boxes[number + 1 :]:
            apart = (
                abs(box.x - other.x) >= box.width - 1e-6
                or abs(box.y - other.y) >= min(box.height, other.height) - 1e-6
            )
            assert apart, (box, other)


@every_view
def test_the_names_of_matrices_side_by_side_stand_apart(array):
    names = page_of(viz.strides(array, "a_long_name")).captions
    ends = {name.at: name.at.x + Line(name.text, SMALL).width for name in names}
    for here, there in itertools.permutations(ends, 2):
        assert here.y != there.y or here.x >= there.x or ends[here] < there.x


@every_view
def test_a_step_leads_from_the_first_element_to_the_next(array):
    page = page_of(viz.strides(array))
    for step in page.steps:
        letter, by = step.label.text.split()
        begin = page.cells[array._offset]
        assert begin.x < step.start.x < begin.x + begin.width
        end = page.cells[array._offset + int(by)]
        assert end.x < step.end.x < end.x + end.width
        axis = viz.strides(array).view.letters.index(letter)
        assert array.strides[axis] == int(by)


def test_steps_of_all_axes_are_drawn_where_they_stay_in_a_line():
    labels = [step.label.text for step in page_of(viz.strides(A)).steps]
    assert labels == ["j +1", "i +4"]
    repeated = page_of(viz.strides(VIEWS["repeated"]))
    assert [step.label.text for step in repeated.steps] == ["i 0", "j +1"]
    assert page_of(viz.strides(numbers(1, 1))).steps == ()


@every_view
def test_the_picture_is_xml_and_shows_what_is_drawn(array):
    picture = viz.strides(array, "name")
    root = ET.fromstring(picture.svg)
    page = page_of(picture)
    assert len(list(root.iter(f"{SVG}rect"))) == len(page.cells) + len(page.elements)
    words = [each.text for each in root.iter(f"{SVG}text")]
    assert words[0] == picture.view.title
    assert str(array.shape) in words[0]
    assert picture.svg == viz.strides(array, "name").svg


def test_an_element_has_the_colour_of_its_cell():
    root = ET.fromstring(viz.strides(VIEWS["transposed"]).svg)
    fills = [each.get("fill") for each in root.iter(f"{SVG}rect")]
    cells, elements = fills[:12], fills[12:]
    assert elements == [cells[i + 4 * j] for i in range(4) for j in range(3)]
    assert len(set(cells)) == 4


def test_large_arrays_are_shown_in_part():
    picture = viz.strides(VIEWS["large"])
    page = page_of(picture)
    assert len(page.cells) == 60
    assert len(page.elements) == 8 * 12
    notes = [caption.text for caption in page.captions]
    assert any("1940 more elements of memory" in note for note in notes)
    assert any(f"{40 * 25 - 96} more" in note for note in notes)
    assert picture.text.splitlines()[2].endswith(" ...")


def test_elements_outside_of_the_memory_are_said_and_not_read():
    picture = viz.strides(A.as_strided((4, 4), (4, 1)))
    assert picture.view.outside == 4
    assert "4 elements lie outside of the memory" in picture.svg
    assert "4 elements lie outside of the memory" in picture.text
    assert picture.svg.count(">?<") == 4


def test_a_terminal_gets_a_table():
    assert repr(viz.strides(VIEWS["some rows"], "s")).splitlines() == [
        "s: shape (2, 2), strides (4, 2), offset 5, not compact",
        "  s[i, j] is at 5 + 4*i + 2*j",
        "  memory: 100 101 102 103 104 [105] 106 [107] 108 [109] 110 [111]",
        "  positions 5 7",
        "  positions 9 11",
    ]


def test_a_picture_changes_nothing_and_sees_changes():
    a = numbers(2, 3)
    before = viz.strides(a).svg
    np.testing.assert_array_equal(a.numpy(), numbers(2, 3).numpy())
    a.fill(7)
    assert viz.strides(a).svg != before


@pytest.mark.parametrize(
    "value, words",
    [
        (5.0, "5"),
        (-0.5, "-0.5"),
        (1 / 3, "0.33"),
        (1e30, "1e+30"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
    ],
)
def test_numbers_are_short(value, words):
    assert number_text(value) == words
