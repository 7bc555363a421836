"""Training leaves no graph behind, and memory says so where it does.

Bounds are one-sided: what is pending for the garbage collector may be little or much.
Each claim stands beside a mistake that breaks it, so that the measure is known to see.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

import needle as ndl
import numpy as np
import pytest
from needle import memory, nn, optim

pytestmark = pytest.mark.usefixtures("own_values")

FEATURES, CLASSES = 6, 3


def network():
    return nn.Sequential(
        nn.Linear(FEATURES, 8),
        nn.BatchNorm1d(8),
        nn.ReLU(),
        nn.Dropout(0.2),
        nn.Residual(nn.Sequential(nn.Linear(8, 8), nn.LayerNorm1d(8))),
        nn.Linear(8, CLASSES),
    )


def batch():
    X = ndl.init.randn(5, FEATURES)
    return X, ndl.Tensor(np.random.randint(CLASSES, size=5), requires_grad=False)


def loss_of(model):
    X, y = batch()
    return nn.SoftmaxLoss()(model(X), y)


class Training:
    """A network in training; subclasses plant mistakes."""

    def __init__(self, make_optimizer):
        self.model = network()
        self.opt = make_optimizer(self.model.parameters())

    def step(self):
        self.opt.reset_grad()
        loss = loss_of(self.model)
        loss.backward()
        self.opt.step()
        return loss


def growth(run: Callable[[], object], steps: int = 8) -> int:
    """Return how many values more are alive after twice as many steps."""
    counts = []
    for _ in range(3):  # the first time is to warm up: states are made, caches filled
        for _ in range(steps):
            run()
        gc.collect()
        counts.append(memory.live())
    return counts[2] - counts[1]


OPTIMIZERS = {
    "SGD": lambda params: optim.SGD(params, lr=0.1),
    "momentum": lambda params: optim.SGD(
        params, lr=0.1, momentum=0.9, weight_decay=0.1
    ),
    "Adam": lambda params: optim.Adam(params, weight_decay=0.1),
    "AdamW": optim.AdamW,
}


@pytest.fixture(autouse=True)
def _seeded():
    np.random.seed(0)
    gc.collect()


@pytest.fixture
def training():
    return Training(OPTIMIZERS["Adam"])


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_updates_leave_no_graph_behind(name):
    assert growth(Training(OPTIMIZERS[name]).step) == 0


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_is_left_of_a_training_is_parameters_their_gradients_and_constants(name):
    training = Training(OPTIMIZERS[name])
    with memory.track() as record:
        for _ in range(5):
            training.step()
        training.opt.reset_grad()
        gc.collect()
        left = {row.op for row in record.by_op() if row.values}
    assert left <= {"Parameter", "constant"}


def test_clipping_leaves_no_graph_behind(training):
    def clipped():
        training.opt.reset_grad()
        loss_of(training.model).backward()
        training.opt.clip_grad_norm(0.1)
        training.opt.step()

    assert growth(clipped) == 0


def test_running_statistics_know_no_graph():
    norm = nn.BatchNorm1d(FEATURES)
    assert growth(lambda: norm(ndl.init.randn(5, FEATURES))) == 0
    assert norm.running_mean.is_leaf()
    assert not norm.running_var.requires_grad


def test_evaluation_leaves_nothing_behind(training):
    training.model.eval()
    assert growth(lambda: loss_of(training.model).numpy()) == 0


@pytest.mark.parametrize(
    "metric",
    [lambda loss: loss.detach(), lambda loss: loss.data, float, ndl.Tensor.numpy],
    ids=["detach", "data", "float", "numpy"],
)
def test_metrics_without_a_graph_keep_at_most_themselves(training, metric):
    kept = []
    assert growth(lambda: kept.append(metric(training.step())), steps=8) <= 8


def test_saved_states_keep_their_values_only(training):
    kept = []
    training.step()
    size = len(training.model.state_dict()) + len(training.opt.state_dict())

    def step_and_save():
        training.step()
        kept[:] = [training.model.state_dict(), training.opt.state_dict()]

    step_and_save()
    assert growth(step_and_save) == 0
    assert sum(map(len, kept)) == size


def test_garbage_in_circles_waits_for_the_collector(training):
    """The engine breaks no circle early, and collects nothing within a step."""
    training.step()
    gc.collect()
    gc.disable()
    try:
        before = memory.live()
        for _ in range(3):
            training.step()
        pending = memory.live() - before
    finally:
        gc.enable()
    assert pending >= 3 * 50  # a graph has some 60 nodes, and its gradients as many
    gc.collect()
    assert memory.live() - before == 0


class GraphInStatistics(nn.BatchNorm1d):
    """The running mean is mixed from what the network computed, with its graph."""

    def forward(self, x):
        self.mean = getattr(self, "mean", 0) * 0.9 + x.sum(axes=0) / x.shape[0]
        return super().forward(x)


class GraphInState(optim.SGD):
    """Momentum of gradients as they are, with their graph, instead of their data."""

    def step(self):
        for p in self.params:
            self.u[p] = self.u.get(p, 0) * 0.9 + p.grad
            p.data = p.data - self.lr * self.u[p].data


class GraphInParameters(optim.SGD):
    """The update is an expression of the parameters themselves."""

    def step(self):
        self.params[:] = [p - self.lr * p.grad for p in self.params]


def _leaky_statistics():
    norm = GraphInStatistics(FEATURES)
    linear = nn.Linear(FEATURES, FEATURES)
    return lambda: norm(linear(ndl.init.randn(5, FEATURES)))


def _leaky_metric():
    training, total = Training(OPTIMIZERS["SGD"]), [0.0]

    def step():
        total[0] = total[0] + training.step()

    return step


def _leaky_optimizer():
    training = Training(GraphInState)
    return training.step


def _leaky_parameters():
    weight = ndl.Tensor(np.ones(3))
    opt = GraphInParameters([weight])

    def step():
        (opt.params[0] * 2.0).sum().backward()
        opt.step()

    return step


@pytest.mark.parametrize(
    ("mistake", "op"),
    [
        (_leaky_statistics, "Summation"),
        (_leaky_metric, "MatMul"),
        (_leaky_optimizer, "MatMul"),
        (_leaky_parameters, "EWiseAdd"),
    ],
)
def test_a_mistake_shows_in_the_count_and_in_the_table(mistake, op):
    step = mistake()
    assert growth(step, steps=4) >= 4
    with memory.track() as record:
        before = {row.op: row.values for row in record.by_op()}
        for _ in range(4):
            step()
        gc.collect()
        after = {row.op: row.values for row in record.by_op()}
    assert after[op] >= before[op] + 4
