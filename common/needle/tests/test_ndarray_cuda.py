"""The device ``cuda()``: which module it has, large and ragged sizes, what goes wrong.

What all devices have in common is tried by the other tests of arrays.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from flat import quarters
from needle import backend_ndarray as nd

PYTHON = Path(__file__).resolve().parents[1] / "python"


def asked(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program that knows the device as ``cuda``."""
    return subprocess.run(
        [sys.executable, "-c", f"from needle import cuda\n{code}"],
        cwd=PYTHON,
        env={**os.environ, "NEEDLE_BACKEND": "nd", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_emulator_can_be_chosen(cuda):
    if not cuda.emulated and asked("cuda().Array(0)", NEEDLE_CUDA="emulator").stderr:
        pytest.skip("the emulator is not built")
    done = asked(
        "print(cuda(), cuda().enabled(), cuda().emulated, cuda().card())\n"
        "print(cuda().why_not)",
        NEEDLE_CUDA="emulator",
    )
    assert done.stdout == (
        "cuda() True True emulated\nNEEDLE_CUDA=emulator chooses the emulator\n"
    )


def test_the_emulator_says_why_it_is_no_card(cuda):
    if not cuda.emulated:
        assert cuda.why_not == ""
        pytest.skip("it is one")
    done = asked("print(cuda().emulated, cuda().why_not)", NEEDLE_CUDA="auto")
    assert done.stdout.startswith("True ")
    assert "graphics card" in done.stdout


def test_a_card_that_is_not_there_says_so(cuda):
    if not cuda.emulated:
        pytest.skip("there is one")
    done = asked("print(cuda().enabled())\ncuda().zeros(2)", NEEDLE_CUDA="real")
    assert done.stdout == "False\n"
    last = done.stderr.splitlines()[-1]
    assert last.startswith("RuntimeError: cuda() cannot be used: ")
    assert "nvcc" in last or "there is no graphics card here" in last


@pytest.mark.parametrize("name", ["NEEDLE_CUDA", "NEEDLE_CUDA_ORDER"])
def test_a_choice_that_does_not_exist(cuda, name):
    if not cuda.emulated:
        pytest.skip("the order is the emulator's")
    done = asked("cuda()", **{name: "sideways"})
    assert f"ValueError: {name} is 'sideways'; it can be " in done.stderr


def test_only_the_emulator_says_that_it_is_one(cpu):
    assert not cpu.emulated
    assert not nd.cpu_numpy().emulated
    assert not nd.BackendDevice("cuda", None).emulated


@pytest.mark.parametrize(
    "sizes",
    [
        (1025, 17, 1030),  # large tiles, of which the last ones stick out
        (1024, 16, 1024),  # whole ones
        (257, 33, 301),  # tiles of a middling size
        (65, 3, 4001),
        (16, 100, 16),
        (1, 5000, 1),
        (2000, 1, 1),
    ],
)
def test_products_in_tiles_of_every_size(cuda, sizes):
    m, n, p = sizes
    a, b = quarters((m, n)), quarters((n, p), 1)
    product = nd.array(a, device=cuda) @ nd.array(b, device=cuda)
    np.testing.assert_array_equal(product.numpy(), a @ b)


@pytest.mark.parametrize("first", [1, 2, 3])
def test_a_product_of_what_begins_between_fours(cuda, first):
    numbers, b = quarters((64 * 68 + first,)), quarters((68, 40), 1)
    whole = cuda.Array(numbers.size)
    cuda.from_numpy(numbers, whole)
    right, out = cuda.Array(b.size), cuda.Array(64 * 40)
    cuda.from_numpy(b, right)
    cuda.matmul(cuda.part(whole, first, 64 * 68), right, out, 64, 68, 40)
    found = cuda.to_numpy(out, (64, 40), (40, 1), 0)
    np.testing.assert_array_equal(found, numbers[first:].reshape(64, 68) @ b)


@pytest.mark.parametrize("inner", [1, 2, 33])
@pytest.mark.parametrize("length", [4095, 4096, 4097, 8193])
def test_reductions_in_parts(cuda, length, inner):
    numbers = quarters((2, length, inner))
    numbers[1, length - 1] = 5  # the largest, in the last part
    a = nd.array(numbers, device=cuda)
    np.testing.assert_array_equal(a.sum(1).numpy(), numbers.sum(1))
    np.testing.assert_array_equal(a.max(1).numpy(), numbers.max(1))


def test_a_reduction_in_parts_keeps_no_memory(cuda):
    a = nd.array(np.ones(10_000), device=cuda)
    live = cuda.memory_stats()["live"]
    assert a.sum().item() == 10_000
    assert cuda.memory_stats()["live"] == live


@pytest.mark.slow  # for the emulator: 18 million threads
def test_more_blocks_than_there_may_be_along_other_axes(cuda):
    numbers = quarters((70_000, 3, 2))
    a = nd.array(numbers, device=cuda)
    np.testing.assert_array_equal(a.sum(1).numpy(), numbers.sum(1))


def test_forty_axes_with_two_elements_in_some(cuda):
    shape = [1] * 40
    for axis in (0, 7, 13, 39):
        shape[axis] = 2
    numbers = quarters(16).reshape(-1)
    strides = [0] * 40
    strides[0], strides[7], strides[13], strides[39] = 1, 2, 4, 8  # turned round
    memory = cuda.Array(16)
    cuda.from_numpy(numbers, memory)
    out = cuda.Array(16)
    cuda.compact(memory, out, shape, strides, 0)
    turned = numbers.reshape(2, 2, 2, 2).transpose(3, 2, 1, 0).reshape(-1)
    np.testing.assert_array_equal(cuda.to_numpy(out, (16,), (1,), 0), turned)


def test_a_view_comes_back_with_nothing_of_what_lies_between(cuda):
    numbers = quarters((6, 7))
    a = nd.array(numbers, device=cuda)
    np.testing.assert_array_equal(a[::-2, 5:0:-3].numpy(), numbers[::-2, 5:0:-3])
    wide = nd.array([1.0, 2.0], device=cuda).broadcast_to((3, 2))
    np.testing.assert_array_equal(wide.numpy(), [[1, 2]] * 3)


def test_memory_is_counted(cuda):
    before = cuda.memory_stats()
    arrays = [cuda.Array(1000) for _ in range(3)]
    during = cuda.memory_stats()
    assert during["live"] - before["live"] == 12_000
    assert during["allocated"] - before["allocated"] == 3
    del arrays
    assert cuda.memory_stats()["live"] == before["live"]
    if cuda.emulated:  # which wants to see each beginning and end
        assert cuda.memory_stats()["kept"] == 0


def test_memory_of_a_card_is_shared_with_no_other_library(cuda):
    a = nd.array([1.0, 2.0], device=cuda)
    for use in (a.__dlpack__, a.__dlpack_device__, lambda: np.from_dlpack(a)):
        with pytest.raises(BufferError, match=r"use a\.numpy\(\)"):
            use()
    numbers = np.ones(3, np.float32)
    taken = nd.from_dlpack(numbers, device=cuda)  # a copy
    numbers[0] = 5
    assert (taken.device, taken.numpy().tolist()) == (cuda, [1, 1, 1])


def test_more_than_the_device_has(cuda):
    with pytest.raises(MemoryError, match="does not fit into memory of the device"):
        cuda.Array(2**45)
    a = nd.array([1.0, 2.0], device=cuda)  # and nothing is broken
    assert (a + 1).numpy().tolist() == [2, 3]


def test_the_emulator_names_a_read_of_what_nobody_wrote(cuda):
    if not cuda.emulated:
        pytest.skip("a card does not see it")
    a, out = cuda.Array(5), cuda.Array(5)
    said = r"(?s)ewise_exp:.*MapKernel.*ndarray_backend_cuda\.cu:\d+"
    with pytest.raises(RuntimeError, match=said):
        cuda.ewise_exp(a, out)
    cuda.fill(a, 0.0)  # what was found is told once
    cuda.ewise_exp(a, out)
    assert cuda.to_numpy(out, (5,), (1,), 0).tolist() == [1] * 5


def test_kernels_leave_nothing_to_be_found_about_what_was_written(cuda):
    if not cuda.emulated:
        pytest.skip("the emulator's")
    a = nd.empty((3, 4), device=cuda)
    a[:, :2] = 1.0  # the rest stays as it is, never written
    assert a[:, :2].sum().item() == 6
    with pytest.raises(RuntimeError, match="compact"):
        a[:, 1:3].sum()
