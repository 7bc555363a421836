"""Hostile submissions: each earns what its honest part earns, and nothing else.

Everything runs at the best level there is; a few attacks of each kind also at level
user, which is what a machine without a root worker has.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import attack_page
import pytest
from attack_course import course, hostile
from attack_range import Range
from attack_records import Attack, Variant, attacks, named
from coursekit.staging import NONE, render, write_folder
from grader.box import write_files
from grader.sandbox import LEVELS, best, by_name, why_not
from running import Shell

ALL = [(attack, variant) for attack in attacks() for variant in attack.variants]
QUICK = [(attack, variant) for attack, variant in ALL if variant.quick]


def listed(chosen: list[tuple[Attack, Variant]]) -> pytest.MarkDecorator:
    """Run a test for every attack of a list."""
    return pytest.mark.parametrize(
        "attack, variant",
        [
            pytest.param(
                attack,
                variant,
                id=f"{attack.number:02}-{variant.name}",
                marks=[] if variant.quick else [pytest.mark.slow],
            )
            for attack, variant in chosen
        ],
    )


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Range:
    return Range.open(tmp_path_factory.mktemp("range"))


@pytest.fixture
def firing_range(furnished: Range, monkeypatch: pytest.MonkeyPatch) -> Range:
    return furnished.enter(monkeypatch)


def hold(range_: Range, attack: Attack, variant: Variant, level: str) -> None:
    """Run one attack and require that nothing comes of it."""
    if level not in variant.levels:
        reason = variant.why or "it takes walls"
        pytest.xfail(f"level {level} does not hold it: {reason}")
    last = variant is attack.variants[-1]
    outcome = range_.attack(attack, variant, by_name(level), whole=last)
    assert not outcome.broken, "\n".join(["", *outcome.broken])


@listed(ALL)
def test_the_best_level_holds(
    attack: Attack, variant: Variant, firing_range: Range
) -> None:
    hold(firing_range, attack, variant, best().name)


@pytest.mark.slow
@pytest.mark.skipif(best().name == "user", reason="it is the best level here")
@pytest.mark.skipif(bool(why_not("user")), reason=why_not("user"))
@listed(QUICK)
def test_level_user_holds(
    attack: Attack, variant: Variant, firing_range: Range
) -> None:
    hold(firing_range, attack, variant, "user")


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="level user lacks more when run by root")
@pytest.mark.skipif(bool(why_not("user")), reason=why_not("user"))
@listed([(attack, variant) for attack, variant in ALL if variant.why])
def test_level_user_does_lack_what_its_records_say(
    attack: Attack, variant: Variant, firing_range: Range
) -> None:
    """Such payloads stop by themselves, so that a missing wall is no harm."""
    outcome = firing_range.attack(attack, variant, by_name("user"))
    assert outcome.broken, "it holds: put the level into the record"


@pytest.mark.slow
@pytest.mark.parametrize("number, name", [(3, "printed"), (14, "output")])
def test_the_command_holds(
    number: int,
    name: str,
    firing_range: Range,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The same by ``grader submit``, in the student's own folder."""
    if best().name not in named(number, name)[1].levels:
        pytest.xfail("it takes walls")
    work = tmp_path / "hw0"
    write_folder(render(course(), "hw0", NONE), work)
    files = hostile(*named(number, name), {"MARK": "intruder-x"})
    write_files(tmp_path / "theirs", files)
    for path in files:
        (tmp_path / "theirs" / path).replace(work / path)
    grader = Shell(firing_range.base / "home", monkeypatch, capsys)
    grader.go(course().root)
    words = ("submit", "--folder", work, "-k", "test_add or parse_mnist")
    shown = grader(*words)
    assert shown.code == 0, shown.err
    assert "10 / 15" in shown.out
    found = grader(*words, "--json").json["result"]
    assert found["earned"] == 10
    page = tmp_path / "report.html"
    assert grader("report", "--html", page).code == 0
    for text in (shown.out, json.dumps(found), page.read_text()):
        assert not re.search("[\x00-\x08\x1b\u202e]", text)
    assert "<script>intruder" not in page.read_text()


def test_every_file_of_the_corpus_is_used() -> None:
    for attack in attacks():
        there = {path for path in attack.folder.iterdir() if path.is_file()}
        assert there == attack.used()


def test_levels_that_do_not_hold_are_explained() -> None:
    for _, variant in ALL:
        assert variant.levels == [n for n in LEVELS if n in variant.levels]
        assert bool(variant.why) == (variant.levels != ["full", "user"])


def test_the_page_says_what_the_corpus_holds() -> None:
    text = attack_page.PAGE.read_text("utf-8")
    assert attack_page.page(text) == text, f"run {attack_page.__file__}"
