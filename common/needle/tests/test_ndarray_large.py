"""Arrays of more than 2**31 elements: files with holes, of which few pages are used."""

from __future__ import annotations

import numpy as np
import pytest
from needle import backend_ndarray as nd

ELEMENTS = 2**31 + 2**21
END = ELEMENTS - 1


@pytest.fixture
def large(processor, tmp_path):
    """Return an array of so many zeros that no 32 bits count them, and its numbers."""
    try:
        numbers = np.memmap(tmp_path / "zeros", np.float32, "w+", shape=(ELEMENTS,))
    except (OSError, ValueError, OverflowError) as error:
        pytest.skip(f"no address space, or no file with holes, for 8 GB: {error}")
    return nd.from_dlpack(numbers, device=processor), numbers


def test_an_element_beyond(large):
    a, numbers = large
    assert a.size == ELEMENTS
    a[END] = 7
    a[2**31] = 8
    assert (numbers[END], numbers[2**31], numbers[0]) == (7, 8, 0)
    assert a[END].numpy().tolist() == [7]
    assert a[-1].compact().numpy().tolist() == [7]
    with pytest.raises(IndexError):
        a[ELEMENTS]


def test_strides_beyond(large):
    a, numbers = large
    far = a[:: 2**30]
    assert far.shape == (3,)
    far[:] = nd.array([1, 2, 3], device=a.device)
    assert numbers[[0, 2**30, 2**31]].tolist() == [1, 2, 3]
    for view in (far, far + 0, far[::-1][::-1]):
        assert view.compact().numpy().tolist() == [1, 2, 3]
    assert far.sum().item() == 6
    assert (far @ far if far.ndim > 1 else far * far).numpy().tolist() == [1, 4, 9]


def test_backwards_from_beyond(large):
    a, numbers = large
    numbers[END - 4 :] = [1, 2, 3, 4, 5]
    back = a[END : END - 5 : -2]
    assert back.strides == (-2,)
    assert back.compact().numpy().tolist() == [5, 3, 1]
    back[:] = nd.array([50, 30, 10], device=a.device)
    assert numbers[END - 4 :].tolist() == [10, 2, 30, 4, 50]


def test_several_axes_beyond(large):
    a, numbers = large
    b = a.reshape((2**10 + 1, 2**11, 2**10))
    assert b.strides == (2**21, 2**10, 1)
    b[-1, -1, 1000:] = 3
    assert (numbers[END - 23 :] == 3).all()
    part = b.permute((2, 0, 1))[-2:, -1, -1]
    assert part.compact().numpy().reshape(-1).tolist() == [3, 3]
    corner = b[:: 2**10, :: 2**11 - 1, :: 2**10 - 1]
    assert corner.compact().numpy().reshape(-1).tolist() == [0] * 7 + [3]


def test_a_view_that_ends_one_beyond(large):
    a, numbers = large
    for shape, strides in [((2,), (ELEMENTS,)), ((3, 2), (2**30, 2**21))]:
        outside = a.as_strided(shape, strides)
        with pytest.raises(ValueError, match="reaches"):
            outside.compact()
        with pytest.raises(ValueError, match="reaches"):
            outside.fill(1)
    assert numbers[END] == 0


def test_repeated_so_often_that_32_bits_do_not_count_it(device):
    a = nd.array([1.0, 2.0], device=device).broadcast_to((2**20, 2**12, 2))
    assert a.size == 2**33
    assert a[-1, 2**11, 1].numpy().item() == 2
    assert a[:: 2**19, :: 2**11, :].sum().item() == 12
