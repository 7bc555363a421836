"""Public tests of homework 3, questions 2 to 5: each kernel by itself.

A kernel gets flat memory and some numbers; a loop in Python says what each element has
to become (tests/support/kernel_loops.py). The memory of a result is full of what is not
a number before, so that nothing may be left out, nor added to.
"""

import itertools
import math

import numpy as np
import pytest
from devices import IN_TILES, KERNELS
from flat import flat, numbers_in, quarters, run_kernel
from hypothesis import given
from hypothesis import strategies as st
from kernel_loops import gathered, in_tiles, places, product, reduced, scattered
from numeric import assert_close
from strategies import quick
from view_strategies import Layout, layouts, several

INF, NAN = math.inf, math.nan
# Lengths around those of vectors and blocks, where something may be left over; the last
# is more than 64 blocks of CUDA's could have.
LENGTHS = (0, 1, 2, 7, 8, 9, 31, 64, 65, 1001, 5003, 70_001)
# A few views by hand, from the simple to the strange.
LAYOUTS = {
    "all of it": Layout(12, (3, 4), (4, 1), 0),
    "turned": Layout(12, (4, 3), (1, 4), 0),
    "a column": Layout(12, (3, 1), (4, 1), 2),
    "from the end": Layout(12, (12,), (-1,), 11),
    "every other": Layout(12, (2, 2), (8, 2), 1),
    "both ways": Layout(24, (2, 3, 2), (-12, 4, -2), 15),
    "three turned": Layout(24, (4, 2, 3), (1, 12, 4), 0),
    "a length of 1 in front": Layout(12, (1, 12), (7, 1), 0),
    "one between": Layout(12, (4, 1, 3), (1, 99, 4), 0),
    "one at the end": Layout(12, (3, 4, 1), (1, 3, -5), 0),
    "no axis": Layout(5, (), (), 3),
    "nothing": Layout(5, (2, 0, 3), (1, 1, 1), 0),
    "eight axes": Layout(256, (2,) * 8, (1, 16, 4, 64, 2, 128, 8, 32), 0),
}
by_hand = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


def memory(size, seed=0):
    """Return numbers, no two of them the same."""
    return np.random.default_rng(seed).permutation(size).astype(np.float32) + 0.5


def assert_exact(got, wanted, claim):
    """Fail unless numbers are the same to the last digit."""
    assert_close(got, np.asarray(wanted, np.float32), claim, rtol=0, atol=0)


# --------------------------------------------------- question 2: compact and setitem


def check_gather(device, layout):
    before = memory(layout.size)
    where = places(*layout.then())
    got = run_kernel(device, "compact", before, out=len(where), then=layout.then())
    assert_exact(got, gathered(before, where), f"compact of {layout}")


def check_scatter(device, layout):
    before, where = memory(layout.size), places(*layout.then())
    new = -memory(len(where), 1)
    got = run_kernel(device, "ewise_setitem", new, out=before, then=layout.then())
    wanted = scattered(before, where, new)
    assert_exact(got, wanted, f"ewise_setitem into {layout}")


def check_scatter_of_one_number(device, layout):
    before, where = memory(layout.size), places(*layout.then())
    count, then = len(where), layout.then()
    got = run_kernel(device, "scalar_setitem", count, -0.75, out=before, then=then)
    wanted = scattered(before, where, [-0.75] * count)
    assert_exact(got, wanted, f"scalar_setitem into {layout}")


@pytest.mark.parametrize("device", KERNELS)
@by_hand
def test_compact_kernel(device, layout):
    check_gather(device, layout)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize(
    "layout",
    [
        Layout(3, (4, 3), (0, 1), 0),
        Layout(3, (3, 4), (1, 0), 0),
        Layout(1, (2, 2, 2), (0, 0, 0), 0),
        Layout(6, (2, 2, 3), (3, 0, -1), 2),
        Layout(9, (4, 3), (1, 2), 0),
    ],
    ids=str,
)
def test_compact_kernel_of_elements_seen_twice(device, layout):
    check_gather(device, layout)


@pytest.mark.parametrize("device", KERNELS)
@several
@given(layouts())
def test_compact_kernel_of_any_view(device, layout):
    check_gather(device, layout)


@pytest.mark.parametrize("device", KERNELS)
@by_hand
def test_setitem_ewise_kernel(device, layout):
    check_scatter(device, layout)


@pytest.mark.parametrize("device", KERNELS)
@several
@given(layouts(repeat=False))
def test_setitem_ewise_kernel_of_any_view(device, layout):
    check_scatter(device, layout)


@pytest.mark.parametrize("device", KERNELS)
@by_hand
def test_setitem_scalar_kernel(device, layout):
    check_scatter_of_one_number(device, layout)


@pytest.mark.parametrize("device", KERNELS)
@several
@given(layouts(repeat=False))
def test_setitem_scalar_kernel_of_any_view(device, layout):
    check_scatter_of_one_number(device, layout)


# ----------------------------------------------- question 3: elementwise and scalar

PAIRS = {
    "mul": np.multiply,
    "div": np.divide,
    "maximum": np.maximum,
    "eq": np.equal,
    "ge": np.greater_equal,
}
NUMBERS = {**PAIRS, "power": np.power}
SPECIAL = np.float32([0, -0.0, 1, -1, 2.5, -2.5, INF, -INF, NAN, 3e38, -3e38, 1e-30])


def wanted_of(function, *arrays):
    """Return what NumPy makes of numbers, in double precision, as float32."""
    with np.errstate(all="ignore"):
        exact = function(*(np.asarray(each, np.float64) for each in arrays))
        return exact.astype(np.float32)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("name", PAIRS)
def test_ewise_fn_kernel(device, name):
    for length in LENGTHS:
        a, b = quarters(length), quarters(length, 1) + (0.125 if name == "div" else 0)
        got = run_kernel(device, f"ewise_{name}", a, b, out=length)
        claim = f"ewise_{name} of {length} numbers"
        assert_close(got, wanted_of(PAIRS[name], a, b), claim, rtol=1e-6, atol=0)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("name", PAIRS)
def test_ewise_fn_kernel_of_special_numbers(device, name):
    a, b = (x.reshape(-1) for x in np.meshgrid(SPECIAL, SPECIAL, indexing="ij"))
    got = run_kernel(device, f"ewise_{name}", a, b, out=a.size)
    for x, y, each in zip(a, b, got, strict=True):
        claim = f"ewise_{name} of {x} and {y}"
        assert_close(each, wanted_of(PAIRS[name], x, y), claim, rtol=1e-6, atol=0)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("name", NUMBERS)
def test_scalar_kernel(device, name):
    values = (2, 3, -1, 0.5, 1.5) if name == "power" else (-1.25, 0.5, 3)
    for length in LENGTHS:
        a = quarters(length)
        x = np.abs(a) + 0.25 if name == "power" else a
        for value in values:
            got = run_kernel(device, f"scalar_{name}", x, value, out=length)
            claim = f"scalar_{name} of {length} numbers and {value}"
            assert_close(got, wanted_of(NUMBERS[name], x, value), claim, 1e-5, atol=0)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("name", PAIRS)
def test_scalar_kernel_of_special_numbers(device, name):
    for value in SPECIAL:
        got = run_kernel(device, f"scalar_{name}", SPECIAL, value, out=SPECIAL.size)
        claim = f"scalar_{name} of special numbers and {value}"
        assert_close(got, wanted_of(PAIRS[name], SPECIAL, value), claim, 1e-6, atol=0)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("value", [2, 3, 1, 0, -1, -2, 0.5, -0.5])
def test_scalar_power_of_special_numbers(device, value):
    a = np.float32([0, 1, -1, 2, -2, -0.5, 1e15, -1e15, INF, NAN])
    got = run_kernel(device, "scalar_power", a, value, out=a.size)
    for x, each in zip(a, got, strict=True):
        claim = f"scalar_power of {x} and {value}"
        assert_close(each, wanted_of(np.power, x, value), claim, rtol=1e-5, atol=0)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize(
    "name, function, numbers",
    [
        ("log", np.log, [1, math.e, 1e-30, 3e38, 0, -1, INF, NAN, 1.001]),
        ("exp", np.exp, [0, -0.0, 1, -1, 80, -80, 100, -200, INF, -INF, NAN, 1e-3]),
        ("tanh", np.tanh, [0, 0.5, -0.5, 9, -9, 50, -50, 200, -200, INF, -INF, NAN]),
    ],
    ids=["log", "exp", "tanh"],
)
def test_ewise_log_exp_tanh_of_special_numbers(device, name, function, numbers):
    for x in np.float32(numbers):
        got = run_kernel(device, f"ewise_{name}", x.reshape(1), out=1)
        claim = f"ewise_{name} of {x}"
        assert_close(got[0], wanted_of(function, x), claim, rtol=1e-5, atol=1e-37)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("name", ["log", "exp", "tanh"])
def test_ewise_log_exp_tanh_kernel(device, name):
    for length in LENGTHS:
        a = np.abs(quarters(length)) + 0.25
        got = run_kernel(device, f"ewise_{name}", a, out=length)
        wanted = wanted_of(getattr(np, name), a)
        assert_close(got, wanted, f"ewise_{name} of {length} numbers", rtol=1e-5)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("name", PAIRS)
def test_ewise_fn_kernel_into_an_operand(device, name):
    numbers = [quarters(37), quarters(37, 1) + 0.125]
    wanted = wanted_of(PAIRS[name], *numbers)
    for place in (0, 1):
        handles = [flat(device, each) for each in numbers]
        getattr(device, f"ewise_{name}")(*handles, handles[place])
        got = numbers_in(device, handles[place])
        claim = f"ewise_{name}(a, b, {'ab'[place]}): out may be an operand"
        assert_close(got, wanted, claim, rtol=1e-6)


# ------------------------------------------------------------ question 4: reductions

GROUPS = st.tuples(*(st.integers(1, high) for high in (5, 12, 5)))


def check_reduction(device, name, combine, numbers, length, inner, claim="", rtol=0):
    out = numbers.size // length
    got = run_kernel(device, name, numbers, out=out, then=(length, inner))
    wanted = reduced(combine, numbers.reshape(-1).tolist(), length, inner)
    shown = f"{name} of shape ({out // inner}, {length}, {inner}) along its axis 1"
    assert_close(got, wanted, f"{shown} {claim}".strip(), rtol=rtol, atol=0)


@pytest.mark.parametrize("device", KERNELS)
@quick
@given(GROUPS)
def test_reduce_sum_kernel(device, shape):
    check_reduction(device, "reduce_sum", math.fsum, quarters(shape), *shape[1:])


@pytest.mark.parametrize("device", KERNELS)
@quick
@given(GROUPS)
def test_reduce_max_kernel(device, shape):
    claim = "where all are negative"
    numbers = -memory(math.prod(shape))
    check_reduction(device, "reduce_max", max, numbers, *shape[1:], claim)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("inner", [1, 2, 67])
@pytest.mark.parametrize("length", [1, 63, 64, 65, 130, 4097, 9001])
def test_reduce_kernels_of_many_numbers(device, length, inner):
    shape = (2, length, inner)
    check_reduction(device, "reduce_sum", math.fsum, quarters(shape), length, inner)
    numbers = -memory(math.prod(shape))
    check_reduction(device, "reduce_max", max, numbers, length, inner)


@pytest.mark.parametrize("device", KERNELS)
def test_reduce_kernels_without_inner(device):
    rows = 1100  # more than a block of CUDA's has threads
    numbers = quarters((rows, 7))
    for name, wanted in [
        ("reduce_sum", numbers.sum(1)),
        ("reduce_max", numbers.max(1)),
    ]:
        got = run_kernel(device, name, numbers, out=rows, then=(7,))
        assert_exact(got, wanted, f"{name} with two numbers only: inner is 1")


@pytest.mark.parametrize("device", KERNELS)
def test_reduce_sum_counts(device):
    for length in (0, 1, 1000, 70_001):
        got = run_kernel(device, "reduce_sum", np.ones(length), out=1, then=(length, 1))
        assert_exact(got, [length], f"the sum of {length} ones")


@pytest.mark.parametrize("device", KERNELS)
def test_reduce_sum_of_small_numbers(device):
    numbers = np.full(100_000, 0.1, np.float32)
    claim = "a float that adds up so many is a little off, by far less than this"
    check_reduction(
        device, "reduce_sum", math.fsum, numbers, 100_000, 1, claim, rtol=1e-3
    )


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("inner", [1, 3])
@pytest.mark.parametrize("length", [1, 5, 70])
@pytest.mark.parametrize("value", [-INF, INF, -3e38, NAN])
def test_reduce_max_kernel_of_special_numbers(device, value, length, inner):
    numbers = np.full((2, length, inner), value, np.float32)
    got = run_kernel(device, "reduce_max", numbers, out=2 * inner, then=(length, inner))
    assert_exact(got, [value] * 2 * inner, f"the largest of {length} times {value}")
    for place, group in itertools.product({0, length // 2, length - 1}, (0, 1)):
        numbers = -1 - quarters((2, length, inner)) ** 2
        numbers[group, place, inner - 1] = value
        got = run_kernel(
            device, "reduce_max", numbers, out=2 * inner, then=(length, inner)
        )
        claim = f"{value} among negative numbers, at place {place} of {length}"
        assert_exact(got, numbers.max(axis=1).reshape(-1), claim)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("inner", [1, 3])
@pytest.mark.parametrize("values", [(INF, 1), (-INF, 1), (INF, -INF), (NAN, 1)])
def test_reduce_sum_kernel_of_special_numbers(device, values, inner):
    numbers = np.ones((2, 9, inner), np.float32)
    numbers[0, 2], numbers[0, 7] = values
    got = run_kernel(device, "reduce_sum", numbers, out=2 * inner, then=(9, inner))
    wanted = [sum([7, *values])] * inner + [9] * inner
    assert_exact(got, wanted, f"a sum with {values[0]} and {values[1]} in it")


# ------------------------------------------------- question 5: products of matrices

TILES = [(1, 1, 1), (2, 1, 1), (1, 2, 1), (1, 1, 2), (3, 2, 4), (2, 5, 3), (4, 3, 2)]


@pytest.mark.parametrize("device", KERNELS)
@quick
@given(st.tuples(st.integers(1, 9), st.integers(0, 7), st.integers(1, 11)))
def test_matmul_kernel(device, sizes):
    m, n, p = sizes
    a, b = quarters((m, n)), quarters((n, p), 1)
    got = run_kernel(device, "matmul", a, b, out=m * p, then=sizes)
    wanted = product(a.reshape(-1).tolist(), b.reshape(-1).tolist(), m, n, p)
    claim = f"matmul of {m}x{n} by {n}x{p}: every element of out is written, row by row"
    assert_exact(got, wanted, claim)


@pytest.mark.parametrize("device", IN_TILES)
@pytest.mark.parametrize("counts", TILES, ids=str)
def test_matmul_tiled(device, counts):
    tile = device.__tile_size__
    m, n, p = (count * tile for count in counts)
    a, b = quarters((m, n)), quarters((n, p), 1)
    tiles = [
        np.float32(in_tiles(a.reshape(-1), m, n, tile)),
        np.float32(in_tiles(b.reshape(-1), n, p, tile)),
    ]
    got = run_kernel(device, "matmul_tiled", *tiles, out=m * p, then=(m, n, p))
    claim = f"matmul_tiled of matrices of {counts} tiles, each written once and whole"
    assert_exact(got, in_tiles((a @ b).reshape(-1), m, p, tile), claim)


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("counts", TILES, ids=str)
def test_matmul_kernel_of_whole_tiles(device, counts):
    m, n, p = (count * device.__tile_size__ for count in counts)
    a, b = quarters((m, n), 2), quarters((n, p), 3)
    whole = run_kernel(device, "matmul", a, b, out=m * p, then=(m, n, p))
    assert_exact(whole, (a @ b).reshape(-1), f"matmul of {m}x{n} by {n}x{p}")


def check_zeros_times(device, value, a, b, place, wanted):
    """Try a product in which a number meets nothing but zeros: it is not left out."""
    (m, n), p, tile = a.shape, b.shape[1], device.__tile_size__
    got = run_kernel(device, "matmul", a, b, out=m * p, then=(m, n, p))
    claim = f"0 times {value} is no number, and so is each sum with it; {place}"
    assert_exact(got, wanted.reshape(-1), claim)
    if hasattr(device.mod, "matmul_tiled") and not (m % tile or n % tile or p % tile):
        tiles = [np.float32(in_tiles(x.reshape(-1), *x.shape, tile)) for x in (a, b)]
        got = run_kernel(device, "matmul_tiled", *tiles, out=m * p, then=(m, n, p))
        assert_exact(got, in_tiles(wanted.reshape(-1), m, p, tile), f"{claim}, tiled")


@pytest.mark.parametrize("device", KERNELS)
@pytest.mark.parametrize("value", [NAN, INF])
@pytest.mark.parametrize("sizes", [(3, 5, 4), (9, 9, 9), (8, 16, 8)], ids=str)
def test_matmul_kernel_hands_on_what_is_no_number(device, sizes, value):
    m, n, p = sizes
    a, b, wanted = np.zeros((m, n)), quarters((n, p)), np.zeros((m, p))
    b[n - 1, p - 1], wanted[:, p - 1] = value, NAN
    check_zeros_times(device, value, a, b, "it stands in b", wanted)
    a, b, wanted = quarters((m, n)), np.zeros((n, p)), np.zeros((m, p))
    a[m - 1, n - 1], wanted[m - 1] = value, NAN
    check_zeros_times(device, value, a, b, "it stands in a", wanted)
