"""Public tests of homework 3, question 1: views, in Python alone.

Run them with ``python3 -m pytest -k "permute or reshape or broadcast or getitem"``; no
kernel is needed, nor a compiler. The arrays here are numbered: each element is its own
place in memory, so that a wrong stride or offset shows as a wrong number.
"""

import math

import numpy as np
import pytest
from devices import VIEWS
from hypothesis import given
from hypothesis import strategies as st
from kernel_loops import row_major
from needle import backend_ndarray as nd
from strategies import broadcasts, quick, reshapes, shapes
from view_check import assert_view, numbered, steps, written
from view_strategies import as_slices, indices, orders, several

SHAPES = shapes(max_dims=6, max_side=4)
INDICES = [
    (1, slice(None), slice(None)),
    (slice(1, 3), slice(None), slice(None)),
    (slice(None), slice(None), 5),
    (slice(1, 4), slice(2, 5), slice(3, 6)),
    (slice(0, 4, 2), slice(1, 5, 2), slice(0, 6, 3)),
    (slice(0, 4, 3), slice(1, 4, 2), slice(2, 5, 4)),
    (2, 3, 4),
    (0, slice(4, 5), slice(5, None, 3)),
    (-1, slice(-2, None), slice(None, -3)),
]


def three_axes(device):
    """Return a numbered array of shape (4, 5, 6), and NumPy's twin of it."""
    return numbered((4, 5, 6), device)


def of_steps(numbers, before):
    """Return strides after a broadcast; those of axes of length 1 are of no account."""
    added = numbers.ndim - len(before)
    return [
        None if axis >= added and before[axis - added] == 1 == length else step
        for axis, (length, step) in enumerate(
            zip(numbers.shape, steps(numbers), strict=True)
        )
    ]


# --------------------------------------------------------------------------- permute


@pytest.mark.parametrize("device", VIEWS)
@quick
@given(SHAPES.flatmap(lambda shape: st.tuples(st.just(shape), orders(len(shape)))))
def test_permute(device, shape_and_order):
    shape, order = shape_and_order
    a, numbers = numbered(shape, device)
    got = a.permute(order)
    assert_view(got, a, numbers.transpose(order), f"permute({order}) of {shape}")


@pytest.mark.parametrize("device", VIEWS)
@pytest.mark.parametrize("order", [(1, 2, 0), (2, 0, 1), (2, 1, 0), (0, 1, 2)])
def test_permute_of_a_permute(device, order):
    a, numbers = three_axes(device)
    claim = f"permute({order}), and then once more: axes are counted anew"
    twice = numbers.transpose(order).transpose(order)
    assert_view(a.permute(order).permute(order), a, twice, claim)
    back = [order.index(axis) for axis in range(3)]
    claim = f"permute({order}), then permute({back}): as it was"
    assert_view(a.permute(order).permute(back), a, numbers, claim)


@pytest.mark.parametrize("device", VIEWS)
def test_permute_counts_from_the_end(device):
    a, numbers = three_axes(device)
    claim = "permute((-1, 0, 1)) of three axes: -1 is the last one"
    assert_view(a.permute((-1, 0, 1)), a, numbers.transpose(2, 0, 1), claim)
    assert_view(a.permute([2, 0, 1]), a, numbers.transpose(2, 0, 1), "a list of axes")


@pytest.mark.parametrize("device", VIEWS)
def test_permute_keeps_the_offset(device):
    a, numbers = three_axes(device)
    part, same = a[1:3, 2:, ::2], numbers[1:3, 2:, ::2]
    claim = "permute((2, 0, 1)) of a part of an array"
    assert_view(part.permute((2, 0, 1)), a, same.transpose(2, 0, 1), claim)


@pytest.mark.parametrize("device", VIEWS)
def test_permute_refuses_some_of_the_axes(device):
    a, _ = three_axes(device)
    for axes in [(0, 1), (2,), ()]:
        with pytest.raises((ValueError, AssertionError)):
            a.permute(axes)


# --------------------------------------------------------------------------- reshape


@pytest.mark.parametrize("device", VIEWS)
@quick
@given(reshapes())
def test_reshape(device, before_and_after):
    before, after = before_and_after
    a, numbers = numbered(before, device)
    claim = f"reshape({after}) of {before}"
    assert_view(a.reshape(after), a, numbers.reshape(after), claim, row_major(after))


@pytest.mark.parametrize("device", VIEWS)
@pytest.mark.parametrize(
    "before, after",
    [((), (1, 1)), ((1,), ()), ((0, 3), (3, 0)), ((2, 0), (0,)), ((0,), (4, 0, 2))],
)
def test_reshape_of_one_element_or_none(device, before, after):
    a, numbers = numbered(before, device)
    claim = f"reshape({after}) of {before}"
    assert_view(a.reshape(after), a, numbers.reshape(after), claim, row_major(after))


@pytest.mark.parametrize("device", VIEWS)
def test_reshape_fills_a_gap(device):
    a, numbers = three_axes(device)
    for shape, whole in [((-1, 8), (15, 8)), ([2, 3, -1], (2, 3, 20)), (-1, (120,))]:
        claim = f"reshape({shape}): -1 is whatever is left"
        got = a.reshape(shape)
        assert_view(got, a, numbers.reshape(whole), claim, row_major(whole))


@pytest.mark.parametrize("device", VIEWS)
@pytest.mark.parametrize("shape", [(4, 5, 7), (119,), (121,), (2, 60, 2), (), (0,)])
def test_reshape_refuses_another_number_of_elements(device, shape):
    a, _ = three_axes(device)
    with pytest.raises(ValueError):
        a.reshape(shape)


@pytest.mark.parametrize("device", VIEWS)
def test_reshape_refuses_what_no_view_can_show(device):
    a, _ = numbered((4, 6), device)
    views = {
        "a.permute((1, 0))": a.permute((1, 0)),
        "a[:, 1:3]": a[:, 1:3],
        "a[::2, :]": a[::2, :],
        "a[1:3, :], which lacks the rest of the memory": a[1:3, :],
        "a[0:2, :], which lacks the rest of the memory": a[0:2, :],
        "a[0, :].broadcast_to((3, 6))": a[0, :].broadcast_to((3, 6)),
    }
    for claim, view in views.items():
        try:
            view.reshape((view.size,))
        except ValueError:
            continue
        pytest.fail(f"reshape of {claim} should raise a ValueError: no view can do it")


# ---------------------------------------------------------------------- broadcast_to


@pytest.mark.parametrize("device", VIEWS)
@quick
@given(broadcasts(max_dims=5))
def test_broadcast_to(device, small_and_large):
    small, large = small_and_large
    a, numbers = numbered(small, device)
    got, same = a.broadcast_to(large), np.broadcast_to(numbers, large)
    claim = f"broadcast_to({large}) of {small}"
    assert_view(got, a, same, claim, of_steps(same, small))


@pytest.mark.parametrize("device", VIEWS)
@pytest.mark.parametrize(
    "small, large",
    [
        ((1, 3, 4), (6, 3, 4)),
        ((3, 1), (3, 5)),
        ((2,), (3, 4, 2)),
        ((), (2, 3)),
        ((5, 1, 1), (5, 2, 3)),
        ((1,), (0,)),
        ((3, 1), (3, 0)),
        ((1, 2), (4, 0, 2)),
    ],
)
def test_broadcast_to_repeats_without_a_copy(device, small, large):
    a, numbers = numbered(small, device)
    got, same = a.broadcast_to(list(large)), np.broadcast_to(numbers, large)
    claim = f"broadcast_to({large}) of {small}"
    assert_view(got, a, same, claim, of_steps(same, small))


@pytest.mark.parametrize("device", VIEWS)
def test_broadcast_to_of_a_part(device):
    a, numbers = three_axes(device)
    part, same = a[2:3, 1:5:2, -1], numbers[2:3, 1:5:2, 5:6]
    large = (7, 3, 2, 4)
    claim = f"broadcast_to({large}) of a[2:3, 1:5:2, -1]"
    assert_view(part.broadcast_to(large), a, np.broadcast_to(same, large), claim)
    turned, same = part.permute((2, 1, 0)), same.transpose(2, 1, 0)
    claim = f"broadcast_to({large[1:]}) of its axes in another order"
    large = (3, 2, 4)
    assert_view(turned.broadcast_to(large), a, np.broadcast_to(same, large), claim)


@pytest.mark.parametrize("device", VIEWS)
@pytest.mark.parametrize(
    "small, large",
    [
        ((3, 4), (3, 5)),
        ((3, 4), (4, 3)),
        ((3,), (3, 2)),
        ((2, 3), (3,)),
        ((2, 3), (6, 1)),
        ((2, 1), (1, 1)),
        ((2,), (0,)),
        ((1, 3), ()),
        ((1, 3), (3,)),
    ],
)
def test_broadcast_to_refuses_other_lengths(device, small, large):
    a, _ = numbered(small, device)
    with pytest.raises((AssertionError, ValueError)):
        a.broadcast_to(large)


# --------------------------------------------------------------------------- getitem


@pytest.mark.parametrize("device", VIEWS)
@pytest.mark.parametrize("index", INDICES)
def test_getitem(device, index):
    a, numbers = three_axes(device)
    same = numbers[as_slices(index, numbers.shape)]
    assert_view(a[index], a, same, f"a[{written(index)}] of {numbers.shape}")


@pytest.mark.parametrize("device", VIEWS)
@several
@given(SHAPES.flatmap(lambda shape: st.tuples(st.just(shape), indices(shape))))
def test_getitem_of_any_kind(device, shape_and_index):
    shape, index = shape_and_index
    a, numbers = numbered(shape, device)
    same = numbers[as_slices(index, shape)].reshape(a[index].shape)
    assert_view(a[index], a, np.asarray(same), f"a[{written(index)}] of {shape}")


@pytest.mark.parametrize("device", VIEWS)
@pytest.mark.parametrize("step", [1, 2, 3, 5])
def test_getitem_counts_what_a_step_meets(device, step):
    a, numbers = numbered((9,), device)
    for stop in range(2, 9):
        claim = f"a[1:{stop}:{step}]: the last step may be cut short"
        assert_view(a[1:stop:step], a, numbers[1:stop:step], claim)


@pytest.mark.parametrize("device", VIEWS)
def test_getitem_of_a_vector(device):
    a, numbers = numbered((5,), device)
    assert_view(a[3], a, numbers[3:4], "a[3] of 5: an axis of length 1 stays")
    assert_view(a[-5], a, numbers[0:1], "a[-5] of 5: the first element")
    assert_view(a[1:4], a, numbers[1:4], "a[1:4] of 5: no comma is needed")


@pytest.mark.parametrize("device", VIEWS)
def test_getitem_of_nothing(device):
    a, _ = three_axes(device)
    for index, shape in [
        ((slice(2, 2), 0, slice(None)), (0, 1, 6)),
        ((slice(None), slice(4, 1), 5), (4, 0, 1)),
        ((3, slice(9, 12, 2), slice(0, 0, 3)), (1, 0, 0)),
    ]:
        claim = f"a[{written(index)}]: where nothing is, a length is 0"
        assert_view(a[index], a, np.empty(shape, np.float32), claim)


@pytest.mark.parametrize("device", VIEWS)
def test_getitem_of_a_getitem(device):
    a, numbers = three_axes(device)
    claim = "a part of a part: offsets add up, steps multiply"
    got = a[1:, ::2, 1:6:2][1:3, 1:, ::2]
    assert_view(got, a, numbers[1:, ::2, 1:6:2][1:3, 1:, ::2], claim)
    got = a[3, 4, 2:][0, 0, -2]
    assert_view(got, a, numbers[3:4, 4:5, 4:5], "a[3, 4, 2:][0, 0, -2]")


@pytest.mark.parametrize("device", VIEWS)
def test_getitem_of_a_permute(device):
    a, numbers = three_axes(device)
    claim = "a part of a[...].permute((2, 0, 1))"
    got = a[1:, :, 1:].permute((2, 0, 1))[1:4, 2, ::2]
    same = numbers[1:, :, 1:].transpose(2, 0, 1)[1:4, 2:3, ::2]
    assert_view(got, a, same, claim)


@pytest.mark.parametrize("device", VIEWS)
def test_getitem_of_a_broadcast(device):
    a, numbers = numbered((3, 1), device)
    got = a.broadcast_to((2, 3, 4))[1, 1:, ::3]
    same = np.broadcast_to(numbers, (2, 3, 4))[1:2, 1:, ::3]
    assert_view(got, a, same, "a part of a repeated array: its steps stay 0")


@pytest.mark.parametrize("device", VIEWS)
def test_getitem_backwards(device):
    a, numbers = three_axes(device)
    got = a[::-1, 3:0:-2, :][1:, :, ::-1]
    same = numbers[::-1, 3:0:-2, :][1:, :, ::-1]
    assert_view(got, a, same, "a[::-1, 3:0:-2, :][1:, :, ::-1]")
    got = a[:, ::-1, :].permute((1, 0, 2))[1, :, 4]
    same = numbers[:, ::-1, :].transpose(1, 0, 2)[1:2, :, 4:5]
    assert_view(got, a, same, "numbers at indices, where a step is negative")


@pytest.mark.parametrize("device", VIEWS)
@quick
@given(st.data())
def test_getitem_permute_and_broadcast_in_any_order(device, data):
    shape = data.draw(shapes(min_dims=1, max_dims=3, max_side=4), label="shape")
    a, numbers = numbered(shape, device)
    got, same = a, numbers
    for step in data.draw(st.lists(st.sampled_from("pbg"), max_size=4), label="steps"):
        if step == "p":
            order = data.draw(orders(same.ndim), label="permute")
            got, same = got.permute(order), same.transpose(order)
        elif step == "b":
            large = (2, *(n if n != 1 else 3 for n in same.shape))
            got, same = got.broadcast_to(large), np.broadcast_to(same, large)
        else:
            index = data.draw(indices(same.shape), label="index")
            got, same = got[index], same[as_slices(index, same.shape)]
    # of axes of length 1 the stride never tells where an element is
    strides = [
        None if n == 1 else step
        for n, step in zip(same.shape, steps(same), strict=True)
    ]
    assert_view(got, a, same, f"of {shape}, step by step", strides)


@pytest.mark.parametrize("device", VIEWS)
def test_getitem_reshape_and_broadcast_of_something_flat(device):
    a, numbers = numbered((24,), device)
    table, same = a.reshape((2, 3, 4)), numbers.reshape(2, 3, 4)
    got = table.permute((1, 0, 2))[1:, :, 0].broadcast_to((2, 2, 5))
    same = np.broadcast_to(same.transpose(1, 0, 2)[1:, :, 0:1], (2, 2, 5))
    assert_view(got, a, same, "a.reshape(...).permute(...)[...].broadcast_to(...)")
    assert got.size == math.prod(got.shape), "size is the product of the lengths"
    assert isinstance(got, nd.NDArray)


@pytest.mark.parametrize("device", VIEWS)
def test_getitem_permute_reshape_and_broadcast_leave_the_array_alone(device):
    a, numbers = numbered((4, 1, 6), device)
    calls = {
        "a.reshape((6, 4))": lambda: a.reshape((6, 4)),
        "a.permute((2, 0, 1))": lambda: a.permute((2, 0, 1)),
        "a.broadcast_to((2, 4, 3, 6))": lambda: a.broadcast_to((2, 4, 3, 6)),
        "a[1:3, 0, ::2]": lambda: a[1:3, 0, ::2],
    }
    for claim, call in calls.items():
        call()
        assert_view(a, a, numbers, f"a, after {claim}", row_major((4, 1, 6)))
