"""Merging three versions of a file with regions."""

from __future__ import annotations

from collections import Counter

import pytest
from coursekit.errors import CourseError
from coursekit.merge import decode, merge_file
from coursekit.merge.bodies import indented, outdented
from coursekit.staging import ALL, NONE, render
from coursekit.staging.dialect import CPP, PYTHON
from hypothesis import given, settings
from hypothesis import strategies as st
from marked_file import PRISTINE, STUB, edited, edits, region

BASE = (
    "import a\n\n\ndef f(x):\n    given = 1\n"
    + region("hw1.a", "f")
    + "\n\ndef g(x):\n"
    + region("hw1.b", "g")
)
STUB_F, STUB_G = STUB.format("hw1.a", "f"), STUB.format("hw1.b", "g")
SOLVED = BASE.replace(STUB_F, "return x").replace(STUB_G, "return -x")


def merge(ours: str, theirs: str, base: str = BASE, **more):
    return merge_file("m.py", base, ours, theirs, **more)


def clean(ours: str, theirs: str, base: str = BASE, **more) -> str:
    merged = merge(ours, theirs, base, **more)
    assert merged.conflicts == ()
    assert merged.troubles == ()
    return merged.text


def test_a_solution_and_a_change_around_it_are_both_kept():
    theirs = BASE.replace("given = 1", "given = 2").replace("def g", '\n"""."""\ndef g')
    merged = clean(SOLVED, theirs)
    assert merged == theirs.replace(STUB_F, "return x").replace(STUB_G, "return -x")


def test_a_region_that_moved_keeps_what_the_student_wrote():
    head, f, g = (
        BASE[:11],
        BASE[11 : BASE.index("\n\ndef g")],
        "def g" + BASE.split("def g")[1],
    )
    theirs = head + g + "\n\n" + f
    merged = merge(SOLVED, theirs)
    assert merged.text.count("return x") == 1
    assert merged.text.index("return -x") < merged.text.index("return x")


def test_a_region_that_is_no_longer_there_is_not_dropped_with_its_solution():
    theirs = BASE[: BASE.index("\n\ndef g")]
    merged = merge(SOLVED, theirs)
    assert "return -x" in merged.text
    assert len(merged.conflicts) == 1
    assert merge(BASE, theirs).text == theirs


def test_one_chooses_for_each_region():
    seen = []

    def take(name, owner):
        seen.append((name, owner))
        return "theirs" if owner == "hw1.a" else "ours"

    theirs = BASE.replace(STUB_F, "return 'them'").replace(STUB_G, "return 'them'")
    merged = clean(SOLVED, theirs, take=take)
    assert merged == SOLVED.replace("return x", "return 'them'")
    assert seen == [("m.py::f", "hw1.a"), ("m.py::g", "hw1.b")]


def test_a_conflict_in_a_region_stands_inside_it():
    theirs = BASE.replace(STUB_F, "return 0")
    merged = merge(SOLVED, theirs, labels=("mine", "new"))
    lines = merged.text.split("\n")
    (conflict,) = merged.conflicts
    start = conflict.line - 1
    assert lines[start - 1] == "    ### BEGIN YOUR SOLUTION hw1.a"
    assert lines[start : start + 6] == [
        "<<<<<<< mine",
        "    return x",
        "=======",
        "    return 0",
        ">>>>>>> new",
        "    ### END YOUR SOLUTION",
    ]
    assert conflict.base == ("    " + STUB_F,)


def test_an_owner_that_changed_comes_along():
    theirs = BASE.replace("SOLUTION hw1.a", "SOLUTION hw4.z")
    assert clean(SOLVED, theirs) == SOLVED.replace("SOLUTION hw1.a", "SOLUTION hw4.z")


def test_a_function_that_became_a_method_takes_its_solution_along():
    base = "def f(x):\n" + region("hw1.a", "f", more=" id=f")
    theirs = "class A:\n    def f(self, x):\n" + region(
        "hw1.a", "A.f", " " * 8, more=" id=f"
    )
    ours = base.replace(STUB_F, 'y = """\n  as\nit is"""\n    return y')
    assert clean(ours, theirs, base) == theirs.replace(
        STUB.format("hw1.a", "A.f"), 'y = """\n  as\nit is"""\n        return y'
    )


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_line_ends_and_mark_stay_as_the_student_has_them(end, bom):
    ours = bom + SOLVED.replace("return x", "return 'é\t∂'").replace("\n", end)
    theirs = BASE.replace("given = 1", "given = 2\n    more = 3")
    expected = ours.replace("given = 1", f"given = 2{end}    more = 3")
    assert clean(ours, theirs) == expected


def test_lines_with_other_ends_keep_them():
    ours = SOLVED.replace("import a\n", "import a\r\n").replace("x\n", "x\r\n")
    theirs = BASE.replace("given = 1", "given = 2")
    assert clean(ours, theirs) == ours.replace("given = 1", "given = 2")


def test_a_last_line_without_its_end_stays_so():
    ours = SOLVED.rstrip("\n")
    assert clean(ours, BASE) == ours
    theirs = BASE.replace("given = 1", "given = 2")
    assert clean(ours, theirs) == ours.replace("given = 1", "given = 2")
    assert clean(SOLVED, BASE.rstrip("\n")) == ours


def test_what_was_indented_with_tabs_stays_so():
    ours = SOLVED.replace("    ", "\t")
    theirs = BASE.replace("import a", "import b").replace(STUB_G, STUB_G + "  # more")
    merged = merge(ours, theirs, take=lambda name, owner: "ours")
    assert merged.text == ours.replace("import a", "import b")


def test_a_damaged_region_is_left_as_it_is_and_reported():
    ours = SOLVED.replace("    ### END YOUR SOLUTION\n", "", 1)
    theirs = BASE.replace("import a", "import b").replace(STUB_F, "return 'them'")
    merged = merge(ours, theirs, take=lambda name, owner: "theirs")
    assert "import b" in merged.text
    assert "return x" in merged.text
    assert any("m.py::f" in trouble.message for trouble in merged.troubles)


def test_the_solution_of_a_homework_and_its_starter_merge_to_the_solution(real_course):
    stubs, solved = (render(real_course, "hw0", kind) for kind in (NONE, ALL))
    for path in ("src/simple_ml.py", "src/simple_ml_ext.cpp"):
        base, solution = stubs[path].decode(), solved[path].decode()
        for ours, theirs in [(base, solution), (solution, base), (solution, solution)]:
            merged = merge_file(path, base, ours, theirs)
            assert merged.text == solution
            assert merged.conflicts == merged.troubles == ()


@settings(max_examples=300)
@given(edits)
def test_one_sided_changes_merge_to_themselves(changes):
    other = edited(PRISTINE, changes)
    assert merge_file("m.py", PRISTINE, other, PRISTINE).text == other
    assert merge_file("m.py", PRISTINE, other, other).text == other


@settings(max_examples=300)
@given(edits, edits)
def test_no_line_of_ours_is_lost(mine, new):
    ours, theirs = edited(PRISTINE, mine), edited(PRISTINE, new)
    merged = merge_file("m.py", PRISTINE, ours, theirs)
    lines = [line.strip() for line in merged.text.split("\n")]
    added = Counter(map(str.strip, ours.split("\n"))) - Counter(
        map(str.strip, PRISTINE.split("\n"))
    )
    lost = added - Counter(lines)
    # A marker line is the course's: its owner may change.
    assert not [line for line in lost if line and not line.startswith("###")]


@given(st.text(alphabet="ab \t'\"#\\\n", max_size=40), st.sampled_from(["", " ", "\t"]))
def test_moving_a_body_out_and_back_changes_nothing(text, indent):
    lines = text.split("\n")
    for dialect in (PYTHON, CPP):
        assert [*indented(outdented(lines, indent, dialect), indent)] == lines


def test_strings_of_several_lines_do_not_move():
    body = ["    a = '''x", "    y'''", "    b = 'it''s'  # '''", "    c = 1"]
    moved = indented(outdented(body, "    ", PYTHON), "")
    assert moved == ("a = '''x", "    y'''", "b = 'it''s'  # '''", "c = 1")
    raw = ['  auto s = R"x(', '  )" )x";', "  int i = 1'000;  // \" '"]
    moved = indented(outdented(raw, "  ", CPP), "")
    assert moved == ('auto s = R"x(', '  )" )x";', "int i = 1'000;  // \" '")


@pytest.mark.parametrize("content", [b"a\nb\xe9\n", "a\nb".encode("utf-16")])
def test_a_file_that_is_no_utf8_is_refused_with_its_line(content):
    with pytest.raises(CourseError, match=r"^m\.py:[12]: .*save the file as UTF-8"):
        decode("m.py", content)
