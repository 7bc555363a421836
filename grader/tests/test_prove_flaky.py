"""Grading the same work with many seeds: what is not steady is caught and named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from coursekit.course import Course, enclosing_root
from grader.material import Material
from grader.proof import flaky
from grader.proof.bugs.catalogue import read_catalogue
from grader.proof.flakes import Flake, flakes
from grader.proof.flaky import Record, Regrading, Subject, seeds_for
from grader.proof.subjects import subjects
from grader.sandbox import by_name
from mini_course import HALF, write, write_course, write_work
from mini_homework import REFERENCE, SUITE, mini_material
from running import Shell

COURSE = Course(enclosing_root(Path(__file__).parent) or Path.cwd())
HOMEWORKS = COURSE.config.course.homeworks
PARTS = 32  # of the work: a slice runs some of them, and each is minutes at the most
PYTHON_QUESTIONS = frozenset({"hw0.add", "hw0.scale", "hw0.stats"})
SEEDS = 6


def regrade(material: Material, *subjects: Subject, times: int = SEEDS) -> list[Record]:
    seeds = seeds_for(material, times)
    return Regrading(material, subjects, seeds, sandbox=by_name("none")).run()


def subject(old: str = "", new: str = "", *, right: bool = False) -> Subject:
    """Return the reference with one piece of its Python file replaced."""
    text = REFERENCE["src/mini.py"].decode()
    assert old in text
    files = {**REFERENCE, "src/mini.py": text.replace(old, new).encode()}
    return Subject("work", files, right=right, questions=PYTHON_QUESTIONS)


def found(material: Material, *subjects: Subject) -> dict[str, Flake]:
    found = flakes(material, regrade(material, *subjects))
    return {flake.case.name: flake for flake in found}


def test_steady_work_gives_no_findings(tmp_path: Path) -> None:
    material = mini_material(tmp_path)
    wrong = subject("return x + y", "return x + y + 1")
    records = regrade(material, subject(right=True), wrong)
    assert flakes(material, records) == []
    assert [len(record.verdicts) for record in records] == [SEEDS, SEEDS]
    assert set(records[1].of("adds_arrays").values()) == {"wrong"}
    assert set(records[1].of("scales_in_place").values()) == {"passed"}
    assert records[1].of("triples") == {}  # its question was not to be graded


def test_right_work_that_fails_with_some_seeds_is_caught(tmp_path: Path) -> None:
    """A tolerance below what two right orders of the same sum differ by."""
    suite = SUITE.replace("check=close(rtol=1e-9)", "check=close(rtol=0, atol=1e-16)")
    material = mini_material(tmp_path, suite)
    other = subject("X *= factor", "X += X * (factor - 1.1) + X * 0.1", right=True)
    flake = found(material, other)["scales_in_place"]
    line = suite.splitlines().index("def scales_in_place(t):") + 1
    assert (flake.file, flake.line) == ("grader/suites/hw0/cases.py", line)
    assert "widen the tolerance" in flake.finding.what


def test_a_mistake_that_shows_by_chance_is_caught(tmp_path: Path) -> None:
    """Wrong for even numbers only: one draw decides over two points."""
    material = mini_material(tmp_path)
    wrong = subject("return x + y", "return x + y + int(np.sum(x)) % 2")
    flake = found(material, wrong)["adds_numbers"]
    (unsteady,) = flake.found
    assert set(unsteady.verdicts.values()) == {"passed", "wrong"}
    rarer = [unsteady.verdicts[seed] for seed in unsteady.odd]
    assert len(set(rarer)) == 1
    assert len(rarer) <= SEEDS / 2
    told = str(flake.finding)
    assert re.match(r"grader/suites/hw0/cases\.py:\d+: adds_numbers hangs on", told)
    assert f"seed {unsteady.odd[0]:016x}" in told
    assert "always or never" in told


def test_right_work_that_never_passes_is_a_finding_too(tmp_path: Path) -> None:
    """A variant that the suite rejects with every seed is the suite's fault."""
    material = mini_material(tmp_path)
    other = subject("return x + y", "return x + y + 0.0", right=True)
    assert set(found(material, other)) == {"adds_numbers"}


def test_a_reference_that_cannot_be_run_is_a_finding(tmp_path: Path) -> None:
    broken = SUITE.replace("mini.scale(X, 3.0)", "mini.scale(X, 1 // 0)")
    material = mini_material(tmp_path, broken)
    flake = found(material, subject(right=True))["scales_in_place"]
    assert "mend the case" in flake.finding.what


def test_what_never_ends_is_graded_with_one_seed(tmp_path: Path) -> None:
    material = mini_material(tmp_path, seconds=1.0)
    endless = subject("X *= factor", "while True: pass")
    (record,) = regrade(material, endless, times=4)
    assert record.endless == {"hw0.scale"}
    assert len(record.of("scales_in_place")) == 1
    assert len(record.of("adds_numbers")) == 4


def test_seeds_follow_the_suite(tmp_path: Path) -> None:
    material = mini_material(tmp_path / "a")
    seeds = seeds_for(material, 50)
    assert len(set(seeds)) == 50
    assert seeds_for(mini_material(tmp_path / "b"), 3) == seeds[:3]
    other = mini_material(tmp_path / "c", SUITE.replace("100", "200"))
    assert not set(seeds_for(other, 50)) & set(seeds)


def test_what_was_graded_once_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    material = mini_material(tmp_path)
    first = regrade(material, subject(), times=2)
    monkeypatch.setattr(flaky, "run_hidden", None)  # would fail
    assert regrade(material, subject(), times=2) == first


SUITE_OF_CHANCE = """
    from gradebox import case, exact, student

    small = student("small")


    @case("hw0.add", points=5)
    def add_by_chance(t):
        '''One number or none.'''
        x, y = t.input(1), t.input(int(t.rng.randint(2)))
        t.answer("sum", small.add(x, y), check=exact())


    @case("hw0.add_twice", points=10)
    def add_twice_always(t):
        '''Two numbers.'''
        t.answer("sum", small.add_twice(t.input(1), t.input(2)), check=exact())
"""


def test_command_names_the_case_and_keeps_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    course = write_course(tmp_path / "course")
    write(course.root / "grader" / "suites" / "hw0" / "suite.py", SUITE_OF_CHANCE)
    work = write_work(course, tmp_path / "eve", HALF)  # x - y: right where y is 0
    grader = Shell(tmp_path / "records", monkeypatch, capsys)
    grader.go(course.root)
    words = ("prove", "flaky", "hw0", "--times", 12, "--sandbox", "none")
    done = grader(*words, "--submission", work, "--keep", tmp_path / "kept")
    assert done.code == 1
    assert done.out.startswith("grader/suites/hw0/suite.py:7: add_by_chance hangs on")
    assert "add_twice_always" not in done.out
    assert "1 thing is wrong with the suites of hw0" in done.err
    seed = re.search(r"look at seed (\w{16})", done.out)
    assert seed is not None
    kept = tmp_path / "kept" / "hw0" / "eve"
    again = grader("grade", kept, "--hw", "hw0", "--no-store", "--seed", seed[1])
    assert again.code == 0
    assert "add_by_chance" in grader(*words, "--submission", work, "--json").out
    refused = grader(*words, "--submission", work, "--keep", tmp_path / "kept")
    assert "exists: name another folder" in refused.err


@pytest.fixture
def at_shared_home(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Build what is built, and run the reference, once for all tests of a run."""
    monkeypatch.setenv("GRADER_HOME", str(shared_home))


@pytest.fixture(scope="module", params=HOMEWORKS)
def homework(request: pytest.FixtureRequest) -> Material:
    return Material.from_course(COURSE, request.param)


def test_subjects_hold_every_entry_of_the_catalogue(homework: Material) -> None:
    entries = read_catalogue(COURSE, homework.homework)
    found = subjects(COURSE, homework)
    assert found[0].right
    assert found[0].files == homework.reference
    planted = [pair for each in found for pair in each.planted.items()]
    assert sorted(planted) == sorted((each.question, each.name) for each in entries)
    right = {name for each in found if each.right for name in each.planted.values()}
    assert right == {each.name for each in entries if each.right}
    assert len({each.name for each in found}) == len(found) < len(entries)


def steady(homework: Material, chosen: list[Subject], times: int) -> list[str]:
    """Return what is found when the real suite grades the work that often."""
    if not chosen:
        pytest.skip("a homework with less work has none in this part")
    seeds = seeds_for(homework, times)
    records = Regrading(homework, chosen, seeds).run()
    return [str(flake.finding) for flake in flakes(homework, records)]


@pytest.mark.sliced
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(PARTS), ids="part{}".format)
def test_right_work_and_partly_wrong_work_earn_the_same_points(
    homework: Material, part: int, at_shared_home: None
) -> None:
    found = subjects(COURSE, homework)
    wrong = next(each for each in found if not each.right)
    chosen = [*(each for each in found if each.right), wrong]
    assert steady(homework, chosen[part::PARTS], times=50) == []


@pytest.mark.sliced
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(PARTS), ids="part{}".format)
def test_mistakes_are_found_always_or_never(
    homework: Material, part: int, at_shared_home: None
) -> None:
    """A few seeds only: `grader prove flaky` tries fifty on each."""
    wrong = [each for each in subjects(COURSE, homework) if not each.right]
    assert steady(homework, wrong[part::PARTS], times=5) == []
