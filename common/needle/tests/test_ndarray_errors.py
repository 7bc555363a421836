"""What a person may do wrong with an array: an error that says what, and no harm."""

from __future__ import annotations

import numpy as np
import pytest
from needle import backend_ndarray as nd


@pytest.fixture
def a(device):
    """Return an array of shape (2, 3, 4), of which every element is different."""
    return nd.array(np.arange(24.0).reshape(2, 3, 4), device=device)


@pytest.mark.parametrize(
    ("index", "error", "said"),
    [
        (np.s_[2, :, :], IndexError, "index 2 is out of range for axis 0, .* length 2"),
        (np.s_[:, -4, :], IndexError, "index -4 is out of range for axis 1"),
        (np.s_[:, :, 2**70], IndexError, "out of range for axis 2"),
        (0, AssertionError, "1 indices for 3 axes: each axis has one"),
        (np.s_[:], AssertionError, "1 indices for 3 axes"),
        (np.s_[:, :, :, 0], AssertionError, "4 indices for 3 axes"),
        ((), AssertionError, "0 indices for 3 axes"),
        (np.s_[...], AssertionError, "1 indices for 3 axes"),
        (np.s_[..., 0, 0], TypeError, "axis 0 stands Ellipsis: .* integer or a slice"),
        (np.s_[None, 0, 0], TypeError, "axis 0 stands None"),
        (np.s_[0, 1.0, 0], TypeError, r"axis 1 stands 1\.0"),
        (np.s_[0, 0, [0, 1]], TypeError, r"axis 2 stands \[0, 1\]: .*not by lists"),
        (np.s_[0, 0, [0]], TypeError, r"axis 2 stands \[0\]"),
        (np.s_[0, 0, np.array([0, 1])], TypeError, "axis 2 stands array"),
        (np.s_[0, True, 0], TypeError, "axis 1 stands True: .* masks"),
        (np.s_[0, np.True_, 0], TypeError, "axis 1 stands .*True"),
        (np.s_["x", 0, 0], TypeError, "axis 0 stands 'x'"),
        (np.s_[0, 0:1.5, 0], TypeError, "slice indices must be integers"),
        (np.s_[::0, 0, 0], ValueError, "slice step cannot be zero"),
    ],
)
def test_indices(a, index, error, said):
    with pytest.raises(error, match=said):
        a[index]
    with pytest.raises(error, match=said):
        a[index] = 5
    np.testing.assert_array_equal(a.numpy().reshape(-1), np.arange(24))


def test_an_array_is_no_index(a):
    with pytest.raises(TypeError, match="axis 0 stands NDArray"):
        a[a >= 3, :, :]


@pytest.mark.parametrize(
    ("shape", "error", "said"),
    [
        ((5, 5), ValueError, "24 elements"),
        ((5, -1), ValueError, "24 elements cannot be shared out"),
        ((-1, -1), ValueError, "cannot be shared out"),
        ((0, -1), ValueError, "cannot be shared out"),
        ((-2, -12), ValueError, "no negative lengths"),
        ((2.0, 12), TypeError, "made of integers"),
        ("24", TypeError, "made of integers"),
        (None, TypeError, "made of integers"),
        ((2**62, 2**62), MemoryError, "no memory holds an array of shape"),
    ],
)
def test_reshape(a, shape, error, said):
    with pytest.raises(error, match=said):
        a.reshape(shape)


def test_reshape_of_what_is_not_compact(a):
    for view in (a.permute((2, 1, 0)), a[:, :2, :], a[:1, :, :]):
        with pytest.raises(ValueError, match=r"not compact; use a\.compact\(\) first"):
            view.reshape((view.size,))


@pytest.mark.parametrize(
    ("axes", "error", "said"),
    [
        ((0, 1), ValueError, "does not name all 3 axes"),
        ((0, 1, 1), ValueError, "more than once"),
        ((0, 1, -2), ValueError, "more than once"),
        ((0, 1, 3), ValueError, "no axis 3: the array has 3"),
        ((0, 1, 2, 3), ValueError, "no axis 3"),
        ((0, 1, 2.0), TypeError, "integers"),
        (None, TypeError, "integers"),
    ],
)
def test_permute(a, axes, error, said):
    with pytest.raises(error, match=said):
        a.permute(axes)
    with pytest.raises(error, match=said):
        nd.permute_dims(a, axes)


@pytest.mark.parametrize(
    ("shape", "error", "said"),
    [
        ((2, 3, 5), AssertionError, r"\(2, 3, 4\) to \(2, 3, 5\)"),
        ((4, 3, 4), AssertionError, "broadcast_to"),
        ((3, 4), AssertionError, "more axes"),
        ((2, 3, 4, 2), AssertionError, "broadcast_to"),
        ((-1, 3, 4), ValueError, "negative"),
        ((2.0, 3, 4), TypeError, "integers"),
        ((2**40, 2**40, 2, 3, 4), MemoryError, "no memory holds"),
    ],
)
def test_broadcast_to(a, shape, error, said):
    with pytest.raises(error, match=said):
        a.broadcast_to(shape)


@pytest.mark.parametrize(
    ("shape", "strides", "error"),
    [
        ((2, 2), (1,), AssertionError),
        ((2, -2), (1, 1), ValueError),
        ((2, 2), (1.0, 1), TypeError),
        ((2,), (2**70,), ValueError),
        ((2,), (-(2**70),), ValueError),
        ((2**70,), (0,), MemoryError),
    ],
)
def test_as_strided(a, shape, strides, error):
    with pytest.raises(error):
        a.as_strided(shape, strides)
    with pytest.raises(error):
        nd.NDArray.make(shape, strides, device=a.device, handle=a._handle)


@pytest.mark.parametrize("offset", [-1, 24, 2**62, -(2**70), 2**70])
def test_an_offset_outside(a, offset):
    def view():
        return nd.NDArray.make((1,), device=a.device, handle=a._handle, offset=offset)

    for use in (nd.NDArray.numpy, nd.NDArray.compact, nd.NDArray.exp, nd.NDArray.sum):
        with pytest.raises(ValueError, match=r"reaches|outside"):
            use(view())
    with pytest.raises(ValueError, match=r"reaches|outside"):
        view().fill(3)
    np.testing.assert_array_equal(a.numpy().reshape(-1), np.arange(24))


def test_a_view_that_leaves_its_memory(a):
    view = a[1:, :, :].as_strided((5, 5), (5, 1))
    for use in (
        view.numpy,
        view.compact,
        view.sum,
        view.exp,
        lambda: view + view,
        lambda: view @ view,
        lambda: view.fill(3),
        lambda: view.__setitem__(np.s_[:, :], a[1, 1, 1].as_strided((1, 1), (1, 1))),
        lambda: np.from_dlpack(view),
    ):
        with pytest.raises((ValueError, BufferError)):  # the last if it is not shared
            use()
    np.testing.assert_array_equal(a.numpy().reshape(-1), np.arange(24))


@pytest.mark.parametrize(
    "shape", [(2**40, 2**21), (2**62, 4), (10**30,), (0, 2**62, 4), (2**50,)]
)
def test_more_than_there_is(device, shape):
    with pytest.raises(MemoryError, match=r"no memory holds|does not fit|Unable to"):
        nd.empty(shape, device=device)
    with pytest.raises(MemoryError):
        nd.full(shape, 1, device=device)
    with pytest.raises(MemoryError):
        device.empty(shape)


def test_a_copy_of_a_view_that_is_too_large(device):
    view = nd.array(1.0, device=device).broadcast_to((2**30, 2**25))
    assert view.size == 2**55
    for use in (view.compact, lambda: view + 1, view.sum, lambda: view * view):
        with pytest.raises(MemoryError):
            use()


@pytest.mark.parametrize(
    ("shape", "error"),
    [((2, -1), ValueError), (-3, ValueError), ((1.5,), TypeError), ("a", TypeError)],
)
def test_shapes_of_new_arrays(device, shape, error):
    for make in (nd.empty, nd.zeros, nd.ones):
        with pytest.raises(error):
            make(shape, device=device)
    with pytest.raises(error):
        nd.full(shape, 0.0, device=device)


@pytest.mark.parametrize(
    "numbers", ["text", None, [1j], [None], {"a": 1}, object(), [2**70], b"12"]
)
def test_what_is_no_number(device, numbers):
    with pytest.raises(TypeError, match="holds real numbers, not"):
        nd.array(numbers, device=device)
    with pytest.raises(TypeError, match="holds real numbers, not"):
        nd.asarray(numbers, device=device)


def test_ragged_lists(device):
    with pytest.raises(ValueError, match="inhomogeneous"):
        nd.array([[1, 2], [3]], device=device)


@pytest.mark.parametrize("dtype", ["float64", "int32", np.bool_, np.float16])
def test_other_types(device, dtype):
    for make in (nd.empty, nd.zeros, nd.ones):
        with pytest.raises(AssertionError, match="is of float32, not of"):
            make((2,), dtype=dtype, device=device)
    with pytest.raises(AssertionError, match="is of float32, not of"):
        nd.array([1], dtype=dtype, device=device)


def test_shapes_that_do_not_fit(a):
    with pytest.raises(ValueError, match=r"\(2, 3, 4\) and \(2, 1, 3\) .* axis -1 has"):
        a + nd.empty((2, 1, 3), device=a.device)
    with pytest.raises(ValueError, match="axis -2 has lengths 3 and 2"):
        a.maximum(nd.empty((2, 4), device=a.device))


@pytest.mark.parametrize("operand", ["x", None, [1, 2], (1,), {}, 1j, 10**400])
def test_operands(a, operand):
    for use in (
        lambda: a + operand,
        lambda: operand + a,
        lambda: a - operand,
        lambda: a * operand,
        lambda: operand / a,
        lambda: a**operand,
        lambda: operand**a,
        lambda: a == operand,
        lambda: a < operand,
        lambda: a.maximum(operand),
        lambda: a.fill(operand),
        lambda: nd.full((2,), operand, device=a.device),
        lambda: nd.where(a, a, operand),
    ):
        with pytest.raises(TypeError, match="stands a number or an NDArray"):
            use()


@pytest.mark.parametrize("shape", [(2,), (0,), (1, 2)])
def test_truth_and_numbers_of_arrays_that_are_none(device, shape):
    a = nd.empty(shape, device=device)
    with pytest.raises(ValueError, match="only if it has one element"):
        bool(a)
    for use in (float, lambda x: x.item()):
        with pytest.raises(ValueError, match="is not a single number"):
            use(a)


def test_truth_and_numbers_of_one_element(device):
    for shape in [(), (1,), (1, 1)]:
        one = nd.full(shape, 2.5, device=device)
        assert one
        assert float(one) == one.item() == 2.5
    assert not nd.zeros((1,), device=device)


def test_no_axes_no_length(device):
    a = nd.array(1.0, device=device)
    with pytest.raises(TypeError, match="without axes has no length"):
        len(a)
    with pytest.raises(TypeError, match="without axes"):
        list(a)


def test_arrays_are_no_keys(a):
    with pytest.raises(TypeError, match="unhashable"):
        hash(a)


@pytest.mark.parametrize(
    ("use", "error", "said"),
    [
        (lambda a: nd.concat([]), ValueError, "nothing to join"),
        (lambda a: nd.stack([]), ValueError, "stack: there is nothing to join"),
        (
            lambda a: nd.concat([a, a[:, :2, :]], axis=2),
            ValueError,
            "along another axis",
        ),
        (lambda a: nd.concat([a, a], axis=3), ValueError, "no axis 3"),
        (
            lambda a: nd.stack([a, a[:, :2, :]]),
            ValueError,
            r"stack: the shapes \(2, 3, 4\) and \(2, 2, 4\) differ",
        ),
        (lambda a: nd.stack([a, np.ones(3)]), TypeError, "stack: .* are NDArrays"),
        (lambda a: nd.concat([a, np.ones(3)]), TypeError, "NDArrays"),
        (lambda a: nd.squeeze(a, 1), ValueError, "not all of length 1"),
        (lambda a: nd.squeeze(a, 5), ValueError, "no axis 5"),
        (lambda a: nd.expand_dims(a, 4), ValueError, "no axis 4"),
        (lambda a: nd.swapaxes(a, 0, 3), ValueError, "no axis 3"),
        (lambda a: nd.where(True, a, a), TypeError, "NDArray"),
        (lambda a: nd.where(a, a, nd.ones((5,), device=a.device)), ValueError, "fit"),
    ],
)
def test_functions(a, use, error, said):
    with pytest.raises(error, match=said):
        use(a)
