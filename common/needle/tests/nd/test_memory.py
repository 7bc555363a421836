"""Memory of arrays of our own: by handle, and as the device counts it."""

from __future__ import annotations

from typing import Any

import needle as ndl
import numpy as np
import pytest
from needle import memory

pytestmark = pytest.mark.usefixtures("own_values")
FLOAT = 4


def test_views_share_what_a_record_counts(device: Any) -> None:
    with memory.track() as record:
        x = ndl.Tensor(np.ones((10, 30)), device=device)
        assert record.live_bytes == 300 * FLOAT
        views = [x.reshape((300,)), x.transpose(), x.broadcast_to((5, 10, 30))]
        assert record.live_bytes == 300 * FLOAT
        product = x * 2
        assert record.live_bytes == 600 * FLOAT
        del x, views
        assert record.live_bytes >= 300 * FLOAT
        del product
    assert record.peak_bytes == 600 * FLOAT


def test_a_tuple_has_the_memory_of_its_parts(device: Any) -> None:
    with memory.track() as record:
        x = ndl.Tensor(np.ones(8), device=device)
        pair = ndl.ops.fused_add_scalars(x, 1, 2)
        assert record.live_bytes == 3 * 8 * FLOAT
        del pair, x


def test_a_device_counts_memory_and_kernels(cpu: Any) -> None:
    memory.free_unused(cpu)
    before = memory.device_stats(cpu)
    x = ndl.init.ones(100, 64)
    with_x = memory.device_stats(cpu)
    memory.reset_peak(cpu)
    y = x * 2
    after = memory.device_stats(cpu)

    size = 100 * 64 * FLOAT  # a multiple of the unit in which memory is given out
    assert with_x.live - before.live == after.live - with_x.live == size
    assert after.peak == after.live
    assert after.launches - with_x.launches == {"scalar_mul": 1}
    del x, y
    gone = memory.device_stats(cpu)
    assert gone.live == before.live
    assert gone.kept >= 2 * size
    memory.free_unused(cpu)
    assert memory.device_stats(cpu).kept == 0


def test_cuda_counts_memory_and_kernels_too(cuda: Any) -> None:
    memory.free_unused(cuda)
    before = memory.device_stats(cuda)
    x = ndl.Tensor(np.ones((100, 64)), device=cuda)
    memory.reset_peak(cuda)
    y = x * 2
    after = memory.device_stats(cuda)

    assert after.live - before.live == 2 * 100 * 64 * FLOAT
    assert after.peak == after.live
    assert after.launches - before.launches == {"scalar_mul": 1}
    del x, y
    memory.free_unused(cuda)
    assert memory.device_stats(cuda).live == before.live
    assert memory.device_stats(cuda).kept == 0


def test_it_says_so_in_words(cpu: Any) -> None:
    ndl.init.ones(10) * 2
    assert " live, " in str(memory.device_stats(cpu))
    assert "scalar_mul" in str(memory.device_stats(cpu))


def test_a_device_that_counts_nothing_is_refused() -> None:
    with pytest.raises(TypeError, match=r"cpu_numpy\(\) does not count its memory"):
        memory.device_stats(ndl.cpu_numpy())
    with pytest.raises(RuntimeError, match=r"cuda\(\) cannot be used"):
        memory.device_stats(ndl.backend_ndarray.BackendDevice("cuda", None))
