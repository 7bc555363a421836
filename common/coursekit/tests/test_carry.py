"""Tests of ``course carry``: what becomes of each region, by hand."""

from __future__ import annotations

import pytest
from carry_kit import carry
from coursekit.errors import CourseError

OPS, PARSE, CC = "python/lib/ops.py", "src/simple.py", "src/kernel.cc"
ADD = f"{OPS}::Add.compute"


def test_a_solution_goes_into_an_untouched_region(hw1, hw2):
    hw1.write(OPS, "Add.compute", "c = a + b\nreturn c")
    what, done = carry(hw1, hw2)
    assert what == {ADD: "carried"}
    body = "        c = a + b\n        return c\n        ### END YOUR SOLUTION"
    assert body in hw2.text(OPS)
    assert hw2.text(OPS).count("NotImplementedError") == 3
    assert done.plan.conflicts == 0


def test_nothing_that_was_not_written_is_carried(hw1, hw2):
    hw1.edit(OPS, "hw1.forward\n        raise", "hw1.forward\n\n        raise")
    before = hw2.files()
    what, done = carry(hw1, hw2)
    assert what == {}
    assert hw2.files() == before
    assert {each.region.id for each in done.plan.blank} == {
        ADD,
        f"{OPS}::Add.gradient",
        f"{OPS}::scale",
        f"{CC}::Fill",
        f"{CC}::Copy",
        "parse",
    }


def test_a_stub_that_a_formatter_wrapped_is_still_a_stub(hw1, hw2):
    for student, name in ((hw1, "Add.compute"), (hw2, "Add.gradient")):
        line = next(
            each
            for each in student.text(OPS).splitlines()
            if each.lstrip().startswith("raise") and name in each
        )
        head, _, rest = line.partition("(")
        student.edit(OPS, line, f"{head}(\n            {rest[:-1]}\n        )")
    hw1.edit(CC, "Fill is yours", 'Fill "\n      "is yours')
    hw1.write(OPS, "Add.gradient", "return out, out")
    what, done = carry(hw1, hw2)
    assert what == {f"{OPS}::Add.gradient": "carried"}
    assert {f"{CC}::Fill", ADD} <= {each.region.id for each in done.plan.blank}


def test_a_region_moves_with_its_id_into_a_method_of_another_file(hw1, hw2):
    hw1.write(PARSE, "parse", 'text = """\n  as\n    it is"""\n\nreturn text')
    what, _ = carry(hw1, hw2)
    assert what == {"parse": "carried"}
    assert (
        '        text = """\n      as\n        it is"""\n\n        return text\n'
        in hw2.text("apps/simple.py")
    )


def test_a_region_outside_functions_is_carried_whole(hw1, hw2):
    body = "LIMIT = 2\n\n\ndef scale(x):\n    return LIMIT * x"
    stub = hw1.text(OPS).split("hw1.forward\ndef")[1].split("###")[0]
    hw1.edit(OPS, "def" + stub, body + "\n")
    what, _ = carry(hw1, hw2)
    assert what == {f"{OPS}::scale": "carried"}
    assert f"hw1.forward\n{body}\n### END" in hw2.text(OPS)


def test_native_code_is_carried(hw1, hw2):
    hw1.write(CC, "Fill", "for (;;) {\n  break;\n}")
    hw1.edit(CC, 'throw NotImplementedError("hw1.kernel: Copy', 'int a = 1;  // ("')
    what, _ = carry(hw1, hw2)
    assert what == {f"{CC}::Fill": "carried", f"{CC}::Copy": "carried"}
    assert "  for (;;) {\n    break;\n  }\n  /// END" in hw2.text(CC)


def test_a_region_of_another_question_may_need_porting(hw1, begin, run_course):
    hw3 = begin("hw3")
    hw1.write(OPS, "Add.compute", "return a + b")
    result = run_course("carry", "hw1", "hw3", cwd=hw1.path.parent)
    assert result.exit_code == 0
    (line,) = [line for line in result.output.splitlines() if "Add.compute" in line]
    assert "carried" in line
    assert line.endswith("may need porting")
    assert "### BEGIN YOUR SOLUTION hw3.backend\n        return a" in hw3.text(OPS)


def test_a_region_that_the_target_lacks_is_kept_and_named(hw1, hw2):
    hw1.write(PARSE, "only_here", "return 'mine'")
    _, done = carry(hw1, hw2)
    assert [each.region.id for each in done.plan.gone] == [f"{PARSE}::only_here"]
    left = hw2.text(f".course/not-carried/hw1/{PARSE}")
    assert left == (
        "    ### BEGIN YOUR SOLUTION hw1.parse\n    return 'mine'\n"
        "    ### END YOUR SOLUTION\n"
    )


def test_work_at_the_target_and_in_the_source_conflict_in_place(hw1, hw2, run_course):
    hw1.write(OPS, "Add.compute", "return a + b")
    hw2.write(OPS, "Add.compute", "return b + a")
    mine = hw2.text(OPS)
    result = run_course("carry", "hw1", "hw2", cwd=hw1.path.parent)
    assert result.exit_code == 1
    assert (
        "<<<<<<< yours, in hw2\n        return b + a\n=======\n"
        "        return a + b\n>>>>>>> from hw1\n        ### END" in hw2.text(OPS)
    )
    (line,) = [
        n for n, text in enumerate(hw2.text(OPS).split("\n"), 1) if "<<<" in text
    ]
    assert f"hw2/{OPS}:{line}" in result.output
    (backup,) = hw2.path.glob(".course/backup/*-carry")
    assert (backup / "before" / OPS).read_text() == mine


def test_conflicts_that_are_left_are_named_and_nothing_is_carried_over_them(hw1, hw2):
    hw1.write(OPS, "Add.compute", "return a + b")
    hw2.write(OPS, "Add.compute", "return b + a")
    carry(hw1, hw2)
    before = hw2.files()
    with pytest.raises(CourseError, match=r"hw2/python/lib/ops\.py:11\n"):
        carry(hw1, hw2)
    assert hw2.files() == before


def test_a_conflict_once_decided_stays_decided(hw1, hw2):
    hw1.write(OPS, "Add.compute", "return a + b")
    hw2.write(OPS, "Add.compute", "return b + a")
    carry(hw1, hw2)
    text = hw2.text(OPS)
    start, end = text.index("<<<<<<<"), text.index(">>>>>>> from hw1\n") + 17
    hw2.put(OPS, text[:start] + "        return decided\n" + text[end:])
    before = hw2.files()
    what, _ = carry(hw1, hw2)
    assert what == {ADD: "kept"}
    assert hw2.files() == before


def test_carrying_twice_is_carrying_once(hw1, hw2):
    hw1.write(OPS, "Add.compute", "return a + b")
    hw1.write(PARSE, "only_here", "return 1")
    carry(hw1, hw2)
    before = hw2.files()
    what, done = carry(hw1, hw2)
    assert what == {ADD: "same"}
    assert done.done is None
    assert hw2.files() == before
    assert len([*hw2.path.glob(".course/backup/*-carry")]) == 1


def test_a_fix_flows_and_work_at_the_target_stays(hw1, hw2):
    hw1.write(OPS, "Add.compute", "first = a\nsecond = b\nthird = 0\nreturn first")
    hw1.write(OPS, "Add.gradient", "return out, None")
    carry(hw1, hw2)
    hw1.edit(OPS, "first = a", "first = a + 0")
    hw1.edit(OPS, "return out, None", "return out, out")
    hw2.edit(OPS, "return first", "return first + second")
    what, done = carry(hw1, hw2)
    assert what == {ADD: "merged", f"{OPS}::Add.gradient": "updated"}
    assert done.plan.conflicts == 0
    text = hw2.text(OPS)
    assert "first = a + 0\n" in text
    assert "return first + second" in text
    assert "return out, out" in text


def test_a_region_that_is_a_stub_again_is_filled_again(hw1, hw2):
    hw1.write(OPS, "Add.compute", "return a + b")
    stub = hw2.text(OPS)
    carry(hw1, hw2)
    hw2.put(OPS, stub)
    assert carry(hw1, hw2)[0] == {ADD: "carried"}


def test_the_later_homework_wins_where_it_was_written(hw1, hw2, begin, run_course):
    hw3 = begin("hw3")
    hw1.write(OPS, "Add.compute", "return 'from hw1'")
    hw1.write(OPS, "Add.gradient", "return 'from hw1'")
    hw2.write(OPS, "Add.compute", "return 'from hw2'")
    result = run_course("carry", "hw2", "hw1", "hw3", cwd=hw1.path.parent)
    text = hw3.text(OPS)
    assert text.count("from hw2") == text.count("from hw1") == 1
    assert text.index("from hw2") < text.index("from hw1")
    assert "Add.compute: written in hw1 too, and differently" in result.output
    assert "course carry hw1 hw2" in result.output


def test_what_was_only_passed_on_comes_from_where_it_was_written(hw1, hw2, begin):
    hw3 = begin("hw3")
    hw1.write(OPS, "Add.compute", "return 'old'")
    carry(hw1, hw2)
    hw1.edit(OPS, "'old'", "'fixed'")
    _, done = carry(hw1, hw2, hw3)
    assert "'fixed'" in hw3.text(OPS)
    assert done.plan.outcomes[0].source == "hw1"


def test_work_on_what_was_carried_is_no_second_version(hw1, hw2, begin):
    hw3 = begin("hw3")
    hw1.write(OPS, "Add.compute", "return 'old'")
    carry(hw1, hw2)
    hw2.edit(OPS, "'old'", "'better'")
    _, done = carry(hw1, hw2, hw3)
    assert "'better'" in hw3.text(OPS)
    assert done.plan.outcomes[0].choice.passed_over == ()


def test_the_chain_of_three_ends_with_everything(hw1, hw2, begin):
    hw3 = begin("hw3")
    hw1.write(OPS, "Add.compute", "return a + b")
    hw1.write(PARSE, "parse", "return name")
    carry(hw1, hw2)
    hw2.write(OPS, "fit", "return scale(x)")
    what, _ = carry(hw2, hw3)
    assert what == {
        "parse": "carried",
        ADD: "carried",
        f"{OPS}::fit": "carried",
    }
