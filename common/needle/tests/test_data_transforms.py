"""Flips and crops of images, in any order of their axes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from needle.data import RandomCrop, RandomFlipHorizontal, Transform
from strategies import quick

TO_HWC = {"HWC": (0, 1, 2), "CHW": (1, 2, 0)}
SIZES = st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 3))


def image_of(height, width, channels):
    count = height * width * channels
    return np.arange(1.0, count + 1).reshape(height, width, channels)


def in_layout(image, layout):
    """Return an image of height, width, channels in another order of its axes."""
    if layout == "HW":
        return image[:, :, 0]
    return np.transpose(image, np.argsort(TO_HWC[layout]))


def flipped(image):
    height, width, channels = image.shape
    out = np.empty_like(image)
    for i, j, c in np.ndindex(height, width, channels):
        out[i, j, c] = image[i, width - 1 - j, c]
    return out


def cropped(image, down, right):
    """Return what is seen through a window that moved; 0 where the image has ended."""
    height, width, channels = image.shape
    out = np.zeros_like(image)
    for i, j, c in np.ndindex(height, width, channels):
        if 0 <= i + down < height and 0 <= j + right < width:
            out[i, j, c] = image[i + down, j + right, c]
    return out


@quick
@given(SIZES, st.sampled_from(["HWC", "CHW", "HW"]), st.integers(0, 99))
def test_a_flip_mirrors_left_and_right(sizes, layout, seed):
    image = image_of(*sizes)
    given_image = in_layout(image, layout)
    np.random.seed(seed)
    mirrored = np.random.rand() < 0.4
    after = np.random.rand()

    np.random.seed(seed)
    result = RandomFlipHorizontal(p=0.4, layout=layout)(given_image)
    assert np.random.rand() == after
    expected = in_layout(flipped(image), layout) if mirrored else given_image
    np.testing.assert_array_equal(result, expected)


@quick
@given(
    SIZES,
    st.sampled_from(["HWC", "CHW", "HW"]),
    st.integers(0, 6),
    st.integers(0, 99),
)
def test_a_crop_moves_the_window_over_zeros(sizes, layout, padding, seed):
    image = image_of(*sizes)
    given_image = in_layout(image, layout)
    np.random.seed(seed)
    down, right = np.random.randint(low=-padding, high=padding + 1, size=2)
    after = np.random.rand()

    np.random.seed(seed)
    result = RandomCrop(padding, layout=layout)(given_image)
    assert np.random.rand() == after
    expected = in_layout(cropped(image, down, right), layout)
    np.testing.assert_array_equal(result, expected)
    assert result.dtype == given_image.dtype


def test_defaults():
    assert RandomFlipHorizontal().p == 0.5
    assert RandomCrop().padding == 3
    assert RandomFlipHorizontal().layout == RandomCrop().layout == "HWC"


@pytest.mark.parametrize("p, share", [(0.0, 0.0), (1.0, 1.0), (0.3, 0.3)])
def test_the_probability_of_a_flip(p, share):
    np.random.seed(0)
    image = image_of(1, 2, 1)
    flips = [RandomFlipHorizontal(p)(image)[0, 0, 0] == 2 for _ in range(2000)]
    assert abs(np.mean(flips) - share) <= 5 * np.sqrt(share * (1 - share) / 2000)


def test_every_place_of_a_crop_is_as_likely():
    np.random.seed(0)
    image = np.zeros((5, 5, 1))
    image[2, 2] = 1
    places = [np.argwhere(RandomCrop(1)(image))[0][:2] for _ in range(1800)]
    counts = np.zeros((3, 3))
    for i, j in places:
        counts[i - 1, j - 1] += 1
    # Each of 9 places expects 200 with a standard deviation of 13.
    assert np.abs(counts - 200).max() < 5 * 13.3


def test_the_image_itself_stays_as_it_is():
    image = image_of(3, 4, 2)
    kept = image.copy()
    for transform in (RandomFlipHorizontal(1.0), RandomCrop(2)):
        for _ in range(5):
            transform(image)
    np.testing.assert_array_equal(image, kept)


def test_an_image_without_channels_is_one_in_the_usual_layout():
    image = image_of(3, 4, 1)[:, :, 0]
    result = RandomFlipHorizontal(1.0)(image)
    np.testing.assert_array_equal(result, image[:, ::-1])
    assert RandomCrop(2)(image).shape == (3, 4)


@pytest.mark.parametrize(
    "transform, shape, said",
    [
        (RandomFlipHorizontal(0.5), (8, 28, 28, 1), "layout='HWC', p=0.5"),
        (RandomCrop(2, layout="CHW"), (28, 28), "layout='CHW', padding=2"),
        (RandomCrop(2, layout="HW"), (28, 28, 1), "layout='HW', padding=2"),
    ],
)
def test_what_is_not_one_image_of_this_layout(transform, shape, said):
    with pytest.raises(ValueError) as error:
        transform(np.zeros(shape))
    assert str(error.value) == (
        f"{type(transform).__name__}({said}): one image, not an array of shape {shape}"
    )


@pytest.mark.parametrize("kind", [RandomFlipHorizontal, RandomCrop])
def test_a_layout_that_is_none(kind):
    with pytest.raises(ValueError, match="layout is one of HWC, CHW, HW, not 'NHWC'"):
        kind(layout="NHWC")


def test_a_transform_without_a_call():
    with pytest.raises(NotImplementedError, match=r"Transform\.__call__"):
        Transform()(1)
