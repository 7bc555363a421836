"""Laws of merging lines, and conflicts as people see them."""

from __future__ import annotations

from collections import Counter

import pytest
from coursekit.merge import line_after, merge_lines
from coursekit.merge.lines import three_way
from hypothesis import given
from hypothesis import strategies as st

# Few different lines, so that versions have much in common and much twice.
versions = st.lists(
    st.sampled_from(["a", "b", "c", "d", "", "    return x"]), max_size=9
)


def merged(base, ours, theirs):
    return merge_lines(base, ours, theirs, labels=("mine", "new"))


@given(versions, versions)
def test_what_one_side_changed_is_taken(base, other):
    assert merged(base, base, other) == (other, [])
    assert merged(base, other, base) == (other, [])


@given(versions, versions)
def test_the_same_change_on_both_sides_is_taken_once(base, other):
    assert merged(base, other, other) == (other, [])


@given(versions, versions, versions)
def test_conflicts_are_symmetric(base, one, other):
    _, ours = merged(base, one, other)
    _, theirs = merged(base, other, one)
    sides = [(each.ours, each.theirs, each.base) for each in ours]
    assert sides == [(each.theirs, each.ours, each.base) for each in theirs]


@given(versions, versions, versions)
def test_no_line_that_either_side_added_is_lost(base, ours, theirs):
    lines, _ = merged(base, ours, theirs)
    for side in (ours, theirs):
        added = Counter(side) - Counter(base)
        assert not added - Counter(lines)


@given(versions, versions, versions)
def test_a_conflict_is_where_it_says(base, ours, theirs):
    lines, conflicts = merged(base, ours, theirs)
    for each in conflicts:
        block = [
            "<<<<<<< mine", *each.ours, "=======", *each.theirs, ">>>>>>> new"
        ]  # fmt: skip
        start = each.line - 1
        assert lines[start : start + len(block)] == block
    assert lines.count("<<<<<<< mine") == len(conflicts)


@given(versions, versions, versions)
def test_hunks_cover_the_three_versions_in_order(base, ours, theirs):
    hunks = three_way(base, ours, theirs)
    for name, version in (("base", base), ("ours", ours), ("theirs", theirs)):
        spans = [getattr(hunk, name) for hunk in hunks]
        starts = [span.start for span in spans]
        assert starts == [0, *(span.end for span in spans)][: len(spans)]
        assert (spans[-1].end if spans else 0) == len(version)


def test_changes_in_different_places_are_both_taken():
    assert merged(list("abcde"), list("aXcde"), list("abcdY")) == (list("aXcdY"), [])


def test_a_deletion_and_a_change_of_the_same_line_conflict():
    lines, conflicts = merged(list("abc"), list("ac"), list("aXc"))
    assert lines == ["a", "<<<<<<< mine", "=======", "X", ">>>>>>> new", "c"]
    assert [(each.ours, each.theirs, each.base) for each in conflicts] == [
        ((), ("X",), ("b",))
    ]


def test_what_both_sides_agree_on_stays_outside_the_markers():
    lines, _ = merged(["stub"], ["top", "1", "end"], ["top", "2", "end"])
    assert lines == ["top", "<<<<<<< mine", "1", "=======", "2", ">>>>>>> new", "end"]


@pytest.mark.parametrize("size", [0, 1, 400])
def test_many_equal_lines_are_no_trouble(size):
    blank = [""] * size
    assert merged(blank, [*blank, "x"], ["y", *blank])[0] == (
        ["y", *blank, "x"] if size else merged([], ["x"], ["y"])[0]
    )


@pytest.mark.parametrize(
    ("new", "lines"),
    [
        ("a\nb\nc\n", (1, 2, 3)),
        ("x\ny\na\nb\nc\n", (3, 4, 5)),
        ("a\nc\n", (1, 2, 2)),
        ("a\n<\nb\n=\nz\n>\nc\n", (1, 3, 7)),
        ("", (1, 1, 1)),
    ],
)
def test_a_line_is_found_again_in_the_new_text(new, lines):
    assert tuple(line_after(line, "a\nb\nc\n", new) for line in (1, 2, 3)) == lines


def test_untrimmed_the_sides_of_a_conflict_are_whole() -> None:
    base, ours, theirs = "ab", "axwzb", "axvzb"
    trimmed = [hunk.kind for hunk in three_way(base, ours, theirs)]
    assert trimmed == ["same", "both", "conflict", "both", "same"]
    whole = three_way(base, ours, theirs, trim=False)
    assert [hunk.kind for hunk in whole] == ["same", "conflict", "same"]
    assert [ours[slice(*hunk.ours)] for hunk in whole] == ["a", "xwz", "b"]
    assert [theirs[slice(*hunk.theirs)] for hunk in whole] == ["a", "xvz", "b"]
