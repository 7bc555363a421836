"""Hostile submissions: each earns what its honest part earns, and nothing else."""

from __future__ import annotations

import pytest
from attack_range import Range
from attack_records import Attack, Variant, attacks
from grader.sandbox import best

from grader import sandbox

VARIANTS = [
    pytest.param(
        attack,
        variant,
        id=f"{attack.number:02}-{variant.name}",
        marks=[] if variant.quick else [pytest.mark.slow],
    )
    for attack in attacks()
    for variant in attack.variants
]


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Range:
    return Range.open(tmp_path_factory.mktemp("range"))


@pytest.fixture
def firing_range(furnished: Range, monkeypatch: pytest.MonkeyPatch) -> Range:
    return furnished.enter(monkeypatch)


@pytest.mark.parametrize("attack, variant", VARIANTS)
def test_the_grader_holds(
    attack: Attack, variant: Variant, firing_range: Range
) -> None:
    level = best()
    if level.name not in variant.levels:
        reason = variant.why or "it takes walls"
        pytest.xfail(f"level {level.name} does not hold it: {reason}")
    last = variant is attack.variants[-1]
    outcome = firing_range.attack(attack, variant, level, whole=last)
    assert not outcome.broken, "\n".join(["", *outcome.broken])


def test_every_file_of_the_corpus_is_used() -> None:
    for attack in attacks():
        there = {path for path in attack.folder.iterdir() if path.is_file()}
        assert there == attack.used()


def test_levels_that_do_not_hold_are_explained() -> None:
    for attack in attacks():
        for variant in attack.variants:
            assert set(variant.levels) <= set(sandbox.LEVELS) | {"full"}
            assert bool(variant.why) == (variant.levels != ["full", "user"])
