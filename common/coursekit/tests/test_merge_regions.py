"""Finding regions in what became of a rendered file."""

from __future__ import annotations

import re

import pytest
from coursekit.merge import read_regions
from coursekit.merge.text import Lined
from coursekit.staging import ALL, NONE
from coursekit.staging.render import render_folder
from hypothesis import given
from hypothesis import strategies as st
from marked_file import IDS, PRISTINE, region


def read(text: str):
    return read_regions("m.py", text, PRISTINE)


def lines_of(found) -> list[int]:
    return [trouble.line for trouble in found.troubles]


def test_a_pristine_file_is_read_without_another():
    found = read_regions("m.py", PRISTINE)
    assert list(found.found) == IDS
    assert found.troubles == ()
    lines = PRISTINE.split("\n")
    for each in found.found.values():
        assert "BEGIN" in lines[each.begin - 1]
        assert "END" in lines[each.end - 1]
        assert each.body == tuple(lines[each.begin : each.end - 1])


def test_the_ids_are_those_that_staging_gives(real_course):
    stubs = render_folder(real_course, "hw0", NONE)
    solved = render_folder(real_course, "hw0", ALL)
    for path in {each.path for each in stubs.regions}:
        ids = [each.id for each in stubs.regions if each.path == path]
        stub, solution = (f.files[path].decode() for f in (stubs, solved))
        assert [*read_regions(path, stub).found] == ids
        assert [*read_regions(path, solution).found] == ids
        assert [*read_regions(path, solution, stub).found] == ids


def test_a_file_without_markers_has_no_regions():
    assert read_regions("a.py", "x = 1\n").found == {}
    assert read_regions("notes.txt", "### BEGIN YOUR SOLUTION hw1.a\n").found == {}


def test_bodies_may_be_no_python_at_all():
    text = re.sub(r"raise Not.*", "def ((( : \n   '''", PRISTINE)
    assert list(read(text).found) == IDS


def test_a_file_that_does_not_parse_is_read_all_the_same():
    text = PRISTINE.replace("import numpy", "import (numpy")
    found = read(text)
    assert list(found.found) == IDS
    assert found.troubles == ()


@pytest.mark.parametrize("name", IDS)
def test_an_empty_body_is_a_body(name):
    region = read_regions("m.py", PRISTINE).found[name]
    lines = PRISTINE.split("\n")
    del lines[region.begin : region.end - 1]
    found = read("\n".join(lines))
    assert found.found[name].body == ()


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("marker", ["begin", "end", "both"])
def test_a_missing_marker_is_reported_and_the_rest_is_read(name, marker):
    region = read_regions("m.py", PRISTINE).found[name]
    lines = PRISTINE.split("\n")
    if marker in ("end", "both"):
        lines[region.end - 1] = "        pass"
    if marker in ("begin", "both"):
        lines[region.begin - 1] = "        pass"
    found = read("\n".join(lines))
    same_scope = {"m.py::Op.gradient", "m.py::Op.gradient#2"}
    lost = same_scope if name in same_scope else {name}
    assert list(found.found) == [each for each in IDS if each not in lost]
    assert any(region.begin - 12 <= line <= region.end + 1 for line in lines_of(found))
    assert any(name in trouble.message for trouble in found.troubles)


def test_an_end_and_a_begin_that_are_gone_do_not_make_one_region_of_two():
    lines = PRISTINE.split("\n")
    first, second = [*read_regions("m.py", PRISTINE).found.values()][:2]
    del lines[second.begin - 1], lines[first.end - 1]
    found = read("\n".join(lines))
    assert list(found.found) == IDS[2:]
    assert first.begin in lines_of(found)


def test_a_function_that_was_copied_with_its_markers_is_nobodys():
    copy = "\n\ndef first(x, y):\n" + region("hw1.a", "first")
    found = read(PRISTINE + copy)
    assert list(found.found) == IDS[1:]
    assert "more than once" in found.troubles[0].message


def test_an_id_that_is_claimed_twice_is_nobodys():
    found = read(PRISTINE + "\ndef other():\n" + region("hw1.b", "x", more=" id=moved"))
    assert list(found.found) == IDS[:-1]


def test_functions_may_change_their_places():
    head, alone, tail = re.split(r"(?=\n\n### BEGIN)|(?=\n\ndef moved)", PRISTINE)
    found = read(head + tail + alone)
    assert list(found.found) == IDS
    assert found.troubles == ()


def test_a_region_outside_functions_may_define_more_than_it_did():
    text = PRISTINE.replace(
        "def alone(*args", "LIMIT = 3\n\n\ndef helper():\n    pass\n\n\ndef alone(*args"
    )
    assert list(read(text).found) == IDS


def test_an_owner_that_was_changed_is_reported():
    text = PRISTINE.replace("SOLUTION hw1.a\n    raise", "SOLUTION hw1.z\n    raise")
    found = read(text)
    assert list(found.found) == IDS[1:]
    assert "no such region here" in found.troubles[-1].message


def test_a_marker_that_is_nearly_one_is_reported():
    text = PRISTINE.replace("### END YOUR SOLUTION", "## END YOUR SOLUTION", 1)
    found = read(text)
    assert list(found.found) == IDS[1:]
    assert "looks like a marker" in " ".join(t.message for t in found.troubles)


def test_a_second_end_makes_a_region_doubtful():
    text = PRISTINE.replace(
        "    ### END YOUR SOLUTION\n",
        "    ### END YOUR SOLUTION\n    x = 1\n    ### END YOUR SOLUTION\n",
        1,
    )
    found = read(text)
    assert list(found.found) == IDS[1:]
    assert any("two ENDs" in trouble.message for trouble in found.troubles)


def test_every_trouble_says_what_to_do():
    lines = PRISTINE.split("\n")
    for number in range(len(lines)):
        found = read("\n".join([*lines[:number], *lines[number + 1 :]]))
        for trouble in found.troubles:
            assert re.search(r"write|remove|keep", trouble.message), trouble


CPP = """\
namespace n {
class A {
  void f() {
    /// BEGIN YOUR SOLUTION hw1.a
    throw NotImplementedError("hw1.a: A::f is yours to write (handout, question 1)");
    /// END YOUR SOLUTION
  }
};
/// BEGIN YOUR SOLUTION hw1.a
// hw1.a: Kernel is yours to write (handout, question 1)
void Launch(int n) {
  throw NotImplementedError("hw1.a: Launch is yours to write (handout, question 1)");
}
/// END YOUR SOLUTION
}
"""


def test_regions_of_cpp_are_found_whatever_their_bodies_hold():
    ids = ["a.cc::A::f", "a.cc::Kernel"]
    assert [*read_regions("a.cc", CPP).found] == ids
    broken = re.sub(r"throw .*", 'if (x) {{ "', CPP)
    assert [*read_regions("a.cc", broken, CPP).found] == ids


@given(st.text(alphabet="ab\r\n\ufeff\u2028 \t", max_size=30))
def test_lines_make_the_same_text_again(text):
    assert Lined.of(text).text == text


@given(st.lists(st.sampled_from(PRISTINE.split("\n")), max_size=60))
def test_whatever_lines_stand_in_a_file_nothing_fails(lines):
    found = read("\n".join(lines))
    for name, each in found.found.items():
        assert name in IDS
        assert "BEGIN" in lines[each.begin - 1]
        assert "END" in lines[each.end - 1]
