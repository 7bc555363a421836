"""Memory shared with NumPy and PyTorch by DLPack, in both directions."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from hypothesis import given
from needle import backend_ndarray as nd
from strategies import quick
from view_chains import chains, counting, last_views


@pytest.fixture(scope="session")
def device(processor):
    """Return the devices that share memory; of the others it is copied."""
    return processor


def goes_backwards(a):
    return any(n > 1 and step < 0 for n, step in zip(a.shape, a.strides, strict=True))


@quick
@given(drawn=chains())
def test_any_view_goes_out_without_a_copy_unless_it_goes_backwards(device, drawn):
    a, x = last_views(device, *drawn)
    out = np.from_dlpack(a)
    assert out.dtype == np.float32
    np.testing.assert_array_equal(out, x)
    if out.size:
        a.fill(-1)
        np.testing.assert_array_equal(out, x if goes_backwards(a) else a.numpy())


@quick
@given(drawn=chains(writable=True))
def test_any_view_of_numpys_comes_in_without_a_copy(device, drawn):
    _, x = last_views(device, *drawn)
    a = nd.from_dlpack(x, device=device)
    assert (a.shape, a.device) == (x.shape, device)
    np.testing.assert_array_equal(a.numpy(), x)
    if x.size:
        x[...] = -x - 1
        np.testing.assert_array_equal(a.numpy(), x)
        a.fill(7)
        assert (x == 7).all()


def test_writing_reaches_the_other_side_both_ways(device):
    a = nd.array(counting((3, 4)), device=device)
    out = np.from_dlpack(a[1:, ::2])
    a[2, 2] = 50
    assert out[1, 1] == 50
    back = nd.from_dlpack(out, device=device)  # there and back: still the same memory
    back[0, 0] = 60
    assert a.numpy()[1, 0] == 60


def test_an_exported_array_outlives_its_source(device):
    a = nd.array(counting((1000,)), device=device)
    out = np.from_dlpack(a[::2])
    del a
    gc.collect()
    noise = [nd.full((1000,), -1, device=device) for _ in range(20)]
    np.testing.assert_array_equal(out, counting((1000,))[::2])
    del noise


def test_an_imported_array_keeps_its_source(device):
    x = counting((1000,)).copy()
    a = nd.from_dlpack(x[100:200], device=device)
    del x
    gc.collect()
    noise = [np.full(1000, -1, np.float32) for _ in range(20)]
    np.testing.assert_array_equal(a.numpy(), np.arange(100, 200))
    b = a[::3]
    del a
    gc.collect()
    np.testing.assert_array_equal(b.numpy(), np.arange(100, 200, 3))
    del noise


def test_the_source_is_free_when_the_last_view_is_gone(device):
    class Watched(np.ndarray):
        ended = False

        def __del__(self):
            Watched.ended = True

    a = nd.from_dlpack(counting((8,)).copy().view(Watched), device=device)[2:]
    gc.collect()
    assert not Watched.ended
    del a
    gc.collect()
    assert Watched.ended


def test_what_may_not_be_written_to_is_copied(device):
    x = counting((4,))
    x.flags.writeable = False
    a = nd.from_dlpack(x, device=device)
    a.fill(9)
    np.testing.assert_array_equal(x, counting((4,)))


@pytest.mark.parametrize(
    "dtype", [np.float64, np.float16, np.int32, np.uint8, np.bool_]
)
def test_other_types_are_converted_to_a_copy(device, dtype):
    x = np.array([[0, 1], [1, 0]], dtype)
    a = nd.from_dlpack(x, device=device)
    np.testing.assert_array_equal(a.numpy(), x.astype(np.float32))
    a.fill(1)
    assert x[0, 0] == 0


def test_complex_numbers_are_refused(device):
    with pytest.raises(TypeError, match="real numbers"):
        nd.from_dlpack(np.ones(2, np.complex64), device=device)
    with pytest.raises((TypeError, AttributeError), match="__dlpack"):
        nd.from_dlpack([1.0, 2.0], device=device)


def test_steps_that_are_no_whole_elements_are_copied(device):
    records = np.zeros(3, np.dtype([("x", "f4"), ("flag", "u1")]))
    records["x"] = [1, 2, 3]
    try:
        a = nd.from_dlpack(records["x"], device=device)
    except BufferError:  # NumPy has no way to export it
        return
    np.testing.assert_array_equal(a.numpy(), [1, 2, 3])


def test_without_a_device_it_is_the_default_one():
    assert nd.from_dlpack(counting((2,))).device is nd.default_device()


def test_requests_of_the_protocol(device):
    a = nd.array(counting((2, 3)), device=device)
    assert a.__dlpack_device__() == (1, 0)
    assert "dltensor" in repr(a.__dlpack__())
    copy = np.from_dlpack(a, copy=True)
    a.fill(0)
    np.testing.assert_array_equal(copy, counting((2, 3)))
    assert np.from_dlpack(a, device="cpu").shape == (2, 3)
    with pytest.raises((BufferError, RuntimeError, ValueError)):
        a.__dlpack__(dl_device=(2, 0))  # a graphics card
    assert np.from_dlpack(a[:, ::-1]).strides == (12, 4)
    assert np.shares_memory(np.from_dlpack(a[::-2, :], copy=False), np.from_dlpack(a))
    with pytest.raises(BufferError, match=r"backwards, .* use a\.compact\(\)"):
        np.from_dlpack(a[::-1, :], copy=False)


def test_memory_elsewhere_is_not_shared(monkeypatch):
    a = nd.array(counting((2,)))
    monkeypatch.setattr(a, "_device", nd.BackendDevice("cuda", None))
    for use in (a.__dlpack__, a.__dlpack_device__):
        with pytest.raises(BufferError, match=r"use a\.numpy\(\)"):
            use()


@quick
@given(drawn=chains(writable=True))
def test_pytorch_shares_views_in_both_directions(device, drawn):
    torch = pytest.importorskip("torch")
    _, x = last_views(device, *drawn)
    x = x if all(step >= 0 for step in x.strides) else x.copy()  # PyTorch has no others
    a = nd.from_dlpack(x, device=device)
    t = torch.from_dlpack(a)
    assert tuple(t.shape) == a.shape
    b = nd.from_dlpack(t, device=device)
    if x.size:
        t.fill_(3)
        assert (a.numpy() == 3).all()
        b.fill(4)
        assert (t == 4).all()
        assert (x == 4).all()


@quick
@given(drawn=chains())
def test_pytorch_takes_any_view(device, drawn):
    torch = pytest.importorskip("torch")
    a, x = last_views(device, *drawn)
    np.testing.assert_array_equal(torch.from_dlpack(a).numpy(), x)


def test_pytorch_outlives_and_is_kept(device):
    torch = pytest.importorskip("torch")
    t = torch.from_dlpack(nd.array(counting((50, 4)), device=device)[:, 1:3])
    a = nd.from_dlpack(torch.arange(100.0).reshape(10, 10).T, device=device)
    gc.collect()
    noise = [nd.full((200,), -1, device=device) for _ in range(20)]
    np.testing.assert_array_equal(t.numpy(), counting((50, 4))[:, 1:3])
    np.testing.assert_array_equal(a.numpy(), np.arange(100).reshape(10, 10).T)
    del noise


def test_pytorch_with_a_gradient_is_refused_by_pytorch(device):
    torch = pytest.importorskip("torch")
    with pytest.raises((BufferError, RuntimeError), match="require"):
        nd.from_dlpack(torch.ones(2, requires_grad=True), device=device)
