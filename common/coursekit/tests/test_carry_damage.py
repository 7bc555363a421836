"""Tests of ``course carry``: damaged files, line ends, conflicts left undecided."""

from __future__ import annotations

import pytest
from carry_kit import carry, messages
from coursekit.errors import CourseError

OPS, PARSE, CC = "python/lib/ops.py", "src/simple.py", "src/kernel.cc"
ADD = f"{OPS}::Add.compute"


@pytest.mark.parametrize("damage", ["BEGIN YOUR SOLUTION hw1.forward\n", "END YOUR"])
def test_damaged_markers_are_named_and_the_rest_is_carried(hw1, hw2, damage):
    hw1.write(OPS, "Add.compute", "return a + b")
    hw1.write(OPS, "Add.gradient", "return out, out")
    text = hw1.text(OPS)
    place = text.index(f"        ### {damage}")
    line = text.count("\n", 0, place) + 1
    hw1.put(OPS, text[:place] + text[text.index("\n", place) + 1 :])
    before = hw2.text(OPS)
    what, done = carry(hw1, hw2)
    assert what == {f"{OPS}::Add.gradient": "carried"}
    assert "a + b" not in hw2.text(OPS)
    assert before.split("def gradient")[0] == hw2.text(OPS).split("def gradient")[0]
    near = [f"hw1/{OPS}:{number}:" for number in range(line - 2, line + 2)]
    assert any(place in messages(done) for place in near)
    assert ADD in messages(done)


def test_damaged_markers_at_the_target_are_named(hw1, hw2):
    hw1.write(OPS, "Add.compute", "return a + b")
    hw1.write(OPS, "Add.gradient", "return out, out")
    hw2.edit(OPS, "        ### BEGIN YOUR SOLUTION hw1.forward\n", "")
    what, done = carry(hw1, hw2)
    assert what == {f"{OPS}::Add.gradient": "carried"}
    assert f"hw2/{OPS}:" in messages(done)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize("side", ["source", "target", "both"])
def test_every_file_keeps_its_line_ends(hw1, hw2, end, side):
    hw1.write(OPS, "Add.compute", "c = 'é ∂'\nreturn c")
    expected = hw2.text(OPS).replace(
        hw2.text(OPS).split("forward\n")[1].split("\n")[0],
        "        c = 'é ∂'\n        return c",
        1,
    )
    if side != "target":
        hw1.put(OPS, hw1.text(OPS).replace("\n", end))
    if side != "source":
        hw2.put(OPS, "\ufeff" + hw2.text(OPS).replace("\n", end))
        expected = "\ufeff" + expected.replace("\n", end)
    carry(hw1, hw2)
    assert hw2.text(OPS) == expected


def test_a_file_without_a_last_line_end_stays_so(hw1, hw2):
    hw1.write("src/simple.py", "parse", "return 1")
    hw1.put("src/simple.py", hw1.text("src/simple.py").rstrip("\n"))
    hw2.put("apps/simple.py", hw2.text("apps/simple.py").rstrip("\n"))
    carry(hw1, hw2)
    assert hw2.text("apps/simple.py").endswith(
        "return 1\n        ### END YOUR SOLUTION"
    )


def test_a_file_indented_with_tabs_goes_into_one_with_spaces(hw1, hw2):
    hw1.write(OPS, "Add.compute", "if a:\n    return b\nreturn a")
    hw1.put(OPS, hw1.text(OPS).replace("    ", "\t"))
    carry(hw1, hw2)
    text = hw2.text(OPS)
    assert "        if a:\n        \treturn b\n        return a\n" in text
    compile(text, OPS, "exec")


def test_files_that_cannot_be_read_are_named_and_the_others_are_carried(hw1, hw2):
    hw1.write(PARSE, "parse", "return 1")
    (hw1.path / OPS).write_bytes(b"x = 1\n# \xe9\n")
    (hw1.path / CC).unlink()
    what, done = carry(hw1, hw2)
    assert what == {"parse": "carried"}
    assert f"hw1/{OPS}:2: is not UTF-8" in messages(done)
    assert f"hw1/{CC}: cannot be read" in messages(done)


def test_a_damaged_marker_at_the_target_is_named_by_its_line_afterwards(hw1, hw2):
    hw1.write(OPS, "Add.compute", "c = a\nc = c + b\nreturn c")
    hw2.edit(OPS, "    ### BEGIN YOUR SOLUTION hw2.fit\n", "")
    _, done = carry(hw1, hw2)
    line = hw2.text(OPS).splitlines().index("def fit(x):") + 1
    assert f"hw2/{OPS}:{line}: the markers of {OPS}::fit are missing" in messages(done)


def test_a_missing_file_at_the_target_is_named(hw1, hw2):
    hw1.write(OPS, "Add.compute", "return a + b")
    (hw2.path / OPS).unlink()
    what, done = carry(hw1, hw2)
    assert what == {}
    assert f"hw2/{OPS}: cannot be read" in messages(done)
    assert done.plan.gone == []


def test_an_undecided_conflict_in_the_source_is_not_carried(hw1, hw2):
    hw1.write(OPS, "Add.compute", "<<<<<<< a\nreturn 1\n=======\nreturn 2\n>>>>>>> b")
    text = hw1.text(OPS).replace("        <<<", "<<<").replace("        >>>", ">>>")
    hw1.put(OPS, text)
    what, done = carry(hw1, hw2)
    assert what == {}
    assert "conflict in it is still to be decided" in messages(done)


def test_a_conflict_around_the_regions_of_a_source_is_decided_first(hw1, hw2):
    hw1.write(OPS, "Add.compute", "return a + b")
    hw1.edit(
        OPS,
        "    def compute(self, a, b):\n",
        "<<<<<<< yours\n    def compute(self, a, b):\n=======\n"
        "    def compute(self, a, b, c=0):\n>>>>>>> 2\n",
    )
    before = hw2.files()
    with pytest.raises(CourseError, match=rf"still to be decided:\n.*hw1/{OPS}:9\n"):
        carry(hw1, hw2)
    assert hw2.files() == before
