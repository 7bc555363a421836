"""The allocator of the C++ backend: used again, counted, aligned; and launches."""

from __future__ import annotations

import numpy as np
import pytest
from needle import backend_ndarray as nd

UNIT = 256  # memory comes in multiples of this many bytes


@pytest.fixture(autouse=True)
def _fresh(cpu):
    """Begin with nothing kept, and a peak of what is alive."""
    cpu.free_unused()
    cpu.reset_peak()


@pytest.fixture
def keeps(cpu):
    """Skip the test where memory is never used again: under a sanitizer."""
    array = cpu.Array(10)
    del array
    if cpu.memory_stats()["kept"] == 0:
        pytest.skip("built to give all memory back, for a sanitizer")
    cpu.free_unused()
    cpu.reset_peak()


def changes(device, since):
    now = device.memory_stats()
    return {name: now[name] - since[name] for name in now}


def test_live_and_peak(cpu):
    start = cpu.memory_stats()
    a = nd.empty((1000,), device=cpu)
    b = nd.empty((10,), device=cpu)
    assert changes(cpu, start)["live"] == 4096 + UNIT
    del b
    assert changes(cpu, start)["live"] == 4096
    view = a[2:4]
    del a
    assert changes(cpu, start)["live"] == 4096  # the view keeps all of it
    del view
    assert changes(cpu, start)["live"] == 0
    assert cpu.memory_stats()["peak"] == start["live"] + 4096 + UNIT
    cpu.reset_peak()
    assert cpu.memory_stats()["peak"] == start["live"]


def test_empty_arrays_and_scalars_have_memory_of_their_own(cpu):
    start = cpu.memory_stats()
    arrays = [nd.empty(shape, device=cpu) for shape in ((0,), (3, 0), (), (1,))]
    assert changes(cpu, start)["live"] == 4 * UNIT
    assert len({each._handle.ptr() for each in arrays}) == 4


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 1000, 12345])
def test_arrays_are_aligned(cpu, size):
    assert all(cpu.Array(size).ptr() % 256 == 0 for _ in range(5))


def test_memory_of_the_same_size_is_used_again(cpu, keeps):
    a = cpu.Array(1000)
    place = a.ptr()
    del a
    start = cpu.memory_stats()
    assert start["kept"] == 4096
    b, c = cpu.Array(1000), cpu.Array(1000)
    assert b.ptr() == place
    found = changes(cpu, start)
    assert (found["allocated"], found["reused"], found["kept"]) == (2, 1, -4096)
    del c


def test_nothing_is_kept_beyond_the_peak(cpu, keeps):
    for size in range(100, 5000, 100):
        cpu.Array(size)
    stats = cpu.memory_stats()
    assert 0 < stats["kept"] <= stats["peak"]


def test_what_is_kept_can_be_given_back(cpu, keeps):
    cpu.Array(1000)
    assert cpu.memory_stats()["kept"] == 4096
    cpu.free_unused()
    assert cpu.memory_stats()["kept"] == 0


def test_ten_thousand_steps_take_no_more_than_one(cpu, keeps):
    a = nd.array(np.ones((32, 16)), device=cpu)
    b = nd.array(np.ones((16, 8)), device=cpu)

    def step():
        return ((a @ b).permute((1, 0)) * 2 + 1).sum(1).exp()

    step()
    step()
    start = cpu.memory_stats()
    for _ in range(10_000):
        step()
    found = changes(cpu, start)
    assert (found["live"], found["peak"], found["kept"]) == (0, 0, 0)
    assert found["reused"] == found["allocated"] > 50_000


def test_when_sizes_change_the_new_ones_are_used_again(cpu, keeps):
    for size in (3000, 1000, 2000):  # the first ones fill what may be kept
        for _ in range(3):
            arrays = [cpu.Array(size) for _ in range(4)]
            del arrays
    start = cpu.memory_stats()
    arrays = [cpu.Array(2000) for _ in range(4)]
    assert changes(cpu, start)["reused"] == 4
    del arrays


def test_endlessly_many_sizes_leave_nothing_behind(cpu, keeps):
    for size in range(1, 200_000, 64):
        cpu.Array(size)
    stats = cpu.memory_stats()
    assert stats["kept"] <= stats["peak"]
    assert changes(cpu, stats)["live"] == 0


def test_an_array_that_cannot_be_had_leaves_all_as_it_was(cpu):
    start = cpu.memory_stats()
    for size in (2**50, 2**61 - 1):
        with pytest.raises(MemoryError, match=f"of {size} floats does not fit"):
            cpu.Array(size)
    found = changes(cpu, start)
    assert (found["live"], found["peak"], found["allocated"]) == (0, 0, 0)


def test_borrowed_memory_is_not_counted(cpu):
    start = cpu.memory_stats()
    a = nd.from_dlpack(np.ones(1000, np.float32), device=cpu)
    assert changes(cpu, start)["live"] == 0
    del a
    assert changes(cpu, start)["live"] == 0


@pytest.mark.parametrize(
    ("work", "kernels"),
    [
        (lambda a: a + a, {"ewise_add": 1}),
        (lambda a: a - 1, {"scalar_add": 1}),
        (lambda a: a - a, {"scalar_mul": 1, "ewise_add": 1}),
        (lambda a: a.permute((1, 0)), {}),
        (lambda a: a.permute((1, 0)) + a, {"compact": 1, "ewise_add": 1}),
        (lambda a: a.sum(0), {"reduce_sum": 1}),
        (lambda a: a.max(), {"reduce_max": 1}),
        (lambda a: a @ a, {"compact": 3, "matmul_tiled": 1}),
        (lambda a: a[:3, :3] @ a[:3, :5], {"compact": 2, "matmul": 1}),
        (lambda a: a.fill(1), {"scalar_setitem": 1}),
        (nd.ones_like, {"fill": 1}),
        (
            lambda a: a.exp().log().tanh(),
            {"ewise_exp": 1, "ewise_log": 1, "ewise_tanh": 1},
        ),
        (nd.array, {"compact": 1}),
    ],
)
def test_launches_are_counted_by_kernel(cpu, work, kernels):
    a = nd.full((8, 8), 1, device=cpu)
    before = cpu.launches()
    work(a)
    after = cpu.launches()
    assert {k: n - before[k] for k, n in after.items() if n != before[k]} == kernels


def test_a_call_that_is_refused_is_no_launch(cpu):
    before = cpu.launches()
    with pytest.raises(ValueError):
        cpu.ewise_add(cpu.Array(1), cpu.Array(2), cpu.Array(1))
    assert cpu.launches() == before
