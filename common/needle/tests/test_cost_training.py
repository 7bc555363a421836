"""What a training step costs, in counts that are the same on every machine."""

from __future__ import annotations

import cProfile
import gc

import needle as ndl
import numpy as np
import pytest
from needle import nn
from needle.autograd import Value


@pytest.fixture
def cost():
    """Return how many functions something calls, and how many values it makes."""

    def count(run):
        profile = cProfile.Profile()
        gc.disable()  # finalizers of garbage from elsewhere are calls too
        try:
            profile.runcall(run)
        finally:
            gc.enable()
        entries = profile.getstats()
        born = Value._init.__code__
        made = sum(entry.callcount for entry in entries if entry.code is born)
        return sum(entry.callcount for entry in entries), made

    return count


def _gradient_step(layer, shape):
    x = ndl.Tensor(np.ones(shape, np.float32))

    def step():
        loss = layer(x).sum()
        with ndl.no_grad():
            loss.backward()

    return step


# Ceilings, a value or two above what it is today.
@pytest.mark.parametrize(
    "layer, most",
    [
        (nn.Linear(4, 3), 14),
        (nn.BatchNorm1d(4), 53),
        (nn.LayerNorm1d(4), 53),
        (nn.ReLU(), 8),
        (nn.Dropout(0.1), 10),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_layer_makes_few_values(layer, most, cost):
    step = _gradient_step(layer, (5, 4))
    step()
    _, values = cost(step)
    assert values <= most


@pytest.mark.parametrize(
    "kind, values, calls", [(ndl.optim.SGD, 2, 40), (ndl.optim.Adam, 3, 60)]
)
def test_an_update_makes_its_results_and_nothing_else(kind, values, calls, cost):
    """For each parameter: its new array, and what is remembered."""

    def step_of(n):
        params = [nn.Parameter(np.ones(2, np.float32)) for _ in range(n)]
        for p in params:
            p.grad = ndl.Tensor(np.ones(2, np.float32))
        opt = kind(params, weight_decay=0.1)
        opt.step()  # from the second step on there is a state
        return cost(opt.step)

    (calls_one, made_one), (calls_two, made_two) = step_of(1), step_of(2)
    assert made_one == values
    assert made_two == 2 * values
    assert calls_two - calls_one <= calls


def test_a_step_costs_the_same_from_the_second_on(cost):
    """Nothing grows from step to step."""
    layer, x = nn.BatchNorm1d(4), ndl.Tensor(np.ones((5, 4), np.float32))
    opt = ndl.optim.Adam(layer.parameters())

    def step():
        opt.reset_grad()
        layer(x).sum().backward()
        opt.step()

    step()
    counts = [cost(step) for _ in range(3)]
    assert counts[0] == counts[1] == counts[2]
