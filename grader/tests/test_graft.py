"""A question that fails because of an earlier part, and one that fails by itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from coursekit.course import Course, GraftPolicy
from gradebox.limits import Limits
from grader.box import Box
from grader.build import Built
from grader.engine import grade
from grader.graft.transplant import transplant
from grader.material import Material
from grader.pack.contents import Pack
from grader.pack.make import make_pack
from grader.progress import Event
from grader.result import GradeResult, Grafted, QuestionResult
from grader.run import Run
from grader.sandbox import by_name
from grader.submission import Submission
from graft_course import FAST, PARTS, graft_material, handed_in, written

PYTHON = ("double", "quadruple")
BOTH = ("double", "quadruple", "kernel", "kernels")


@pytest.fixture
def material(tmp_path: Path) -> Material:
    return graft_material(tmp_path / "course")


def graded(
    material: Material,
    submission: Submission | dict[str, str],
    questions: Collection[str] = PYTHON,
    policy: GraftPolicy | None = None,
) -> dict[str, QuestionResult]:
    """Grade without walls: the code is ours."""
    if isinstance(submission, dict):
        submission = handed_in(submission)
    result = grade(
        material,
        submission,
        questions=questions,
        seed=7,
        sandbox=by_name("none"),
        graft=policy,
    )
    assert all(0 <= each.earned <= each.points for each in result.questions)
    return {each.id.partition(".")[2]: each for each in result.questions}


def second(question: QuestionResult) -> Grafted:
    assert question.grafted is not None
    return question.grafted


def test_nothing_is_tried_again_where_nothing_fails(
    material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.graft.again.transplant", None)  # would fail
    results = graded(material, written(material), BOTH)
    assert [each.grafted for each in results.values()] == [None] * 4
    assert sum(each.earned for each in results.values()) == 15


def test_a_fault_of_an_earlier_homework_is_found(material: Material) -> None:
    results = graded(material, written(material, scale="return x + factor"))
    double, quadruple = results["double"], results["quadruple"]
    assert (double.earned, quadruple.earned) == (0, 0)  # the original counts
    assert second(double) == Grafted(
        replaced=["hw0.scale"], passed=["doubles"], earned=4
    )
    # Its `double` is replaced as well, but that one is like the reference's.
    assert second(quadruple).replaced == ["hw0.scale"]
    assert second(quadruple).passed == ["quadruples", "quadruples_nothing"]
    assert second(quadruple).earned == 6


def test_a_fault_of_the_question_itself_stays(material: Material) -> None:
    results = graded(material, written(material, quadruple="return double(x)"))
    assert results["double"].grafted is None
    quadruple = results["quadruple"]
    # `scale` is written otherwise than the reference's, so it had to be tried.
    assert second(quadruple) == Grafted(replaced=["hw0.scale"], earned=1)
    assert quadruple.earned == 1


def test_what_has_all_its_points_is_not_to_blame(material: Material) -> None:
    files = written(material, kernels="return kernel(n);", kernel="return n + 2 * n;")
    kernels = graded(material, files, BOTH)["kernels"]
    assert second(kernels).replaced == ["hw0.scale", "hw1.kernel"]
    alone = replace(material, earlier={"hw1.kernels": frozenset({"hw1.kernel"})})
    assert graded(alone, files, BOTH)["kernels"].grafted is None
    # Not graded in this run, it may be to blame.
    assert second(graded(alone, files, ["kernels"])["kernels"]).passed == []


def test_what_is_as_in_the_reference_is_not_to_blame(material: Material) -> None:
    files = written(material, quadruple="return double(x)")
    other = files[PARTS].replace("return scale(x, 2)", "return 2 * x")
    solved = {PARTS: other.encode(), FAST: material.pristine[FAST]}
    alike = replace(material, partial=lambda _: solved)
    assert graded(alike, files)["quadruple"].grafted is None


def test_a_fault_in_both_is_told(material: Material) -> None:
    files = written(material, double="return x", quadruple="return double(x)")
    results = graded(material, files)
    assert second(results["double"]).passed == []
    assert second(results["quadruple"]).replaced == ["hw0.scale", "hw1.double"]
    assert second(results["quadruple"]).passed == []


def test_an_unwritten_earlier_part_is_filled_in(material: Material) -> None:
    results = graded(material, written(material, scale=None, double=None))
    assert results["double"].grafted is None  # nothing of it is written yet
    assert results["quadruple"].cases[0].status == "not_written"
    assert second(results["quadruple"]).replaced == ["hw0.scale", "hw1.double"]
    assert second(results["quadruple"]).earned == 6


def test_only_failed_cases_are_run_again(
    material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[Event] = []
    runs: list[object] = []
    run = Box.run

    def counting(self: Box, job: Mapping[str, Any], limits: Limits) -> Run:
        runs.append(job["case"] if not job["record"] else None)
        return run(self, job, limits)

    monkeypatch.setattr(Box, "run", counting)
    files = written(material, scale="return x + factor if np.any(x) else x")
    result = grade(
        material,
        handed_in(files),
        questions=["quadruple"],
        seed=7,
        sandbox=by_name("none"),
        progress=events.append,
    )
    (quadruple,) = result.questions
    assert [case.status for case in quadruple.cases] == ["wrong", "passed"]
    assert second(quadruple).passed == ["quadruples"]
    assert runs.count("quadruples") == 2
    assert runs.count("quadruples_nothing") == 1
    assert [event.kind for event in events].count("grafting") == 1
    assert {event.total for event in events} == {2}


def test_native_code_is_built_again(material: Material) -> None:
    files = written(material, kernel="return 4 * n;")
    results = graded(material, files, BOTH)
    assert second(results["kernel"]).passed == []
    assert second(results["kernels"]).replaced == ["hw0.scale", "hw1.kernel"]
    assert second(results["kernels"]).passed == ["runs_kernels"]


def test_native_code_that_does_not_compile_for_an_earlier_part(
    material: Material,
) -> None:
    files = written(material, kernel="return 4 * ;")
    results = graded(material, files, BOTH)
    assert results["kernels"].cases[0].status == "build_failed"
    assert second(results["kernels"]).passed == ["runs_kernels"]
    assert second(results["kernel"]).passed == []


def test_native_code_that_takes_all_its_time_is_not_built_again(
    material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever writes it could hold the grader up once for every question."""
    builds = []

    def stopped(*_: object, **__: object) -> Built:
        builds.append("one")
        return Built({}, failed="it took longer than 9 s and was stopped", stopped=True)

    monkeypatch.setattr("grader.grading.build", stopped)
    results = graded(material, written(material, scale="return x + factor"), BOTH)
    assert builds == ["one"]
    assert results["kernels"].cases[0].status == "build_failed"
    assert results["kernels"].grafted is None
    assert "quadruples" in second(results["quadruple"]).passed


def test_native_helpers_that_clash_are_told(material: Material) -> None:
    """The student's code builds, and no longer does beside the reference's."""
    files = written(material, kernel="return triple(n);", kernels="return triple(n);")
    files[FAST] = files[FAST].replace("kernel(int n) {", "kernel(int n, int = 0) {", 1)
    files[FAST] = "static int triple(int n) { return 4 * n; }\n" + files[FAST]
    broken = dict(material.partial(material.before("hw1.kernels")))  # type: ignore[misc]
    broken[FAST] = broken[FAST].replace(b"return 3 * n;", b"return three(n);")
    changed = replace(material, partial=lambda _: broken)
    trouble = second(graded(changed, files, BOTH)["kernels"]).trouble
    assert trouble.startswith("the native code does not build with the reference")


def test_a_syntax_error_in_an_earlier_part_is_mended(material: Material) -> None:
    files = written(material, double="return scale(x,")
    results = graded(material, files)
    assert second(results["quadruple"]).passed == ["quadruples", "quadruples_nothing"]
    assert second(results["double"]).passed == []


@pytest.mark.parametrize(
    "helper",
    [
        "def helper(x):\n    return x\n\n\n",
        "### SOLUTION ONLY hw0.scale\ndef helper(x, y=1):\n"
        "    return np.multiply(x, y)\n\n\n### END SOLUTION ONLY\n",
    ],
    ids=["unlike", "alike"],
)
def test_helpers_of_both_sides_stay(material: Material, helper: str) -> None:
    """The student's stands where the reference's does as well, and may be like it."""
    files = written(
        material,
        scale="return x + helper(factor)",
        quadruple="return helper(double(double(x)))",
    )
    files[PARTS] = files[PARTS].replace("def scale(", f"{helper}def scale(")
    results = graded(material, files)
    assert second(results["double"]).passed == ["doubles"]
    assert second(results["quadruple"]).passed == ["quadruples", "quadruples_nothing"]


def test_helpers_of_one_name_are_told(material: Material) -> None:
    files = written(material, scale="return _product(x, factor)")
    files[PARTS] += "\n\ndef _product(x, y):\n    return x + y\n"
    results = graded(material, files)
    expected = Grafted(
        trouble=f"your {PARTS} and the reference's both define `_product`"
    )
    assert results["double"].grafted == expected
    assert results["quadruple"].grafted == expected


def test_helpers_of_one_name_are_no_matter_where_nothing_is_to_blame(
    material: Material,
) -> None:
    """Nothing would be tried, so there is nothing to tell of either."""
    helper = "\n\ndef _product(x, y):\n    return x * y\n"
    files = written(material, quadruple="return double(x)", kernel="return n;")
    files[PARTS] += helper
    other = frozenset({"hw0.other"})  # has no region in this homework
    early = {"hw1.kernel": other, "hw1.quadruple": other | {"hw1.double"}}
    solved = material.rendered(frozenset({"hw0.scale", "hw1.double"}))
    changed = replace(material, earlier=early, partial=lambda _: solved)
    results = graded(changed, files, BOTH)
    assert results["double"].earned == 4  # so that it is not to blame
    assert results["kernel"].earned == results["quadruple"].earned - 1 == 0
    assert [each.grafted for each in results.values()] == [None] * 4


@pytest.mark.parametrize(
    "old, new",
    [
        ("    ### BEGIN YOUR SOLUTION hw0.scale\n", ""),
        ("    ### BEGIN YOUR SOLUTION hw0.scale\n", "    # my solution\n"),
        ("    ### END YOUR SOLUTION\n", ""),
    ],
)
def test_damaged_markers_are_told_not_guessed(
    material: Material, old: str, new: str
) -> None:
    files = written(material, scale="return x + factor")
    files[PARTS] = files[PARTS].replace(old, new)
    double = graded(material, files)["double"]
    assert double.earned == 0
    trouble = second(double).trouble
    assert "markers BEGIN and END YOUR SOLUTION of scale in src/parts.py" in trouble


def test_a_conflict_outside_regions_is_told(material: Material) -> None:
    solved = dict(material.partial(material.before("hw1.double")))  # type: ignore[misc]
    solved[PARTS] = solved[PARTS].replace(b"import numpy as np", b"import numpy")
    changed = replace(material, partial=lambda _: solved)
    files = written(material, scale="return x + factor")
    files[PARTS] = files[PARTS].replace(
        "import numpy as np", "import numpy as np, math"
    )
    trouble = second(graded(changed, files)["double"]).trouble
    assert trouble == (
        "src/parts.py was changed outside the marked regions where the reference "
        "changes it as well (`import numpy as np`)"
    )


def test_a_missing_file_is_told(material: Material) -> None:
    files = written(material, double="return x")
    lone = {FAST: files[FAST]}
    double = graded(material, lone)["double"]
    assert double.cases[0].status == "missing"
    assert second(double).trouble == "src/parts.py is not part of the submission"


def test_a_file_that_is_no_text_is_told(material: Material) -> None:
    wrong = written(material, scale="return x + factor")
    files = {path: text.encode() for path, text in wrong.items()}
    files[PARTS] = b"# \xff\n" + files[PARTS]
    trouble = second(graded(material, Submission.from_files(files))["double"]).trouble
    assert trouble.startswith("src/parts.py:1: is not UTF-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    "hostile",
    ["(" * 100_000, "-" * 100_000 + "1", "a" + ".a" * 200_000, "\n" * 300_000],
    ids=["parentheses", "signs", "dots", "lines"],
)
def test_hostile_text_costs_a_reason_at_most(
    material: Material, hostile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.graft.transplant.SECONDS", 5)
    files = written(material, scale="return x + factor")
    files[PARTS] += f"\n\nx = {hostile}\n"
    double = graded(material, files)["double"]
    assert double.earned == 0
    assert second(double).trouble or second(double).passed == []


def test_a_file_with_other_line_ends_is_grafted(material: Material) -> None:
    files = written(material, scale="return x + factor")
    files[PARTS] = "\ufeff" + files[PARTS].replace("\n", "\r\n")
    assert second(graded(material, files)["double"]).passed == ["doubles"]


def test_policy_off_tries_nothing(material: Material) -> None:
    files = written(material, scale="return x + factor")
    results = graded(material, files, policy="off")
    assert [each.grafted for each in results.values()] == [None, None]


def test_policy_count_takes_the_better_result(material: Material) -> None:
    files = written(material, scale="return x + factor")
    counting = replace(
        material, policy=material.policy.model_copy(update={"graft": "count"})
    )
    results = graded(counting, files)
    assert [each.earned for each in results.values()] == [4, 6]
    assert all(second(each).counts for each in results.values())
    assert sum(case.earned for case in results["double"].cases) == 0


def test_policy_count_keeps_what_is_as_good(material: Material) -> None:
    files = written(material, quadruple="return double(x)")
    quadruple = graded(material, files, policy="count")["quadruple"]
    assert quadruple.earned == 1
    assert not second(quadruple).counts


def test_what_runs_beside_the_reference_is_never_shown(material: Material) -> None:
    """It could print the solutions: neither its output nor its messages come out."""
    spy = (
        "text = open(__file__).read(); print(text); "
        'assert "_pro" + "duct" not in text, text; return scale(x, 2)'
    )
    files = written(material, scale="return x + factor", double=spy)
    result = grade(
        material,
        handed_in(files),
        questions=PYTHON,
        seed=7,
        sandbox=by_name("none"),
    )
    double = result.questions[0]
    assert second(double).passed == []  # it has seen the reference
    assert "_product" not in result.model_dump_json()


def test_neither_the_question_nor_a_later_one_is_in_the_box(
    material: Material,
) -> None:
    files = handed_in(written(material, double="return x", quadruple="return x")).files
    scale = frozenset({"hw0.scale"})
    only_scale = transplant(material, files, "hw1.double", scale).files[PARTS]
    assert "return _product(x, factor)" in only_scale
    assert "return scale(x, 2)" not in only_scale
    both = transplant(material, files, "hw1.quadruple", scale | {"hw1.double"})
    assert both.replaced == ["hw0.scale", "hw1.double"]
    assert "return scale(x, 2)" in both.files[PARTS]
    assert "double(double(x))" not in both.files[PARTS]


def test_a_grading_pack_tries_again_alike(
    material: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.pack.make.refuse_incomplete", lambda _: None)
    pack = make_pack(Course(tmp_path / "course"), "hw1")
    packed = Pack.from_bytes(pack, "the pack").material()
    files = written(material, scale="return x + factor", kernel=None)
    here, there = graded(material, files, BOTH), graded(packed, files, BOTH)
    seconds = [each.grafted for each in here.values()]
    assert [each.grafted for each in there.values()] == seconds
    assert [each and each.passed for each in seconds] == [
        ["doubles"],
        ["quadruples", "quadruples_nothing"],
        None,
        ["runs_kernels"],
    ]


def test_grading_loads_nothing_of_it_before_something_fails() -> None:
    code = "import grader.engine, sys; sys.exit('coursekit.merge' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_old_results_without_the_field_still_load(material: Material) -> None:
    result = grade(
        material,
        handed_in(written(material)),
        questions=PYTHON,
        sandbox=by_name("none"),
    )
    data = result.model_dump(mode="json", exclude={"points", "earned"})
    for question in data["questions"]:
        del question["grafted"]
    assert GradeResult.model_validate(data) == result
