"""Of kernels as the textbooks have them, nothing is found, in any order."""

from __future__ import annotations

import re

import pytest
from cuda_emulator.building import EMULATOR

CLEAN = re.findall(
    r"^int (\w+)\(\) \{ return Run",
    (EMULATOR / "tests/kernels/clean.cu").read_text("utf-8"),
    re.MULTILINE,
)
ORDERS = [("forward", 0), ("reversed", 0), *(("shuffled", seed) for seed in range(4))]


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_kernel_is_right_and_nothing_is_found(emulate, name):
    emulated = emulate("clean")
    for order, seed in ORDERS:
        emulated.order(order, seed)
        assert emulated.run(name) == [], (order, seed)
        assert emulated.result == 0, (order, seed)
        assert emulated.leaks() == []


def test_the_list_is_not_empty():
    assert len(CLEAN) > 15
