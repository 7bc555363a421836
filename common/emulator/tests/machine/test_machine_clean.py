"""Of kernels that are right, as textbooks have them and others, nothing is found."""

from __future__ import annotations

import re

import pytest
from cuda_emulator.building import EMULATOR

CLEAN = [
    (source.stem, name)
    for source in sorted((EMULATOR / "tests/kernels").glob("clean_*.cu"))
    for name in re.findall(
        r"^int (\w+)\(\) \{ return Run", source.read_text("utf-8"), re.MULTILINE
    )
]
ORDERS = [("forward", 0), ("reversed", 0), *(("shuffled", seed) for seed in range(4))]


@pytest.mark.parametrize(("source", "name"), CLEAN)
def test_a_clean_kernel_is_right_and_nothing_is_found(emulate, source, name):
    emulated = emulate(source)
    for order, seed in ORDERS:
        emulated.order(order, seed)
        assert emulated.run(name) == [], (order, seed)
        assert emulated.result == 0, (order, seed)
        assert emulated.leaks() == []


def test_the_list_is_not_empty():
    assert len(CLEAN) > 40
