"""Grading from end to end on a small homework."""

from __future__ import annotations

import dataclasses
import tempfile
import threading
import time
from collections.abc import Collection
from pathlib import Path

import pytest
from coursekit.errors import CourseError
from grader.box import Box
from grader.engine import grade, prepare
from grader.material import Material
from grader.progress import Event
from grader.reference import Reference
from grader.result import GradeResult
from mini_homework import (
    FAST,
    MINI,
    STUBS,
    SUITE,
    by_name,
    grade_quickly,
    mini_material,
    mini_submission,
    python_change,
    statuses,
)

from grader import engine, reference


@pytest.fixture
def material(tmp_path: Path) -> Material:
    return mini_material(tmp_path)


def count_runs(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Return a list that grows by one for every case run; true for the reference's."""
    runs: list[bool] = []
    original = Box.run

    def counting(self: Box, job: dict[str, object], limits: object) -> object:
        if job["do"] == "case":
            runs.append(bool(job["record"]))
        return original(self, job, limits)  # type: ignore[arg-type]

    monkeypatch.setattr(Box, "run", counting)
    return runs


def test_a_machine_that_cannot_compile_is_nobodys_fault(material: Material) -> None:
    recipe = b"all:\n\t@echo 'no compiler here' >&2; exit 1\n"
    files = {**material.pristine, "Makefile": recipe}
    right = {**material.reference, "Makefile": recipe}
    bare = dataclasses.replace(material, pristine=files, reference=right)
    result = grade(bare, mini_submission())
    case = by_name(result)["triples"]
    assert case.status == "environment"
    assert "not even the reference's: no compiler here" in case.message
    others = {
        name: told for name, told in statuses(result).items() if name != "triples"
    }
    assert set(others.values()) == {"passed"}


def test_the_reference_earns_everything(material: Material) -> None:
    result = grade(material, mini_submission())
    assert set(statuses(result).values()) == {"passed"}
    assert (result.earned, result.points) == (13, 13)
    assert [question.id for question in result.questions] == [
        "hw0.add",
        "hw0.scale",
        "hw0.stats",
        "hw0.triple",
    ]
    case = by_name(result)["rejects_negative"]
    assert case.witnessed
    assert case.title == "A negative number is rejected with a ValueError."
    assert not by_name(result)["adds_numbers"].witnessed
    assert result.suite == material.suite
    assert result.sandbox.enforces
    assert (
        GradeResult.model_validate_json(
            result.model_dump_json(exclude={"points", "earned"})
        )
        == result
    )


def test_the_stubs_earn_nothing(material: Material) -> None:
    result = grade_quickly(material, mini_submission(mini=STUBS), questions=("add",))
    assert result.earned == 0
    assert set(statuses(result).values()) == {"not_written"}


def test_questions_are_chosen_by_name(material: Material) -> None:
    result = grade(material, mini_submission(), questions=["hw0.scale", "add"])
    assert [question.id for question in result.questions] == ["hw0.add", "hw0.scale"]
    with pytest.raises(CourseError, match="no question 'nothing'"):
        grade(material, mini_submission(), questions=["nothing"])


def test_every_run_has_a_fresh_seed_unless_one_is_given(material: Material) -> None:
    change = python_change("return x + y", "return print(x) or x + y")
    runs = [grade(material, change, questions=["add"]) for _ in range(2)]
    assert runs[0].seed != runs[1].seed
    printed = [by_name(run)["adds_arrays"].output for run in runs]
    assert printed[0] != printed[1]
    again = grade(material, change, questions=["add"], seed=int(runs[0].seed, 16))
    assert by_name(again)["adds_arrays"].output == printed[0]


def test_cases_have_seeds_that_do_not_tell_each_others() -> None:
    seeds = {reference.case_seed(seed, case) for seed in (1, 2) for case in "ab"}
    assert len(seeds) == 4
    assert all(len(bytes.fromhex(seed)) == 32 for seed in seeds)


def test_global_generators_are_seeded(material: Material) -> None:
    body = "import random; print(random.random(), np.random.rand()); return x + y"
    change = python_change("return x + y", body)
    outputs = {
        by_name(grade_quickly(material, change, questions=("add",)))[
            "adds_numbers"
        ].output
        for _ in range(2)
    }
    assert len(outputs) == 1


def test_progress_tells_every_case_once(material: Material) -> None:
    events: list[Event] = []
    grade(material, mini_submission(), progress=events.append)
    assert [event.kind for event in events[:2]] == ["preparing", "building"]
    running = [event.case for event in events if event.kind == "running"]
    finished = [event for event in events if event.kind == "finished"]
    assert running == [case.name for case in material.cases]
    assert [event.done for event in finished] == list(range(1, 7))
    assert {event.status for event in finished} == {"passed"}
    assert {event.total for event in events} == {6}


def test_a_loop_that_never_ends_takes_its_whole_time_once(tmp_path: Path) -> None:
    material = mini_material(tmp_path, seconds=6.0)
    endless = MINI.replace("return x + y", "while True: pass").replace(
        "return {", "time.sleep(1.5); return {"
    )
    hung = mini_submission(mini=endless.replace("import ctypes", "import ctypes, time"))
    results = by_name(grade_quickly(material, hung))
    first, second = results["adds_numbers"], results["adds_arrays"]
    assert (first.status, second.status) == ("timeout", "timeout")
    assert first.wall_seconds > 5 > 3 > second.wall_seconds
    assert "longer than 6 s" in first.message
    assert "longer than 1.2 s" in second.message
    assert not first.details
    assert "so this one had 1.2 s instead of 6 s" in second.details[0]
    # Other questions have their whole time.
    assert results["gives_stats"].status == "passed"


def test_a_failing_build_costs_its_question_only(material: Material) -> None:
    events: list[Event] = []
    result = grade(material, mini_submission(fast=FAST[:-9]), progress=events.append)
    assert statuses(result).pop("triples") == "build_failed"
    assert result.earned == 9
    assert [e.done for e in events if e.kind == "finished"] == [1, 2, 3, 4, 5, 6]


def test_answers_for_a_seed_are_kept(
    material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = count_runs(monkeypatch)
    grade_quickly(material, mini_submission(), questions=("add",))
    assert sorted(runs) == [False] * 2 + [True] * 2
    runs.clear()
    grade_quickly(material, mini_submission(), questions=("add",))
    assert runs == [False] * 2
    runs.clear()
    result = grade_quickly(material, mini_submission(), questions=("add", "scale"))
    assert sorted(runs) == [False] * 3 + [True]
    assert result.earned == 6


def test_damaged_answers_on_disk_are_made_again(material: Material) -> None:
    grade_quickly(material, mini_submission(), questions=("add",))
    (path,) = reference._folder(material).iterdir()
    whole = path.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"x" + whole, whole[:-1] + b"x"):
        path.write_bytes(damaged)
        result = grade_quickly(material, mini_submission(), questions=("add",))
        assert result.earned == 3


def test_other_material_has_other_answers(tmp_path: Path) -> None:
    one = mini_material(tmp_path / "a")
    other = mini_material(tmp_path / "b", SUITE.replace("3.0)", "4.0)"))
    assert one.key != other.key
    assert one.suite != other.suite
    assert mini_material(tmp_path / "c").key == one.key
    changed = {**one.reference, "src/mini.py": b"# better"}
    assert dataclasses.replace(one, reference=changed).key != one.key


def test_a_prepared_seed_is_used_once(
    material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(material, questions=["add", "scale"])
    prepare(material, questions=["add"])  # there is nothing left to do
    (path,) = reference._prepared(material).iterdir()
    runs = count_runs(monkeypatch)
    first = grade(material, mini_submission(), questions=["add"])
    assert runs == [False] * 2
    assert first.seed == path.name
    second = grade(material, mini_submission(), questions=["add"])
    assert second.seed != first.seed
    assert first.earned == second.earned == 3


def test_two_runs_never_take_the_same_prepared_seed(
    material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second comes while the first still reads what it has taken."""
    prepare(material, questions=["add"])
    taken: list[int] = []
    read = reference.read_runs

    def read_slowly(path: Path) -> object:
        monkeypatch.setattr(reference, "read_runs", read)
        taken.append(reference.take_prepared(material, material.cases)[0])
        return read(path)

    monkeypatch.setattr(reference, "read_runs", read_slowly)
    taken.append(reference.take_prepared(material, material.cases)[0])
    assert len(set(taken)) == 2


def test_submissions_can_be_graded_side_by_side(material: Material) -> None:
    results: dict[int, float] = {}

    def one(number: int) -> None:
        change = mini_submission() if number % 2 else mini_submission(mini=STUBS)
        results[number] = grade_quickly(material, change, questions=("add",)).earned

    threads = [threading.Thread(target=one, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {0: 0, 1: 3, 2: 0, 3: 3}


@pytest.mark.parametrize("moment", ["building", "running"])
def test_an_interrupt_ends_everything_at_once(
    moment: str, material: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))

    def interrupt(event: Event) -> None:
        if event.kind == moment:
            raise KeyboardInterrupt

    slow = {**material.pristine, "Makefile": b"all:\n\tsleep 55\n"}
    material = dataclasses.replace(material, pristine=slow)
    threads = threading.active_count()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        grade(material, mini_submission(), progress=interrupt)
    assert time.monotonic() - began < 20
    assert list(scratch.iterdir()) == []
    assert threading.active_count() == threads


def test_trouble_of_the_reference_reaches_whoever_waits(
    material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise CourseError("the disk is gone")

    monkeypatch.setattr(Reference, "_run_all", broken)
    with pytest.raises(CourseError, match="the disk is gone"):
        grade_quickly(material, mini_submission())


# Python 3.10 names the line of the function, later ones that of its decorator.
@pytest.mark.parametrize(
    "suite, words",
    [
        (
            SUITE.replace("points=3)", "points=2)"),
            r"hw0\.scale are worth 2 points together \(scales_in_place 2\), .* says 3",
        ),
        (SUITE.replace("hw0.scale", "hw0.stale"), "no question hw0.stale"),
        (
            SUITE + SUITE,
            r"cases\.py:6[12]: ValueError: two cases .* named adds_numbers",
        ),
        (
            SUITE.replace('"""Two numbers are added."""', ""),
            r"py:1[01]: .* a docstring",
        ),
        (
            SUITE.replace("points=1", "points=0", 1),
            r"py:1[01]: .*points must be positive",
        ),
        (SUITE.replace("points=1", "point=1", 1), r"py:10: TypeError: case\(\) got"),
        (SUITE + "\nmini.add(1, 2)\n", r"py:53: .*used outside a case"),
        (SUITE + "\nimport nowhere\n", r"py:53: ModuleNotFoundError: .*'nowhere'"),
        (SUITE + "\ndef (\n", r"suite/hw0/cases\.py:53: not valid Python: "),
    ],
)
def test_a_suite_that_does_not_fit_is_refused(
    suite: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(CourseError, match=words) as caught:
        mini_material(tmp_path, suite)
    assert str(caught.value).startswith(str(tmp_path / "suite" / "hw0"))


def test_cases_by_question(material: Material) -> None:
    chosen: Collection[str] = {"triple", "hw0.scale"}
    names = [case.name for case in engine.select(material, chosen)]
    assert names == ["scales_in_place", "triples"]
