"""What a training step on arrays of our own costs, in counts: always the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import needle as ndl
import numpy as np
import pytest
from needle import memory, nn, optim

BATCH, WIDE = 10, 64


@pytest.fixture
def step(cpu: Any) -> Callable[[], None]:
    """Return a step of a small network, after the first ones: those make the state."""
    np.random.seed(3)
    model = nn.Sequential(
        nn.Linear(WIDE, 32, device=cpu),
        nn.BatchNorm1d(32, device=cpu),
        nn.ReLU(),
        nn.Linear(32, 5, device=cpu),
    )
    opt = optim.Adam(model.parameters(), weight_decay=0.01)
    loss = nn.SoftmaxLoss()
    x = ndl.Tensor(np.random.randn(BATCH, WIDE), device=cpu, requires_grad=False)
    y = ndl.Tensor(np.arange(BATCH) % 5, device=cpu)

    def run() -> None:
        opt.reset_grad()
        value = loss(model(x), y)
        with ndl.no_grad():
            value.backward()
        opt.step()

    for _ in range(3):
        run()
    return run


def launched(cpu: Any, run: Callable[[], None]) -> Counter[str]:
    """Return how often something calls each kernel."""
    before = memory.device_stats(cpu).launches
    run()
    return memory.device_stats(cpu).launches - before


def test_a_step_gets_all_its_memory_from_the_one_before(
    cpu: Any, step: Callable[[], None]
) -> None:
    before = cpu.memory_stats()
    step()
    after = cpu.memory_stats()
    made = after["allocated"] - before["allocated"]
    if after["kept"] == 0:
        pytest.skip("built to give all memory back, for a sanitizer")
    assert after["reused"] - before["reused"] == made > 0
    assert after["live"] == before["live"]
    assert after["peak"] == before["peak"]


def test_a_step_calls_few_kernels_and_always_the_same(
    cpu: Any, step: Callable[[], None]
) -> None:
    kernels = launched(cpu, step)
    # Of two layers: forwards, for both weights, and for what the second was given.
    assert kernels["matmul"] + kernels["matmul_tiled"] == 5
    # Ceilings, a few above what it is today.
    assert kernels.total() <= 225
    assert kernels["compact"] <= 40
    assert launched(cpu, step) == kernels
