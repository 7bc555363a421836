"""Tests of ``course carry``: every situation by hand."""

from __future__ import annotations

import errno
import json

import pytest
from carry_kit import Student, make_chain
from coursekit.carry.run import carry_into
from coursekit.errors import CourseError

OPS, PARSE, CC = "python/lib/ops.py", "src/simple.py", "src/kernel.cc"
ADD = f"{OPS}::Add.compute"


@pytest.fixture
def chain(mini, tmp_path):
    return make_chain(type(mini), tmp_path / "chain")


@pytest.fixture
def begin(chain, tmp_path):
    """Return a function that starts a homework in work/hwN."""
    return lambda name: Student.start(chain.course, name, tmp_path / "work" / name)


@pytest.fixture
def hw1(begin):
    return begin("hw1")


@pytest.fixture
def hw2(begin):
    return begin("hw2")


def carry(*students: Student, **more):
    *sources, target = students
    done = carry_into([each.folder for each in sources], target.folder, **more)
    return {each.region: each.settled.what for each in done.plan.outcomes}, done


def messages(done) -> str:
    return "\n".join(map(str, done.plan.remarks))


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


def test_a_trial_run_changes_nothing_and_says_the_same(hw1, hw2, run_course):
    hw1.write(OPS, "Add.compute", "return a + b")
    before = hw2.files()
    trial = run_course("carry", "hw1", "hw2", "--dry-run", cwd=hw1.path.parent)
    assert hw2.files() == before
    done = run_course("carry", "hw1", "hw2", cwd=hw1.path.parent)
    row = next(line for line in done.output.splitlines() if "Add.compute" in line)
    assert row in trial.output


def test_undo_brings_everything_back(hw1, hw2, run_course):
    hw1.write(OPS, "Add.compute", "return a + b")
    hw1.write(PARSE, "only_here", "return 1")
    before = hw2.files()
    where = hw1.path.parent
    run_course("carry", "hw1", "hw2", cwd=where)
    assert hw2.files() != before
    result = run_course("carry", "--undo", "hw2", cwd=where)
    assert result.exit_code == 0
    assert hw2.files() == before
    assert run_course("carry", "--undo", "hw2", cwd=where).exit_code == 1


def test_undo_refuses_where_something_was_edited_since(hw1, hw2, run_course):
    hw1.write(OPS, "Add.compute", "return a + b")
    run_course("carry", "hw1", "hw2", cwd=hw1.path.parent)
    hw2.edit(OPS, "return a + b", "return a + b + 0")
    before = hw2.files()
    result = run_course("carry", "--undo", "hw2", cwd=hw1.path.parent)
    assert isinstance(result.exception, CourseError)
    assert OPS in str(result.exception)
    assert hw2.files() == before


def test_json_tells_what_happened(hw1, hw2, run_course):
    hw1.write(OPS, "Add.compute", "return a + b")
    result = run_course("carry", "hw1", "hw2", "--json", cwd=hw1.path.parent)
    told = json.loads(result.output)
    (region,) = told["regions"]
    assert region["region"] == ADD
    assert region["what"] == "carried"
    assert (region["path"], region["line"]) == (OPS, 10)
    assert told["changed"] is True
    assert told["conflicts"] == 0


def test_bundles_side_by_side_find_each_other_by_name(hw1, hw2, run_course):
    hw1.write(OPS, "Add.compute", "return a + b")
    for arguments, where in [
        (("hw1", "hw2"), hw1.path.parent),
        (("../hw1", "."), hw2.path),
        (("hw1", "hw2"), hw2.path),
    ]:
        result = run_course("carry", *arguments, "--dry-run", cwd=where)
        assert result.exit_code == 0, result.exception
        assert "Add.compute" in result.output


def test_the_folder_one_is_in_needs_no_name_to_be_as_before(hw1, hw2, run_course):
    hw1.write(OPS, "Add.compute", "return a + b")
    before = hw2.text(OPS)
    carry(hw1, hw2)
    wrong = run_course("carry", "--undo", "hw1", "hw2", cwd=hw2.path)
    assert "one folder: course carry --undo hw2" in wrong.output
    assert run_course("carry", "--undo", cwd=hw2.path / "src").exit_code == 0
    assert hw2.text(OPS) == before
    assert "name an earlier homework" in run_course("carry", cwd=hw2.path).output


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (("hw2", "hw1"), "hw2 comes after hw1"),
        (("hw1", "hw1"), "both as source and as target"),
        (("hw1", "other1"), "are both hw1"),
        (("hw1", "other1", "hw2"), "are both hw1"),
        (("foreign", "hw2"), "nothing can be carried between courses"),
        (("nothing", "hw2"), "there is no such folder"),
    ],
)
def test_what_makes_no_sense_is_refused(
    hw1, hw2, chain, tmp_path, run_course, names, says
):
    Student.start(chain.course, "hw1", tmp_path / "work/other1")
    foreign = Student.start(chain.course, "hw1", tmp_path / "work/foreign")
    foreign.edit(".course/manifest.json", '"course": "Mini"', '"course": "Maxi"')
    before = hw2.files()
    result = run_course("carry", *names, cwd=tmp_path / "work")
    assert isinstance(result.exception, CourseError)
    assert says in str(result.exception)
    assert hw2.files() == before


def test_a_folder_with_solutions_is_no_students_folder(hw1, hw2):
    hw1.edit(".course/manifest.json", '"solved": []', '"solved": ["hw1.forward"]')
    with pytest.raises(CourseError, match="shows solutions"):
        carry(hw1, hw2)


@pytest.mark.parametrize("how", ["missing", "changed"])
def test_without_the_pristine_files_it_says_what_to_do(hw1, hw2, how):
    file = hw1.path / ".course/pristine" / OPS
    file.unlink() if how == "missing" else file.write_text("x = 1\n")
    with pytest.raises(CourseError, match="Make a new copy of hw1 in another folder"):
        carry(hw1, hw2)


def test_in_place_in_a_clone_the_pristine_files_are_rendered(chain, hw2):
    chain.complete()
    chain.write("common/hw1/handout.md", "# One\n\n## Question 1\n")
    inplace = Student.start(chain.course, "hw1", chain.root / "hw1")
    for file in sorted(inplace.path.glob(".course/pristine/**/*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    inplace.write(OPS, "Add.compute", "return a + b")
    assert carry(inplace, hw2)[0] == {ADD: "carried"}


def test_a_damaged_record_says_what_to_do(hw1, hw2):
    hw1.write(OPS, "Add.compute", "return a + b")
    carry(hw1, hw2)
    hw2.put(".course/carried.json", "{")
    with pytest.raises(CourseError, match="Remove it and carry again"):
        carry(hw1, hw2)


def test_an_interrupted_carry_is_brought_to_its_end(hw1, hw2, monkeypatch):
    from coursekit.update import transaction

    hw1.write(OPS, "Add.compute", "return a + b")
    hw1.write(PARSE, "parse", "return 1")
    real, count = transaction._carry_out, []

    def stop(*arguments):
        count.append(1)
        if len(count) == 2:
            raise KeyboardInterrupt
        real(*arguments)

    monkeypatch.setattr(transaction, "_carry_out", stop)
    with pytest.raises(KeyboardInterrupt):
        carry(hw1, hw2)
    monkeypatch.undo()
    what, _ = carry(hw1, hw2)
    assert what == {"parse": "same", ADD: "same"}
    assert "return a + b" in hw2.text(OPS)


def test_a_full_disk_changes_nothing(hw1, hw2, monkeypatch):
    from coursekit.update import transaction

    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    hw1.write(OPS, "Add.compute", "return a + b")
    before = hw2.files()
    monkeypatch.setattr(transaction, "_write", full)
    with pytest.raises(CourseError, match=r"No space left on device.*nothing was"):
        carry(hw1, hw2)
    assert hw2.files() == before
