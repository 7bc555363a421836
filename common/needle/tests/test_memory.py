"""`needle.memory` counts values and bytes as they come and go, whatever happens."""

from __future__ import annotations

import copy
import gc
import random
import threading

import needle as ndl
import numpy as np
import pytest
from needle import memory
from needle.autograd import Value
from needle.memory import record as record_module

pytestmark = pytest.mark.usefixtures("own_values")

FLOAT = 8


def floats(count):
    return ndl.Tensor(np.zeros(count), requires_grad=False)


def oracle():
    """Return how many values there are and how many bytes, from looking at them all."""
    values = [each for each in gc.get_objects() if isinstance(each, Value)]
    data = [value.__dict__["cached_data"] for value in values]
    arrays = [
        a for part in data for a in (part if isinstance(part, tuple) else (part,))
    ]
    owners = {id(owner): owner.nbytes for owner in map(owner_of, arrays)}
    return len(values), sum(owners.values())


def owner_of(array):
    return array if array.base is None else owner_of(array.base)


@pytest.fixture(autouse=True)
def _leave_nothing():
    """Fail a test after which values are still watched."""
    gc.collect()
    yield
    assert "cached_data" not in vars(Value)


@pytest.fixture
def record():
    """Return an open record, and the counts at its beginning as its attributes."""
    with memory.track() as record:
        record.values_before, record.bytes_before = (
            record.live_values,
            record.live_bytes,
        )
        yield record


def more(record):
    """Return how many values and bytes there are more than at the beginning."""
    return (
        record.live_values - record.values_before,
        record.live_bytes - record.bytes_before,
    )


def rows(record):
    return {row.op: row for row in record.by_op()}


def test_values_and_bytes_come_and_go(record):
    x = floats(1000)
    assert more(record) == (1, 1000 * FLOAT)
    y = x * 2
    assert more(record) == (2, 2000 * FLOAT)
    del x
    assert more(record) == (1, 1000 * FLOAT)
    del y
    assert more(record) == (0, 0)
    assert record.peak_bytes == record.bytes_before + 2000 * FLOAT


def test_what_shares_an_array_counts_it_once(record):
    x = ndl.Tensor(np.zeros((10, 100)))
    views = [
        x.reshape((1000,)),
        x.transpose(),
        x.detach(),
        x.data,
        ndl.broadcast_to(x.reshape((1, 10, 100)), (50, 10, 100)),
        ndl.Tensor(x, requires_grad=False),
        ndl.Tensor.make_const(x.realize_cached_data()[2:5]),
    ]
    assert more(record) == (9, 1000 * FLOAT)  # one of them is between two others
    del x
    assert more(record)[1] == 1000 * FLOAT
    views.clear()
    assert more(record) == (0, 0)


def test_an_array_that_nobody_else_owns_counts_as_large_as_it_is(record):
    x = ndl.Tensor.make_const(np.frombuffer(bytes(800)))
    y = ndl.Tensor.make_const(x.realize_cached_data()[:3])
    assert more(record) == (2, 800)
    del x, y
    assert more(record) == (0, 0)


def test_a_view_keeps_the_memory_of_the_array_that_it_was_made_from(record):
    x = floats(1000)
    part = ndl.Tensor.make_const(x.realize_cached_data()[:1])
    del x
    assert more(record) == (1, 1000 * FLOAT)
    assert part.shape == (1,)


def test_kinds_tell_parameters_leaves_constants_and_operations_apart(record):
    weight = ndl.nn.Parameter(np.zeros((5, 4)))
    x = floats((2, 5))
    leaf = ndl.Tensor(np.zeros((2, 4)))
    out = ndl.relu(x @ weight + leaf)
    constant = out.detach() * 3
    found = rows(record)
    kinds = ["Parameter", "leaf", "MatMul", "EWiseAdd", "ReLU"]
    assert [found[kind].values for kind in kinds] == [1, 1, 1, 1, 1]
    assert found["Parameter"].bytes == 20 * FLOAT
    assert found["MatMul"].bytes == found["ReLU"].bytes == constant.numpy().nbytes
    assert not {"MulScalar", "Relu"} & found.keys()  # of constants it is a constant


def test_a_constant_forgets_the_operation_it_is_from(record):
    before = rows(record).get("constant", record_module.Row("", 0, 0, 0, 0))
    kept = floats(10) + 1
    now = rows(record)
    assert "AddScalar" not in now
    assert now["constant"].values == before.values + 1
    assert now["constant"].bytes == before.bytes + kept.numpy().nbytes


def test_a_constant_is_no_leaf_once_it_is_made(record):
    before = rows(record).get("constant", record_module.Row("", 0, 0, 0, 0))
    kept = floats(10)
    now = rows(record)
    assert "leaf" not in now
    assert now["constant"].bytes == before.bytes + kept.numpy().nbytes


@pytest.mark.parametrize("first", ["constant", "parameter"])
def test_memory_that_a_parameter_has_counts_for_it(record, first):
    x = floats(100)
    weight = ndl.nn.Parameter(x)
    assert rows(record)["Parameter"].bytes == 100 * FLOAT
    if first == "constant":
        del x
        assert rows(record)["Parameter"].bytes == 100 * FLOAT
    else:
        del weight
        assert "Parameter" not in {row.op for row in record.by_op() if row.bytes}
    assert more(record)[1] == 100 * FLOAT


def test_new_data_of_a_parameter_replace_the_old(record):
    weight = ndl.nn.Parameter(np.zeros(100))
    weight.data = ndl.Tensor(np.ones(100))
    assert more(record) == (1, 100 * FLOAT)
    assert rows(record)["Parameter"].bytes == 100 * FLOAT
    assert rows(record)["Parameter"].values == 1


def test_the_table_says_what_there_was_at_the_peak(record):
    def work():
        a = ndl.Tensor(np.zeros(1000))
        b = ndl.exp(a)
        c = ndl.log(b + 1)
        return ndl.Tensor(c.numpy()[:1])

    kept = work()
    found = rows(record)
    at_peak = [found[kind].peak_bytes for kind in ("Exp", "AddScalar", "Log")]
    assert at_peak == [1000 * FLOAT] * 3
    assert [found[kind].peak_values for kind in ("Exp", "AddScalar", "Log")] == [1] * 3
    assert [found[kind].bytes for kind in ("Exp", "AddScalar", "Log")] == [0, 0, 0]
    assert sum(row.peak_bytes for row in record.by_op()) == record.peak_bytes
    assert sum(row.bytes for row in record.by_op()) == record.live_bytes
    assert kept.shape == (1,)


def test_the_table_is_that_of_the_highest_peak(record):
    for count in (100, 1000, 10):
        kept = ndl.Tensor(np.zeros(count))
        del kept
    assert rows(record)["leaf"].peak_bytes == 1000 * FLOAT
    weight = ndl.nn.Parameter(np.zeros(1000))
    weight.data = ndl.Tensor(np.zeros(2000))  # for a moment there are both
    assert rows(record)["Parameter"].peak_bytes == 3000 * FLOAT
    assert sum(row.peak_bytes for row in record.by_op()) == record.peak_bytes


def test_what_was_there_before_counts_and_can_go():
    x = floats(12345)
    with memory.track() as record:
        values, size = record.live_values, record.live_bytes
        assert record.by_phase()["before"] == size >= 12345 * FLOAT
        del x
        assert record.live_values == values - 1
        assert record.by_phase()["before"] == size - 12345 * FLOAT
    assert record.peak_bytes == size


def test_phases_own_what_is_made_in_them(record):
    record.mark("forward")
    x = ndl.Tensor(np.zeros(100))
    y = ndl.exp(x)
    record.mark("backward")
    z = floats(7)
    phases = record.by_phase()
    assert phases["forward"] == 200 * FLOAT
    assert phases["backward"] == 7 * FLOAT
    del y
    assert record.by_phase()["forward"] == 100 * FLOAT
    del z
    assert "backward" not in record.by_phase()


def test_a_circle_is_alive_until_the_collector_runs(record):
    gc.disable()
    try:
        x = ndl.Tensor(np.zeros(1000))
        ndl.exp(x).sum().backward()
        del x
        assert more(record)[1] >= 3000 * FLOAT
    finally:
        gc.enable()
    gc.collect()
    assert more(record) == (0, 0)


def test_tuples_count_all_of_their_arrays(record):
    pair = ndl.ops.fused_add_scalars(ndl.Tensor(np.zeros(100)), 1, 2)
    assert rows(record)["FusedAddScalars"].bytes == 200 * FLOAT
    assert len(pair) == 2


def test_copies_are_values_with_memory_of_their_own(record):
    x = ndl.Tensor(np.zeros(100))
    twin = copy.deepcopy(x)
    assert more(record) == (2, 200 * FLOAT)
    assert twin.numpy().shape == (100,)


def test_a_lazy_value_has_no_memory_until_it_is_computed(record, lazy):
    y = ndl.exp(ndl.Tensor(np.zeros(100)))
    assert more(record) == (2, 100 * FLOAT)
    y.numpy()
    assert more(record) == (2, 200 * FLOAT)
    assert rows(record)["Exp"].bytes == 100 * FLOAT


@pytest.mark.parametrize("seed", range(5))
def test_counts_are_those_of_looking_at_all_values(seed):
    """Random programs that make, share, replace and forget, checked after each step."""
    rng = random.Random(seed)
    pool = [ndl.Tensor(np.zeros((3, 4)))]
    with memory.track() as record:
        for _ in range(150):
            x = rng.choice(pool)
            made = rng.choice(
                [
                    lambda x=x: x * 2,
                    lambda x=x: x.detach(),
                    lambda x=x: x.transpose().transpose(),
                    lambda x=x: ndl.broadcast_to(x.sum().reshape((1, 1)), (3, 4)),
                    lambda x=x: ndl.nn.Parameter(x),
                    lambda x=x: ndl.Tensor(x.numpy()),
                    lambda x=x: ndl.ops.make_tuple(x, x + 1)[1],
                ]
            )
            pool.append(made())
            if rng.random() < 0.2:
                rng.choice(pool).data = (rng.choice(pool) * 0.5).detach()
            if rng.random() < 0.2:
                (ndl.Tensor(np.ones((3, 4))) * pool[-1]).sum().backward()
            del x, made
            while len(pool) > 6:
                pool.pop(rng.randrange(len(pool)))
            assert (record.live_values, record.live_bytes) == oracle()
    assert sum(row.values for row in record.by_op()) == record.live_values
    assert sum(row.bytes for row in record.by_op()) == record.live_bytes
    assert sum(record.by_phase().values()) == record.live_bytes


def test_values_of_several_threads_are_counted():
    errors = []

    def work(seed):
        try:
            kept = [floats(seed)]
            for _ in range(200):
                x = ndl.Tensor(np.zeros(10))
                (x * 2).sum().backward()
                kept[0] = kept[0] + 1
        except Exception as error:
            errors.append(error)

    with memory.track() as record:
        values, size = record.live_values, record.live_bytes
        threads = [threading.Thread(target=work, args=(n,)) for n in range(1, 5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        gc.collect()
        assert errors == []
        assert (record.live_values, record.live_bytes) == (values, size)


def test_records_may_be_nested_and_overlap():
    outer, inner = memory.track(), memory.track()
    with outer:
        x = floats(10)
        inner.__enter__()
        y = floats(100)
    z = floats(1000)
    assert inner.live_bytes - outer.live_bytes == 1000 * FLOAT
    inner.__exit__(None, None, None)
    assert x.shape + y.shape + z.shape == (10, 100, 1000)
    assert inner.by_phase()["start"] == 1100 * FLOAT
    assert outer.by_phase()["start"] == 110 * FLOAT


def test_a_record_ends_with_an_error_of_its_block():
    with pytest.raises(ZeroDivisionError), memory.track() as record:
        kept = floats(100)
        1 / 0  # noqa: B018
    size = record.live_bytes
    del kept
    floats(10000)
    assert record.live_bytes == record.peak_bytes == size


def test_a_record_is_opened_once_and_closed_as_often_as_one_likes():
    with memory.track() as record:
        with pytest.raises(RuntimeError, match="opened once"):
            record.__enter__()
        record.__exit__(None, None, None)
    with pytest.raises(RuntimeError, match="opened once"), record:
        pass
    with pytest.raises(RuntimeError, match="not open"):
        record.mark("late")


def test_a_record_that_was_never_opened_is_empty():
    record = memory.track()
    record.__exit__(None, None, None)
    assert (record.live_values, record.peak_bytes, record.history) == (0, 0, [])
    assert record.by_op() == []
    assert record.picture().svg.startswith("<svg")


def test_no_record_keeps_a_value_alive(record):
    x = floats(3)
    assert len(gc.get_referrers(x)) <= 1  # this frame
    record.mark("next")
    ndl.exp(x)
    assert more(record)[0] == 1


def test_live_is_the_counter_of_the_engine():
    before = memory.live()
    x = ndl.exp(ndl.Tensor([1.0]))
    assert memory.live() == before + 2
    del x
    assert memory.live() == before


def test_history_tells_each_change(record):
    record.mark("forward")
    x = floats(100)
    record.mark("backward")
    del x
    seconds, sizes, phases = zip(*record.history, strict=True)
    base = record.bytes_before
    assert list(sizes) == [base, base, base + 800, base + 800, base]
    assert phases == ("start", "forward", "forward", "backward", "backward")
    assert list(seconds) == sorted(seconds)


def test_a_long_history_is_thinned_and_keeps_its_peaks(record, monkeypatch):
    monkeypatch.setattr(record_module, "MOST", 50)
    for count in range(1, 300):
        floats(1000 if count == 150 else 1)
        assert record.history[-1].live_bytes == record.live_bytes
    sizes = [moment.live_bytes for moment in record.history]
    assert len(sizes) <= 50
    assert max(sizes) == record.peak_bytes == record.bytes_before + 1000 * FLOAT
