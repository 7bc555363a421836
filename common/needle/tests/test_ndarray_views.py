"""Views: the numbers and strides that NumPy's have, in the same memory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from needle import backend_ndarray as nd
from needle.backend_ndarray import NDArray
from strategies import many, quick, reshapes, shapes
from view_chains import chains, counting, last_views, on_ndarray, on_numpy


def assert_same(a: NDArray, x: np.ndarray) -> None:
    assert a.shape == x.shape
    np.testing.assert_array_equal(a.numpy(), x)
    np.testing.assert_array_equal(a.compact().numpy(), x)
    if x.size:  # along an axis of length 1 nobody takes a step
        ours = [step for step, n in zip(a.strides, a.shape, strict=True) if n > 1]
        numpys = [
            step // 4 for step, n in zip(x.strides, x.shape, strict=True) if n > 1
        ]
        assert ours == numpys


@many
@given(drawn=chains())
def test_a_view_of_a_view_is_what_it_is_in_numpy(device, drawn):
    shape, steps = drawn
    x = counting(shape)
    a = start = nd.array(x, device=device)
    for step in steps:
        a, x = on_ndarray(a, step), on_numpy(x, step)
        assert_same(a, x)
        assert a._handle is start._handle
        assert a.size == x.size
        assert a.ndim == x.ndim
    np.testing.assert_array_equal(start.numpy(), counting(shape))


@quick
@given(drawn=chains(max_dims=10))
def test_up_to_twelve_axes(device, drawn):
    assert_same(*last_views(device, *drawn))


@quick
@given(drawn=reshapes())
def test_reshape_keeps_the_order_and_the_memory(device, drawn):
    before, after = drawn
    a = nd.array(counting(before), device=device)
    b = a.reshape(after)
    assert_same(b, counting(before).reshape(after))
    assert b._handle is a._handle
    assert b.strides == NDArray.compact_strides(after)


@quick
@given(drawn=chains())
def test_the_function_reshape_copies_only_where_it_has_to(device, drawn):
    a, x = last_views(device, *drawn)
    flat = nd.reshape(a, (-1,)) if a.size else nd.reshape(a, (0,))
    np.testing.assert_array_equal(flat.numpy(), x.reshape(-1))
    assert (flat._handle is a._handle) == a.is_compact()
    np.testing.assert_array_equal(a.flat.numpy(), x.reshape(-1))


@quick
@given(data=st.data())
def test_a_length_is_inferred(device, data):
    shape = data.draw(shapes(min_dims=1))
    a = nd.array(counting(shape), device=device)
    place = data.draw(st.integers(0, len(shape) - 1))
    asked = [-1 if axis == place else n for axis, n in enumerate(shape)]
    assert a.reshape(asked).shape == shape


@pytest.mark.parametrize("shape", [(), (1,), (1, 1), (0,), (3, 0, 2)])
def test_without_axes_or_elements(device, shape):
    a = nd.array(np.ones(shape), device=device)
    assert a.permute(tuple(range(a.ndim))).shape == shape
    assert a.broadcast_to((2, *shape)).shape == (2, *shape)
    assert a[(slice(None),) * a.ndim].shape == shape
    assert a.reshape((a.size,)).shape == (a.size,)
    assert a.numpy().shape == shape


def test_strides_of_axes_of_length_one_stay_as_they_are(device):
    a = nd.array(counting((3, 1, 4)), device=device)
    assert a.strides == (4, 4, 1)
    assert a.permute((1, 2, 0)).strides == (4, 1, 4)
    assert a[1, 0, 2].strides == (4, 4, 1)
    assert a[::2, :, 3:0:-2].strides == (8, 4, -2)
    assert a.broadcast_to((3, 1, 4)).strides == (4, 4, 1)
    assert a.broadcast_to((2, 3, 5, 4)).strides == (0, 4, 0, 1)
    assert (a + 1).strides == (4, 4, 1)
    assert (a.permute((2, 1, 0)) + 1).strides == (3, 3, 1)


def test_an_integer_is_a_slice_of_length_one(device):
    x = counting((4, 5))
    a = nd.array(x, device=device)
    for i in range(-4, 4):
        assert_same(a[i, 2:], x[i : i + 1 or None, 2:])
    assert_same(a[np.int64(2), np.uint8(3)], x[2:3, 3:4])
    assert_same(nd.array(x[0], device=device)[3], x[0, 3:4])  # one axis, one index


def test_is_compact_asks_for_all_of_the_memory_in_order(device):
    a = nd.array(counting((4, 3)), device=device)
    assert a.is_compact()
    assert a.compact() is a
    assert not a.permute((1, 0)).is_compact()
    assert not a[:2, :].is_compact()  # a part of the memory
    assert not a[:, ::-1].is_compact()
    assert not nd.array([1.0], device=device).broadcast_to((3,)).is_compact()
    assert a[:, :].is_compact()
    beyond = NDArray.make((12,), device=device, handle=a._handle, offset=1)
    assert not beyond.is_compact()
    with pytest.raises(ValueError, match="from element 1 to 12"):
        beyond + 1
    b = a[1:3, :].compact()
    assert b.is_compact()
    assert b._handle.size == 6


def test_a_view_shows_what_is_written_later(device):
    a = nd.array(counting((3, 4)), device=device)
    row, turned = a[1, :], a.permute((1, 0))
    a[1, 2] = 77
    assert row.numpy()[0, 2] == turned.numpy()[2, 1] == 77


def test_iteration_takes_the_first_axis_away(device):
    x = counting((3, 4, 2))
    a = nd.array(x, device=device)
    assert len(a) == 3
    for part, expected in zip(a, x, strict=True):
        assert_same(part, expected)
        assert part._handle is a._handle
    assert [float(each) for each in nd.array([1, 2, 3], device=device)] == [1, 2, 3]
    assert [part.shape for part in a.permute((2, 0, 1))] == [(3, 4)] * 2
    assert list(nd.array(np.ones((0, 2)), device=device)) == []
    assert [n.tolist() for n in np.asarray(list(a))] == x.tolist()


def test_as_strided_keeps_the_first_element(device):
    a = nd.array(counting((5, 5)), device=device)[1:, 2:]
    windows = a.as_strided((3, 2), (5, 1))
    np.testing.assert_array_equal(windows.numpy(), [[7, 8], [12, 13], [17, 18]])
    diagonal = nd.array(counting((4, 4)), device=device).as_strided((4,), (5,))
    np.testing.assert_array_equal(diagonal.numpy(), [0, 5, 10, 15])
    np.testing.assert_array_equal((diagonal * 2).numpy(), [0, 10, 20, 30])


def test_process_slice_fills_in_what_is_missing(device):
    a = nd.empty((5, 6), device=device)
    assert a.process_slice(slice(None), 0) == slice(0, 5, 1)
    assert a.process_slice(slice(-2, None), 1) == slice(4, 6, 1)
    assert a.process_slice(slice(1, 99, 2), 1) == slice(1, 6, 2)
    assert a.process_slice(slice(3, 1), 0) == slice(3, 3, 1)
