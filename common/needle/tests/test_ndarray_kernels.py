"""Kernels called directly: wrong sizes and views are refused, nothing is half-written.

Whatever is called, nothing outside an array is read or written; this file runs under
AddressSanitizer, see test_ndarray_sanitized.py.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

UNARY = ["ewise_log", "ewise_exp", "ewise_tanh"]
BINARY = [
    "ewise_" + name for name in ("add", "mul", "div", "power", "maximum", "eq", "ge")
]
SCALAR = [
    "scalar_" + name for name in ("add", "mul", "div", "power", "maximum", "eq", "ge")
]
# What is no view of an array of 12 elements: shape, strides, offset.
OUTSIDE = {
    "too long": ((13,), (1,), 0),
    "too far": ((3, 4), (4, 1), 1),
    "before the start": ((3,), (1,), -1),
    "backwards out of it": ((4,), (-1,), 2),
    "steps too long": ((2, 2), (11, 2), 0),
    "no axes, beyond the end": ((), (), 12),
    "fewer strides than axes": ((3, 4), (1,), 0),
    "more strides than axes": ((3,), (1, 1), 0),
    "a negative length": ((-1,), (1,), 0),
    "two negative lengths": ((-2, -2), (1, 1), 0),
    "an offset that overflows": ((2,), (2**62,), 2**62),
    "steps that overflow": ((2**40,), (2**40,), 0),
    "ends that overflow": ((3, 3), (2**62, 2**62), 0),
    "more elements than can be counted": ((2**33, 2**33), (0, 0), 0),
    "steps back that overflow": ((3,), (-(2**63),), 5),
}


def memory(device, *numbers):
    """Return flat memory of a device that holds some numbers."""
    array = device.Array(len(numbers))
    device.from_numpy(np.array(numbers, np.float32), array)
    return array


def twelve(device):
    return memory(device, *range(12))


def shown(device, array):
    return device.to_numpy(array, (array.size,), (1,), 0).tolist()


def test_the_table_is_the_same_on_every_device(cpu):
    from needle.backend_ndarray import cpu_numpy

    own = {"matmul_tiled", "launches", "memory_stats", "reset_peak", "free_unused"}
    tables = [
        {
            name
            for name in dir(d.mod)
            if not name.startswith("_") and callable(getattr(d.mod, name))
        }
        for d in (cpu, cpu_numpy())
    ]
    names = tables[0] - own - {"NotImplementedError"}
    assert own <= tables[0]
    assert names <= tables[1]
    kernels = {*UNARY, *BINARY, *SCALAR, "fill", "compact", "ewise_setitem"}
    kernels |= {"scalar_setitem", "ewise_where", "matmul", "matmul_batched"}
    kernels |= {"reduce_sum", "reduce_max", "to_numpy", "from_numpy", "borrow", "Array"}
    assert names == kernels


def test_the_table_is_the_same_in_cuda(cpu, cuda):
    cpus, cudas = (
        {name for name in dir(each.mod) if not name.startswith("_")}
        for each in (cpu, cuda)
    )
    assert cpus - cudas == {"matmul_tiled", "borrow"}
    emulators = {"report_with", "raise_findings", "configure", "counts", "copies"}
    emulators |= {"leaks"}
    own = {"card", "part", "synchronize"} | (emulators if cuda.emulated else set())
    assert cudas - cpus == own


def test_names_of_the_original(cpu):
    from needle.backend_ndarray import cpu_numpy

    assert cpu.__device_name__ == "cpu"
    assert cpu.__tile_size__ == 8
    assert cpu_numpy().__device_name__ == "numpy"
    assert not hasattr(cpu_numpy(), "__tile_size__")
    array = cpu.Array(3)
    assert array.ptr() % 256 == 0
    assert array.size == 3
    with pytest.raises(AttributeError):
        array.size = 4


@pytest.mark.parametrize("name", UNARY)
def test_of_one_array(device, name):
    a, out = memory(device, 1, 2, 3), memory(device, 7, 7)
    with pytest.raises(ValueError, match="2 elements, and should have 3"):
        getattr(device, name)(a, out)
    assert shown(device, out) == [7, 7]
    getattr(device, name)(a, a)  # out may be the operand
    expected = getattr(np, name.removeprefix("ewise_"))(np.float32([1, 2, 3]))
    np.testing.assert_allclose(shown(device, a), expected, rtol=1e-6)


@pytest.mark.parametrize("name", [*BINARY, *SCALAR])
@pytest.mark.parametrize(
    "sizes", [(3, 3, 2), (3, 3, 4), (3, 3, 1), (0, 0, 3), (3, 3, 0)]
)
def test_a_result_of_another_size(device, name, sizes):
    a, b, out = (memory(device, *[2] * size) for size in sizes)
    with pytest.raises(ValueError, match="elements, and should have"):
        getattr(device, name)(a, 1.0 if name in SCALAR else b, out)
    assert shown(device, out) == [2] * sizes[2]


@pytest.mark.parametrize("name", [*BINARY, "ewise_where"])
@pytest.mark.parametrize("sizes", [(3, 1, 3), (1, 3, 3), (3, 4, 3), (3, 0, 3)])
def test_operands_of_different_sizes(device, name, sizes):
    operands = [memory(device, *[2] * size) for size in sizes]
    if name == "ewise_where":
        operands.insert(0, memory(device, 1, 1, 1))
    with pytest.raises(ValueError, match="elements, and should have"):
        getattr(device, name)(*operands)
    assert shown(device, operands[-1]) == [2] * sizes[-1]


@pytest.mark.parametrize("what", OUTSIDE)
def test_views_that_leave_their_array(device, what):
    shape, strides, offset = OUTSIDE[what]
    a, size = twelve(device), abs(int(np.prod([min(n, 4) for n in shape])))
    other = memory(device, *[0] * size)
    for call in (
        lambda: device.to_numpy(a, shape, strides, offset),
        lambda: device.compact(a, other, shape, strides, offset),
        lambda: device.ewise_setitem(other, a, shape, strides, offset),
        lambda: device.scalar_setitem(size, 5.0, a, shape, strides, offset),
    ):
        with pytest.raises(ValueError):
            call()
    assert shown(device, a) == list(range(12))
    assert shown(device, other) == [0] * size


@pytest.mark.parametrize("shape", [(2**33, 2**30), (2**31, 2**30), (2**62,)])
def test_more_elements_than_64_bits_count_in_bytes(device, shape):
    """A repeated element fits into its array however often it is shown."""
    a, other = memory(device, 7), memory(device, 0)
    steps = (0,) * len(shape)
    for call in (
        lambda: device.scalar_setitem(math.prod(shape), 5.0, a, shape, steps, 0),
        lambda: device.compact(a, other, shape, steps, 0),
        lambda: device.ewise_setitem(other, a, shape, steps, 0),
        lambda: device.to_numpy(a, shape, steps, 0),
    ):
        with pytest.raises(ValueError, match=r"too (many elements|big)"):
            call()
    assert shown(device, a) == [7]


@pytest.mark.parametrize("size", [0, 1, 5, 7, 12])
def test_copies_of_another_size(device, size):
    a, other = twelve(device), memory(device, *[-1] * size)
    view = (2, 3), (6, -1), 2
    for call in (
        lambda: device.compact(a, other, *view),
        lambda: device.ewise_setitem(other, a, *view),
        lambda: device.scalar_setitem(size, 5.0, a, *view),
    ):
        with pytest.raises(ValueError):
            call()
    with pytest.raises(ValueError):
        device.from_numpy(np.ones(size + 1, np.float32), other)
    assert shown(device, a) == list(range(12))
    assert shown(device, other) == [-1] * size


@pytest.mark.parametrize("step", [2**60, -(2**60)])
def test_a_step_nobody_takes_may_be_long(device, step):
    a, out = twelve(device), memory(device, 0)
    device.compact(a, out, (1,), (step,), 5)
    assert shown(device, out) == [5]
    assert device.to_numpy(a, (1,), (step,), 5).tolist() == [5]
    assert device.to_numpy(a, (0, 3), (step, step), 99).shape == (0, 3)


@pytest.mark.parametrize("name", ["reduce_sum", "reduce_max"])
@pytest.mark.parametrize(
    ("elements", "results", "size", "inner"),
    [
        (12, 3, 5, 1),
        (12, 4, 4, 1),
        (12, 3, 4, 2),
        (12, 6, 2, 4),
        (12, 3, 4, 0),
        (0, 3, 2, 1),
    ],
)
def test_reductions_that_do_not_come_out(device, name, elements, results, size, inner):
    a, out = memory(device, *range(elements)), memory(device, *[-1] * results)
    with pytest.raises(ValueError):
        getattr(device, name)(a, out, size, inner)
    assert shown(device, out) == [-1] * results


def test_a_reduction_too_large_to_count(cpu):
    a, out = cpu.Array(0), memory(cpu, 1, 2, 3, 4)
    for name in ("reduce_sum", "reduce_max"):
        with pytest.raises(ValueError, match="too many elements"):
            getattr(cpu, name)(a, out, 2**62, 1)  # 4 * 2**62 is 0 in 64 bits


def test_the_largest_of_nothing(device):
    out = memory(device, 3)
    with pytest.raises(ValueError):
        device.reduce_max(device.Array(0), out, 0)
    device.reduce_sum(device.Array(0), out, 0)
    assert shown(device, out) == [0]


@pytest.mark.parametrize(
    "sides", [(3, 4, 2), (4, 3, 3), (2, 6, 2), (0, 0, 0), (12, 1, 12), (1, 12, 2)]
)
def test_products_of_other_sides(device, sides):
    a, b, out = twelve(device), memory(device, *range(8)), memory(device, *[-1] * 5)
    with pytest.raises(ValueError):
        device.matmul(a, b, out, *sides)
    with pytest.raises(ValueError):
        device.matmul_batched(a, b, out, 1, 0, 0, *sides)
    assert shown(device, out) == [-1] * 5


@pytest.mark.parametrize(
    "arguments",
    [
        (3, 4, 4, 2, 2, 2),  # a needs 12, b 12 and has 8
        (2, 9, 4, 2, 2, 2),  # the second of a ends at 13
        (2, 4, 4, 2, 2, 3),  # out needs 12
        (2, 2**62, 0, 2, 2, 2),
        (2**62, 4, 4, 2, 2, 2),
    ],
)
def test_batches_that_leave_their_arrays(device, arguments):
    a, b, out = twelve(device), memory(device, *range(8)), memory(device, *[-1] * 8)
    with pytest.raises(ValueError):
        device.matmul_batched(a, b, out, *arguments)
    assert shown(device, out) == [-1] * 8


@pytest.mark.timeout(20, method="thread")  # kernels cannot be interrupted
def test_products_without_elements_take_no_time(device):
    """However many steps, or matrices, there would be."""
    a = device.Array(0)
    device.matmul(a, a, a, 0, 2**60, 0)
    device.matmul_batched(a, a, a, 2**60, 0, 0, 0, 2**60, 0)
    device.matmul_batched(a, twelve(device), a, 2**60, 0, 0, 0, 3, 4)
    if device.name == "cpu":
        device.matmul_tiled(a, a, a, 0, 2**60, 0)


def test_a_result_that_is_an_operand_too(device):
    """Elements would be written before they are read for the last time."""
    numbers = np.arange(100, dtype=np.float32)
    if device.name == "cuda":
        whole = memory(device, *numbers)
        a, b = (device.part(whole, start, 64) for start in (0, 36))
    else:
        whole = device.borrow(numbers)
        a, b = (device.borrow(numbers[start : start + 64]) for start in (0, 36))
    apart = memory(device, *[0] * 64)
    calls = [
        (device.compact, (a, b), ((64,), (-1,), 63)),
        (device.compact, (a, a), ((8, 8), (1, 8), 0)),
        (device.reduce_sum, (a, b), (1, 1)),
        (device.reduce_max, (a, a), (1, 64)),
        (device.matmul, (a, apart, a), (8, 8, 8)),
        (device.matmul, (apart, a, b), (8, 8, 8)),
        (device.matmul_batched, (a, apart, b), (1, 0, 0, 8, 8, 8)),
    ]
    if device.name == "cpu":
        tile = device.Array(64)
        calls.append((device.matmul_tiled, (tile, device.Array(64), tile), (8, 8, 8)))
    for kernel, arrays, rest in calls:
        with pytest.raises(ValueError, match="out shares memory"):
            kernel(*arrays, *rest)
    np.testing.assert_array_equal(shown(device, whole), np.arange(100))


def test_sides_that_overflow(cpu):
    a = cpu.Array(0)
    for sides in [(2**32, 2**32, 1), (2**63, 2, 0), (0, 2**32, 2**32)]:
        with pytest.raises(ValueError):
            cpu.matmul(a, a, a, *sides)


def test_tiles_have_to_fit_and_to_be_aligned(cpu):
    a, out = cpu.Array(64), memory(cpu, *[-1] * 64)
    with pytest.raises(ValueError, match="multiples of 8"):
        cpu.matmul_tiled(cpu.Array(16), cpu.Array(64), cpu.Array(16), 2, 8, 8)
    unaligned = cpu.borrow(np.zeros(65, np.float32)[1:])
    if unaligned.ptr() % 256 == 0:
        unaligned = cpu.borrow(np.zeros(66, np.float32)[2:])
    for operands in ((unaligned, a, out), (a, unaligned, out), (a, a, unaligned)):
        with pytest.raises(ValueError, match="not aligned"):
            cpu.matmul_tiled(*operands, 8, 8, 8)
    assert shown(cpu, out) == [-1] * 64


@pytest.mark.parametrize(
    "numbers",
    [
        np.ones(3),
        np.ones(3, np.int32),
        np.ones((3, 3), np.float32)[:, 1],
        np.ones(3, np.float32)[::-1],
        np.ones(4, ">f4"),
        np.frombuffer(b"\0" * 12, np.float32),  # may not be written to
        np.frombuffer(bytearray(13), np.uint8)[1:].view(np.float32),  # not aligned
    ],
)
def test_what_cannot_be_borrowed(processor, numbers):
    with pytest.raises(ValueError, match="writable, contiguous array of float32"):
        processor.borrow(numbers)


def test_what_is_borrowed_is_shared_and_stays_alive(processor):
    numbers = np.arange(6, dtype=np.float32)
    array = processor.borrow(numbers.reshape(2, 3))
    processor.scalar_add(array, 1.0, array)
    assert numbers.tolist() == [1, 2, 3, 4, 5, 6]
    del numbers
    assert shown(processor, array) == [1, 2, 3, 4, 5, 6]


def test_a_part_shares_memory_and_keeps_it_alive(cuda):
    whole = twelve(cuda)
    part = cuda.part(whole, 4, 5)
    cuda.scalar_add(part, 10.0, part)
    assert shown(cuda, whole) == [0, 1, 2, 3, 14, 15, 16, 17, 18, 9, 10, 11]
    assert (part.size, part.ptr()) == (5, whole.ptr() + 16)
    del whole
    assert shown(cuda, part) == [14, 15, 16, 17, 18]
    for first, size in ((0, 6), (6, 0), (1, 5), (2**63, 2**63), (-1, 1)):
        with pytest.raises((ValueError, TypeError)):
            cuda.part(part, first, size)


@pytest.mark.parametrize("size", [-1, -(2**62)])
def test_memory_of_a_negative_size(device, size):
    with pytest.raises(ValueError, match="negative"):
        device.Array(size)


def test_a_kernel_of_one_device_takes_no_memory_of_another(cpu):
    from needle.backend_ndarray import cpu_numpy

    with pytest.raises(TypeError):
        cpu.ewise_add(cpu_numpy().Array(2), cpu.Array(2), cpu.Array(2))
    with pytest.raises(TypeError):
        cpu.ewise_add(cpu.Array(2), None, cpu.Array(2))
