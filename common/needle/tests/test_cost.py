"""What the engine itself costs, in counts that are the same on every machine."""

from __future__ import annotations

import cProfile
import gc
import tracemalloc

import needle as ndl
import numpy as np
import pytest
from needle.autograd import find_topo_sort


def _chain(size):
    y = ndl.Tensor([1.0])
    for _ in range(size):
        y = y * 0.5 + 1
    return y


def _diamonds(size):
    y = ndl.Tensor([1.0])
    for _ in range(size):
        y = y * 0.5 + y * 0.5
    return y


def _fan(size):
    x = ndl.Tensor([1.0])
    y = x * 1
    for _ in range(size):
        y = y + x
    return y


def _ladder(size):
    """Both nodes of a rung need both of the rung below: 2 ** size ways down."""
    a, b = ndl.Tensor([1.0]), ndl.Tensor([1.0])
    for _ in range(size):
        a, b = a * 0.5 + b * 0.5, b * 0.5 + a * 0.5
    return a + b


@pytest.fixture(params=[_chain, _diamonds, _fan, _ladder])
def graph(request):
    return request.param


@pytest.fixture
def calls():
    """Return how many functions something calls, those written in C included."""

    def count(run):
        profile = cProfile.Profile()
        gc.disable()  # finalizers of garbage from elsewhere are calls too
        try:
            profile.runcall(run)
        finally:
            gc.enable()
        return sum(entry.callcount for entry in profile.getstats())

    return count


def _assert_linear(counts):
    """Counts of 1, 2 and 3 times a size: the same is added each time."""
    first, second, third = counts
    assert third - second == second - first > 0


def test_building_a_graph_takes_calls_in_proportion(graph, calls):
    _assert_linear([calls(lambda n=n: graph(n)) for n in (100, 200, 300)])


def test_backward_takes_calls_in_proportion(graph, calls):
    _assert_linear([calls(graph(n).backward) for n in (100, 200, 300)])


def test_sorting_takes_calls_in_proportion(graph, calls):
    tops = [graph(n) for n in (100, 200, 300)]
    _assert_linear([calls(lambda top=top: find_topo_sort([top])) for top in tops])


def test_computing_late_takes_calls_in_proportion(graph, calls, lazy):
    tops = [graph(n) for n in (100, 200, 300)]
    _assert_linear([calls(top.realize_cached_data) for top in tops])


def test_memory_is_in_proportion_to_the_graph(graph):
    """Peaks of the graph and its gradients; containers double, hence the tolerance."""
    peaks = []
    for size in (500, 1000, 2000):
        gc.collect()
        tracemalloc.start()
        graph(size).backward()
        peaks.append(tracemalloc.get_traced_memory()[1] / size)
        tracemalloc.stop()
    assert max(peaks) < 1.3 * min(peaks)


def test_an_addition_stays_cheap(calls):
    """A ceiling for what every node pays; today it is 91 with Python 3.11."""
    a, b = (ndl.Tensor(np.ones(1, np.float32)) for _ in range(2))

    def step():
        (a + b).backward()

    assert calls(step) < 110


@pytest.mark.parametrize("constant, products", [((), 2), ((0,), 1), ((1,), 1)])
def test_a_constant_factor_costs_no_product(constant, products, monkeypatch):
    """The batch of images is one: its gradient is the largest product of a step."""
    factors = [
        ndl.Tensor(np.ones((2, 2)), requires_grad=position not in constant)
        for position in range(2)
    ]
    y = ndl.matmul(*factors)
    seen = []
    compute = ndl.ops.MatMul.compute
    monkeypatch.setattr(
        ndl.ops.MatMul, "compute", lambda *args: seen.append(1) or compute(*args)
    )
    y.backward()
    assert len(seen) == products
    for position, factor in enumerate(factors):
        assert (factor.grad is None) == (position in constant)
