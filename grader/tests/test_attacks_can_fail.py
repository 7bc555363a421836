"""The corpus finds holes: in a grader that has one, the matching attack gets through.

Without these tests a corpus that looks at nothing would be as green as one that holds.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import attack_attempt
import attack_holes
import attack_secrets
import attack_traces
import numpy as np
import pytest
from attack_attempt import Outcome
from attack_course import hostile, material
from attack_range import Range
from attack_records import named
from gradebox.values import ArrayValue
from grader.reference import case_seed
from grader.run import Answer, Run
from grader.sandbox import by_name, why_not

NEEDS_WALLS = pytest.mark.skipif(bool(why_not("user")), reason=why_not("user"))
pytestmark = NEEDS_WALLS


@pytest.fixture
def firing_range(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Range:
    return Range.open(tmp_path / "range").enter(monkeypatch)


def shoot(range_: Range, number: int, name: str, **other: object) -> Outcome:
    """Run one attack at the level at which the holes are made."""
    return range_.attack(*named(number, name), by_name("user"), **other)  # type: ignore[arg-type]


def learn(range_: Range, number: int, name: str) -> None:
    """Have the reference's answers lie ready before the hole is made."""
    range_.learn(named(number, name)[1], by_name("user"))


def earned(outcome: Outcome, question: str) -> float:
    return sum(c.earned for c in outcome.cases if c.question == f"hw0.{question}")


def test_patching_pays_where_the_child_compares(
    firing_range: Range, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn(firing_range, 8, "comparisons")
    attack_holes.compare_in_the_child(firing_range, monkeypatch)
    outcome = shoot(firing_range, 8, "comparisons")
    assert earned(outcome, "add") == 5
    assert any(line.startswith("points: add_arrays") for line in outcome.broken)


@pytest.mark.slow
def test_looking_around_pays_where_expected_values_are_in_the_box(
    firing_range: Range, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn(firing_range, 11, "frames")
    attack_holes.compare_in_the_child(firing_range, monkeypatch)
    outcome = shoot(firing_range, 11, "frames")
    assert earned(outcome, "add") > 0
    assert any("expected value" in line for line in outcome.broken)


def test_an_own_check_pays_where_it_is_honoured(
    firing_range: Range, monkeypatch: pytest.MonkeyPatch
) -> None:
    attack_holes.honour_the_childs_check(firing_range, monkeypatch)
    outcome = shoot(firing_range, 3, "own_check")
    assert earned(outcome, "add") == 4  # one case makes an array of None
    assert any(line.startswith("points: add_numbers passed") for line in outcome.broken)


def test_a_perfect_score_pays_where_it_is_believed(
    firing_range: Range, tmp_path: Path
) -> None:
    gullible = attack_holes.believe_a_score(tmp_path)
    outcome = shoot(firing_range, 40, "perfect_score", material=gullible)
    assert earned(outcome, "nn_epoch") == 25
    assert any(line.startswith("points: network_learns") for line in outcome.broken)


def test_calling_home_pays_where_the_network_is_open(
    firing_range: Range, monkeypatch: pytest.MonkeyPatch
) -> None:
    attack_holes.open_the_network(firing_range, monkeypatch)
    outcome = shoot(firing_range, 15, "sockets")
    for way in ("TCP", "UDP", "an abstract socket"):
        assert any(line.startswith(way) for line in outcome.broken), outcome.broken


@pytest.mark.slow
def test_each_of_two_walls_holds_the_network_alone(
    firing_range: Range, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the canary before opens is two things; either would have been enough."""
    attack_holes._without(
        monkeypatch, attack_holes.bwrap, "common_namespaces", "--unshare-net"
    )
    outcome = shoot(firing_range, 15, "sockets")
    heard = [line for line in outcome.broken if not line.startswith("an abstract")]
    assert heard == []


@pytest.mark.slow
def test_a_secret_of_the_environment_is_noticed(
    firing_range: Range, monkeypatch: pytest.MonkeyPatch
) -> None:
    attack_holes.show_the_environment(monkeypatch)
    outcome = shoot(firing_range, 13, "processes")
    assert "the secret from the environment is shown" in outcome.broken


@pytest.mark.slow
def test_a_file_of_the_host_is_noticed(
    firing_range: Range, monkeypatch: pytest.MonkeyPatch
) -> None:
    attack_holes.show_a_folder(monkeypatch, Path("/var/tmp"), "/var/tmp", "--ro-bind")
    outcome = shoot(firing_range, 13, "known_path")
    assert "the secret from /var/tmp is shown" in outcome.broken


@pytest.mark.slow
def test_the_work_of_others_is_noticed(
    firing_range: Range, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = firing_range.base / "home"
    attack_holes.show_a_folder(monkeypatch, home, "/gradebook", "--ro-bind")
    outcome = shoot(firing_range, 13, "files")
    assert "the secret from another submission is shown" in outcome.broken


def test_what_is_written_outside_is_noticed(
    firing_range: Range, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = firing_range.base / "user"
    attack_holes.show_a_folder(monkeypatch, home, "/var/tmp", "--bind")
    outcome = shoot(firing_range, 1, "before_and_after")
    written = [line for line in outcome.broken if line.startswith("written outside")]
    assert any("/user/intruder" in line for line in written)
    assert any("/user/results.json" in line for line in written)


@pytest.mark.slow
def test_a_changed_gradebook_is_noticed(
    firing_range: Range, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = attack_attempt.hand_in

    def meddle(order: object, desk: object) -> object:
        from sqlalchemy import text

        with firing_range.store.write() as session:
            session.execute(text("UPDATE case_results SET earned = 99"))
        return honest(order, desk)  # type: ignore[arg-type]

    monkeypatch.setattr(attack_attempt, "hand_in", meddle)
    outcome = shoot(firing_range, 3, "printed")
    assert any(each.startswith("changed in the gradebook") for each in outcome.broken)


def test_what_is_left_running_is_noticed(
    firing_range: Range, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attack_traces, "PATIENCE", 0.2)
    with monkeypatch.context() as patch:
        left = attack_holes.forget_to_end_boxes(patch)
        outcome = shoot(firing_range, 23, "sleep")
    for process in left:
        process.close()
    assert any(each.startswith("left a process running") for each in outcome.broken)


@pytest.mark.slow
def test_a_spoilt_next_submission_is_noticed(
    firing_range: Range, monkeypatch: pytest.MonkeyPatch
) -> None:
    attack_holes.reuse_the_work_folder(monkeypatch)
    outcome = shoot(firing_range, 3, "printed")
    spoilt = [line for line in outcome.broken if line.startswith("the next submission")]
    assert len(spoilt) == 3


@pytest.mark.slow
def test_a_spoilt_build_of_the_next_submission_is_noticed(
    firing_range: Range, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn(firing_range, 4, "in_native_code")
    with monkeypatch.context() as patch:
        attack_holes.forget_what_was_built(patch)
        outcome = shoot(firing_range, 4, "in_native_code", whole=True)
    spoilt = [line for line in outcome.broken if line.startswith("the next submission")]
    assert any("cpp_one_step crashed" in line for line in spoilt)


@pytest.mark.slow
def test_characters_that_act_on_a_terminal_are_noticed(
    firing_range: Range, monkeypatch: pytest.MonkeyPatch
) -> None:
    attack_holes.show_text_as_it_is(monkeypatch)
    outcome = shoot(firing_range, 14, "output")
    assert "add_arrays shows characters that act on a terminal" in outcome.broken


@pytest.mark.slow
def test_a_script_on_the_page_is_noticed(
    firing_range: Range, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        attack_attempt,
        "render",
        lambda page, result: result.questions[0].cases[0].output,
    )
    outcome = shoot(firing_range, 14, "output")
    assert "the page runs the student's script" in outcome.broken


@pytest.mark.slow
def test_a_grader_that_is_held_up_or_swells_is_noticed(
    firing_range: Range, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attack_attempt, "SLACK", -1e6)
    attack, variant = named(3, "printed")
    spare = variant.model_copy(update={"growth_mb": -1})
    outcome = firing_range.attack(attack, spare, by_name("user"))
    assert any("held the grader up" in line for line in outcome.broken)
    assert any("made the grader grow" in line for line in outcome.broken)


@pytest.mark.slow
def test_descriptors_that_stay_open_are_noticed(
    firing_range: Range, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[socket.socket] = []
    honest = attack_attempt.read_submission

    def careless(*args: object) -> object:
        opened.append(socket.socket())
        return honest(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(attack_attempt, "read_submission", careless)
    outcome = shoot(firing_range, 3, "printed")
    opened[0].close()
    assert "left 1 files open" in outcome.broken


@pytest.mark.slow
def test_a_refusal_and_its_absence_are_noticed(firing_range: Range) -> None:
    attack, variant = named(24, "bomb")
    kind = variant.model_copy(update={"refused": ""})
    outcome = firing_range.attack(attack, kind, by_name("user"))
    assert any(each.startswith("was refused") for each in outcome.broken)
    attack, variant = named(3, "printed")
    harsh = variant.model_copy(update={"refused": "no"})
    outcome = firing_range.attack(attack, harsh, by_name("user"))
    assert "was graded and should have been refused" in outcome.broken


SEED = 0x0123456789ABCDEF


@pytest.mark.parametrize(
    "shown, found",
    [
        (f"{SEED:016x}", "one shows the run's seed"),
        (str(SEED), "one shows the run's seed"),
        (case_seed(SEED, "two"), "one shows the seed of two"),
        (repr(bytes.fromhex(case_seed(SEED, "two"))), "one shows the seed of two"),
        (case_seed(SEED, "one"), ""),
    ],
)
def test_seeds_are_recognised(shown: str, found: str) -> None:
    text = {"one": f"look: {shown}!", "two": ""}
    said = attack_secrets.seeds_shown(SEED, ["one", "two"], text)
    assert said == ([found] if found else [])


def test_secrets_are_recognised_backwards_too() -> None:
    secret = attack_secrets.new_secret()
    planted = attack_secrets.Planted({"the host": secret}, ())
    assert list(planted.found(f"... {secret} ..."))
    assert list(planted.found(f"... {secret[::-1]} ..."))
    assert not list(planted.found(f"... {secret[:-1]} ..."))


@pytest.mark.parametrize(
    "shown, code, found",
    [
        ("expected 1.23457, got 2", "", "the expected value 1.23457 is shown"),
        ("expected 1.23457e+02", "", "the expected value 1.23457e+02 is shown"),
        ("got 7.65432", "", ""),  # the weight that was given; the right one is near
        ("got 1.23457", "return 1.2345678", ""),  # a guess, which is the student's own
        ("got 1.23457", "return 1.2346789", "the expected value 1.23457 is shown"),
        ("expected 1.23", "", ""),  # too few digits to be no coincidence
    ],
)
def test_right_values_are_recognised(shown: str, code: str, found: str) -> None:
    right, given = (
        ArrayValue("array", np.array(values), (8,))
        for values in ([1.2345678, 123.45678, 7.6543211], [7.65432])
    )
    answer = Answer(right, witnessed=False, inputs="", check=None)
    run = Run(answers={"w": answer}, given=[given])
    said = attack_secrets.expected_shown(run, shown, code)
    assert said == ([found] if found else [])


@pytest.fixture(autouse=True)
def nothing_of_ours_is_left() -> Iterator[None]:
    yield
    assert not attack_traces._marked()


def test_the_payloads_are_the_only_hostile_part() -> None:
    attack, variant = named(3, "printed")
    files = hostile(attack, variant, {"MARK": "intruder"})
    honest = material().reference
    changed = {name for name in files if files[name] != honest.get(name)}
    theirs = {f"src/{name}" for name in ("attack.py", "facts.py", "facts.h")}
    assert changed == theirs | {"src/simple_ml.py"}
    assert files["src/simple_ml.py"].startswith(honest["src/simple_ml.py"])
