"""Data sets: MNIST's format, arrays, and what is done to each example."""

from __future__ import annotations

import numpy as np
import pytest
from idx_files import write_images, write_labels
from needle.autograd import Tensor
from needle.data import Dataset, MNISTDataset, NDArrayDataset, RandomFlipHorizontal


@pytest.fixture
def digits(tmp_path):
    """Return paths of two small files, and what is in them."""
    rng = np.random.default_rng(0)
    images = rng.integers(256, size=(7, 28, 28), dtype=np.uint8)
    images[0, 0, :2] = 0, 255
    labels = rng.integers(10, size=7, dtype=np.uint8)
    paths = (
        str(write_images(tmp_path / "images.gz", images)),
        str(write_labels(tmp_path / "labels.gz", labels)),
    )
    return paths, images, labels


def test_an_item_is_an_image_from_0_to_1_and_its_label(digits):
    paths, images, labels = digits
    data = MNISTDataset(*paths)
    assert len(data) == 7
    for i in (0, 3, 6, -1, np.int64(2)):
        image, label = data[i]
        assert (image.shape, image.dtype) == ((28, 28, 1), np.float32)
        np.testing.assert_array_equal(image[..., 0], images[i] / np.float32(255))
        assert label == labels[i]
        assert label.dtype == np.uint8
    assert data[0][0][0, :2, 0].tolist() == [0, 1]


@pytest.mark.parametrize(
    "index",
    [
        slice(2, 5),
        slice(None),
        slice(5, 5),
        slice(None, None, -2),
        [0, 3, 3],
        np.array([6, 1]),
        np.array([True] * 3 + [False] * 4),
        np.arange(0),
    ],
    ids=str,
)
def test_slices_and_arrays_of_indices(digits, index):
    paths, images, labels = digits
    X, y = MNISTDataset(*paths)[index]
    assert X.shape == (len(labels[index]), 28, 28, 1)
    assert X.dtype == np.float32
    np.testing.assert_array_equal(X[..., 0], images[index] / np.float32(255))
    np.testing.assert_array_equal(y, labels[index])


def test_transforms_are_applied_in_their_order_to_each_image(digits):
    paths, images, _ = digits
    seen = []

    def note(image):
        seen.append(image.shape)
        return image + len(seen)

    data = MNISTDataset(*paths, transforms=[note, lambda image: image * 2])
    np.testing.assert_allclose(data[4][0][..., 0], (images[4] / 255 + 1) * 2, rtol=1e-6)
    X, _ = data[1:4]
    assert seen == [(28, 28, 1)] * 4
    for i in range(3):
        expected = (images[1 + i] / 255 + 2 + i) * 2
        np.testing.assert_allclose(X[i, ..., 0], expected, rtol=1e-6)
    assert data[5:5][0].shape == (0, 28, 28, 1)


def test_transforms_that_work_in_place_leave_the_data_set_as_it_is(digits):
    paths, images, _ = digits

    def darken(image):
        image *= 0.5
        return image

    data = MNISTDataset(*paths, transforms=[darken, darken])
    for index in (2, 2, slice(1, 4)):
        X, _ = data[index]
        expected = images[index] / np.float32(255) / 4
        np.testing.assert_allclose(X[..., 0], expected, rtol=1e-6)


@pytest.mark.parametrize("index", [7, -8, 10**6])
def test_an_index_that_no_example_has(digits, index):
    paths, _, _ = digits
    with pytest.raises(IndexError, match=f"{index}"):
        MNISTDataset(*paths)[index]


def test_a_loop_over_a_data_set_ends(digits):
    paths, _, labels = digits
    assert [label for _, label in MNISTDataset(*paths)] == labels.tolist()


def test_different_numbers_of_images_and_labels(digits, tmp_path):
    (images, _), _, _ = digits
    other = str(write_labels(tmp_path / "other.gz", np.zeros(3, dtype=np.uint8)))
    with pytest.raises(ValueError) as error:
        MNISTDataset(images, other)
    assert str(error.value) == f"7 images in {images}, but 3 labels in {other}"


def test_files_in_the_wrong_places(digits):
    (images, labels), _, _ = digits
    with pytest.raises(ValueError, match=r"labels\.gz has 1 axes where 3 are expected"):
        MNISTDataset(labels, images)


def test_no_examples_are_a_data_set(tmp_path):
    data = MNISTDataset(
        str(write_images(tmp_path / "x", np.zeros((0, 28, 28), dtype=np.uint8))),
        str(write_labels(tmp_path / "y", np.zeros(0, dtype=np.uint8))),
    )
    assert len(data) == 0
    assert data[:][0].shape == (0, 28, 28, 1)
    with pytest.raises(IndexError):
        data[0]


def test_a_data_set_shows_its_transforms_and_its_size(digits):
    paths, _, _ = digits
    data = MNISTDataset(*paths, transforms=[RandomFlipHorizontal()])
    assert repr(data) == (
        "MNISTDataset(RandomFlipHorizontal(layout='HWC', p=0.5)): 7 examples"
    )


class TestArrays:
    """`NDArrayDataset` of whatever has a length and elements."""

    @pytest.mark.parametrize("count", [1, 2, 3])
    def test_items_are_tuples_of_elements(self, count):
        arrays = [np.arange(12).reshape(4, 3) * (i + 1) for i in range(count)]
        data = NDArrayDataset(*arrays)
        assert len(data) == 4
        for index in (0, -1, slice(1, 3), [0, 2]):
            item = data[index]
            assert isinstance(item, tuple)
            for part, array in zip(item, arrays, strict=True):
                np.testing.assert_array_equal(part, array[index])
        with pytest.raises(IndexError):
            data[4]

    def test_lists_and_tensors(self):
        data = NDArrayDataset(["a", "b"], Tensor([[1.0], [2.0]]))
        word, number = data[1]
        assert word == "b"
        np.testing.assert_array_equal(number, [2.0])

    @pytest.mark.parametrize(
        "arrays, lengths",
        [
            ((np.ones(2), np.ones(3)), [2, 3]),
            ((np.ones(2), np.ones(2), np.ones(1)), [2, 2, 1]),
            ((), []),
        ],
    )
    def test_lengths_that_differ(self, arrays, lengths):
        with pytest.raises(ValueError) as error:
            NDArrayDataset(*arrays)
        assert str(error.value) == (
            f"NDArrayDataset: one or more arrays of the same length, not {lengths}"
        )


def test_what_a_data_set_has_to_have():
    with pytest.raises(NotImplementedError, match=r"Dataset\.__getitem__"):
        Dataset()[0]
    with pytest.raises(NotImplementedError, match=r"Dataset\.__len__"):
        len(Dataset())
    assert Dataset().apply_transforms(3) == 3
    assert Dataset([]).apply_transforms(3) == 3
    assert Dataset([str, len]).apply_transforms(300) == 3
