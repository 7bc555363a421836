"""Slices: each name in exactly one, the same one forever."""

from __future__ import annotations

import pytest
from coursekit.errors import CourseError
from grader.proof import slices
from grader.proof.slices import ALL, Slice, chosen

NAMES = [f"hw{n}/bug-{m}" for n in range(5) for m in range(40)]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 50])
def test_slices_part_the_names(count):
    parts = [Slice(part, count) for part in range(1, count + 1)]
    for name in NAMES:
        assert sum(name in part for part in parts) == 1


def test_a_name_stays_in_its_slice():
    """Names are spread by content alone: not by order, process or Python."""
    inside = [name for name in NAMES[:12] if name in Slice(2, 4)]
    assert inside == ["hw0/bug-0", "hw0/bug-7"]


def test_slices_are_about_as_large_as_each_other():
    sizes = [sum(name in Slice(part, 4) for name in NAMES) for part in (1, 2, 3, 4)]
    assert min(sizes) > len(NAMES) / 4 / 2


def test_all_holds_everything():
    assert Slice.parse("all") == Slice.parse("1/1") == ALL
    assert all(name in ALL for name in NAMES)
    assert (str(ALL), str(Slice.parse(" 2/6 "))) == ("all", "2/6")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not a slice"),
        ("2", "is not a slice"),
        ("a/b", "is not a slice"),
        ("-1/3", "is not a slice"),
        ("0/3", "numbered from 1 to 3"),
        ("4/3", "numbered from 1 to 3"),
        ("1/0", "1 to 1000 slices"),
        ("1/99999999", "1 to 1000 slices"),
    ],
)
def test_what_is_no_slice_is_refused(text, said):
    with pytest.raises(CourseError, match=said):
        Slice.parse(text)


def test_every_slice_has_its_commit(monkeypatch):
    found = set()
    for number in range(40):
        monkeypatch.setattr(slices, "commit", lambda number=number: f"{number:040x}")
        found.add(Slice.parse("commit/4"))
        assert chosen(["a", "b"]) in ("a", "b")
    assert found == {Slice(part, 4) for part in (1, 2, 3, 4)}


def test_a_commit_chooses_the_same_slice_again():
    assert Slice.parse("commit/6") == Slice.of_commit(6)
    assert Slice.of_commit(6).count == 6
