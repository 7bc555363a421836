"""Devices: one object each, what they make, what happens where one is missing."""

from __future__ import annotations

import copy
import pickle
import threading

import numpy as np
import pytest
from needle import backend_ndarray as nd

NAMES = ["cpu", "cuda", "cpu_numpy"]


@pytest.mark.parametrize("name", NAMES)
def test_one_object_each(name):
    made = getattr(nd, name)()
    assert made is getattr(nd, name)()
    assert repr(made) == f"{name}()"
    assert {made: 1}[getattr(nd, name)()] == 1
    assert copy.deepcopy(made) is copy.copy(made) is made
    assert pickle.loads(pickle.dumps(made)) is made


def test_devices_differ():
    assert [repr(device) for device in nd.all_devices()] == [
        "cpu()",
        "cuda()",
        "cpu_numpy()",
    ]
    assert len(set(nd.all_devices())) == 3
    assert nd.cpu() != nd.cpu_numpy()
    assert nd.cpu() is not None
    assert (nd.cpu() == None) is False  # noqa: E711  (the original's raises)
    assert nd.cpu() != "cpu()"
    assert nd.default_device() is nd.cpu_numpy()
    assert nd.cpu_numpy().enabled()


def test_a_device_that_is_not_there():
    gone = nd.BackendDevice("cuda", None)
    assert not gone.enabled()
    for use in (
        lambda: nd.empty((2,), device=gone),
        lambda: nd.array([1], device=gone),
        lambda: gone.zeros(2),
        lambda: gone.ewise_add,
        lambda: nd.array([1]).to(gone),
        lambda: nd.from_dlpack(np.ones(2, np.float32), device=gone),
    ):
        with pytest.raises(RuntimeError, match=r"cuda\(\) cannot be used"):
            use()
    with pytest.raises(RuntimeError, match="run `make`"):
        nd.BackendDevice("cpu", None).randn(2)


@pytest.mark.parametrize("wrong", ["cpu", 0, np])
def test_what_is_no_device(wrong):
    for use in (
        lambda: nd.empty((2,), device=wrong),
        lambda: nd.array([1], device=wrong),
        lambda: nd.array([1]).to(wrong),
        lambda: nd.array(nd.array([1]), device=wrong),
    ):
        with pytest.raises(TypeError, match="a device is what cpu"):
            use()


def test_arrays_of_two_devices_do_not_meet(cpu):
    a, b = nd.full((2, 2), 1, device=cpu), nd.full((2, 2), 1, device=nd.cpu_numpy())
    for use in (
        lambda: a + b,
        lambda: b / a,
        lambda: a == b,
        lambda: a @ b,
        lambda: a.maximum(b),
        lambda: a.__setitem__((slice(None), slice(None)), b),
        lambda: nd.concat([a, b]),
        lambda: nd.where(a, b, b),
    ):
        with pytest.raises(ValueError, match=r"devices"):
            use()
    np.testing.assert_array_equal((a + b.to(cpu)).numpy(), np.full((2, 2), 2))


def test_memory_of_another_device_is_refused(cpu):
    handle = nd.cpu_numpy().Array(2)
    with pytest.raises(TypeError, match=r"is not memory of the device cpu\(\)"):
        nd.NDArray.make((2,), device=cpu, handle=handle)
    with pytest.raises(TypeError, match=r"is not memory of the device cpu_numpy\(\)"):
        nd.NDArray.make((2,), device=nd.cpu_numpy(), handle=cpu.Array(2))
    with pytest.raises(TypeError, match="is not memory"):
        nd.NDArray.make((2,), device=cpu, handle=np.ones(2, np.float32))


@pytest.mark.parametrize("other", ["cpu", "cpu_numpy"])
def test_from_one_device_to_another_and_back(device, other, request):
    there = request.getfixturevalue(other) if other == "cpu" else nd.cpu_numpy()
    x = np.arange(12, dtype=np.float32).reshape(3, 4)
    a = nd.array(x, device=device)[::-1, 1:]
    b = a.to(there)
    assert a.to(device) is a
    assert (b.device, b.to(device).device) == (there, device)
    np.testing.assert_array_equal(b.to(device).numpy(), x[::-1, 1:])
    np.testing.assert_array_equal(nd.array(a, device=there).numpy(), b.numpy())


def test_what_a_device_makes(device):
    assert device.zeros(2, 3).numpy().tolist() == [[0] * 3] * 2
    assert device.ones(2).numpy().tolist() == [1, 1]
    assert device.full((2,), 7).numpy().tolist() == [7, 7]
    assert device.full((), 7).shape == ()
    assert device.empty((2, 0)).shape == (2, 0)
    assert device.zeros(2, 3).device is device
    hot = device.one_hot(3, np.array([[2, 0], [1, 1]]))
    np.testing.assert_array_equal(hot.numpy(), np.eye(3)[[[2, 0], [1, 1]]])
    assert device.one_hot(4, 2).numpy().tolist() == [0, 0, 1, 0]
    assert device.one_hot(4, []).shape == (0, 4)
    for wrong in (3, -1, [0, 3]):
        with pytest.raises(IndexError, match="do not all lie in"):
            device.one_hot(3, wrong)


def test_random_numbers_are_those_of_numpys_generator(device):
    np.random.seed(5)
    drawn = [device.randn(2, 3), device.rand(4), device.rand(), device.randn()]
    np.random.seed(5)
    expected = [np.random.randn(2, 3), np.random.rand(4), np.random.rand()]
    for got, want in zip(drawn, [*expected, np.random.randn()], strict=True):
        np.testing.assert_array_equal(got.numpy(), np.float32(want))


def test_a_copy_of_an_array_has_memory_of_its_own(device):
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    a = nd.array(x, device=device)[:, ::-1]
    copies = [nd.NDArray(a), nd.array(a), copy.copy(a), copy.deepcopy(a)]
    copies.append(pickle.loads(pickle.dumps(a)))
    a.fill(0)
    for each in copies:
        np.testing.assert_array_equal(each.numpy(), x[:, ::-1])
        assert each.device is device
    shared = copy.deepcopy([a, a])
    assert shared[0] is shared[1]


def test_numpys_functions_take_arrays_as_copies(device):
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    a = nd.array(x, device=device)
    np.testing.assert_array_equal(np.asarray(a), x)
    assert np.asarray(a).dtype == np.float32
    assert np.asarray(a, dtype=np.int64).dtype == np.int64
    np.asarray(a)[0, 0] = 99
    a.numpy()[0, 0] = 99
    np.testing.assert_array_equal(a.numpy(), x)
    with pytest.raises(ValueError, match="as a copy only"):
        np.array(a, copy=False)
    assert np.allclose(a, x)


def test_of_lists_numbers_and_other_types(device):
    for numbers in ([1, 2], (1, 2), np.array([1, 2], np.int8), range(1, 3), [True, 2]):
        a = nd.array(numbers, device=device)
        assert (a.dtype, a.numpy().dtype) == ("float32", np.float32)
        assert a.numpy().tolist() == [1, 2]
    assert nd.array(3, device=device).shape == ()
    fortran = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    np.testing.assert_array_equal(nd.array(fortran, device=device).numpy(), fortran)
    np.testing.assert_array_equal(nd.array(fortran[:, ::-2]).numpy(), fortran[:, ::-2])
    assert nd.array([1], dtype=None).dtype == nd.float32


def test_words(device):
    a = nd.array([[1, 2.5]], device=device)
    assert repr(a) == f"NDArray([[1.  2.5]], device={device})"
    assert str(a) == "[[1.  2.5]]"


def test_several_threads_at_once(device):
    wrong = []

    def work(number: int) -> None:
        for _ in range(200):
            a = nd.full((17, 9), number, device=device)
            if ((a + 1) * 2 - a).sum().item() != 17 * 9 * (number + 2):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
