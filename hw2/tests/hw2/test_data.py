"""Public tests of homework 2, questions 15 to 18: images, data sets and batches.

Run one question with ``python3 -m pytest -k test_dataloader``. A failing test says
which property broke.
"""

from itertools import chain, islice

import idx_files
import needle as ndl
import numpy as np
import pytest
from needle.data import (
    DataLoader,
    MNISTDataset,
    NDArrayDataset,
    RandomCrop,
    RandomFlipHorizontal,
)
from numeric import assert_close
from shares import assert_share
from toys import Noted

# higher than wide, wider than high, one pixel; with 1, 3 and 2 channels
IMAGES = pytest.mark.parametrize("shape", [(5, 3, 1), (2, 6, 3), (4, 4, 2), (1, 1, 1)])


def image(shape):
    """Return an image whose pixels all differ, and none is 0."""
    return 1.0 + np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


def same(actual, wanted, claim):
    """Fail with ``claim`` where two arrays are not equal in every bit."""
    assert_close(actual, wanted, claim, rtol=0, atol=0)


# ----------------------------------------------- question 15: RandomFlipHorizontal


def mirrored(img):
    """Return an image whose columns come in the opposite order."""
    rows, columns, _ = img.shape
    return [[img[i, columns - 1 - j] for j in range(columns)] for i in range(rows)]


@IMAGES
def test_flip_horizontal_always_and_never(shape):
    img = image(shape)
    claim = f"p=1, an image of {shape}: its columns in opposite order"
    for _ in range(5):
        same(RandomFlipHorizontal(p=1)(img), mirrored(img), claim)
        same(RandomFlipHorizontal(p=0)(img), img, f"p=0, {shape}: as it is")


@pytest.mark.parametrize("p", [0.25, 0.5, 0.9])
def test_flip_horizontal_follows_the_draw(p):
    img = image((3, 4, 2))
    np.random.seed(6)
    found = [RandomFlipHorizontal(p)(img) for _ in range(40)]
    np.random.seed(6)
    for number, draw in enumerate(np.random.rand(40).tolist()):
        claim = f"image {number}: mirrored where the draw, {draw:.3f}, is below p={p}"
        same(found[number], mirrored(img) if draw < p else img, claim)


def test_flip_horizontal_leaves_the_image_alone():
    img = image((4, 5, 3))
    RandomFlipHorizontal(p=1)(img)
    same(img, image((4, 5, 3)), "the image that was passed should stay as it is")


# --------------------------------------------------------- question 16: RandomCrop


def moved(img, rows, columns):
    """Return an image of the same size that begins so much further down and right."""
    wanted = np.zeros_like(img)
    for i, j, channel in np.ndindex(img.shape):
        down, right = i + rows, j + columns
        if 0 <= down < img.shape[0] and 0 <= right < img.shape[1]:
            wanted[i, j, channel] = img[down, right, channel]
    return wanted


@IMAGES
@pytest.mark.parametrize("padding", [1, 3, 7])
def test_random_crop_follows_the_draws(shape, padding):
    img, crop = image(shape), RandomCrop(padding)
    np.random.seed(2)
    found = [crop(img) for _ in range(20)]
    np.random.seed(2)
    for out in found:
        rows, columns = np.random.randint(-padding, padding + 1, size=2).tolist()
        claim = (
            f"an image of {shape}, padding {padding}, begins {rows} rows further down"
            f" and {columns} columns further right; zeros outside"
        )
        same(out, moved(img, rows, columns), claim)


def test_random_crop_reaches_every_place():
    np.random.seed(3)
    img = image((3, 4, 1))
    places = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    wanted = {place: moved(img, *place).tobytes() for place in places}
    found = [np.asarray(RandomCrop(1)(img), np.float32).tobytes() for _ in range(450)]
    for place, content in wanted.items():
        claim = f"crops with padding 1 that moved by {place}"
        assert_share(found.count(content), 450, 1 / 9, claim)


def test_random_crop_without_padding():
    img = image((4, 3, 2))
    same(RandomCrop(padding=0)(img), img, "padding=0: the image as it is")


def test_random_crop_leaves_the_image_alone():
    img = image((4, 5, 3))
    for _ in range(5):
        RandomCrop()(img)
    same(img, image((4, 5, 3)), "the image that was passed should stay as it is")


# ------------------------------------------------------- question 17: MNISTDataset


class Turned(ndl.data.Transform):
    """Turns an image upside down; fails for anything but one image."""

    def __call__(self, img):
        assert img.shape == (28, 28, 1), (
            f"a transform got an array of shape {img.shape}, not one image (28, 28, 1)"
        )
        return img[::-1]


class Brighter(ndl.data.Transform):
    """Makes the upper half of an image brighter, and more so with every call."""

    calls = 0

    def __call__(self, img):
        self.calls += 1
        bright = img.copy()
        bright[:14] += self.calls
        return bright


def mnist(folder, m, transforms=None):
    """Write files of ``m`` images; return them as arrays, and as a data set."""
    rng = np.random.default_rng(m)
    brightest = 201 if m % 2 else 256  # and each image has a brightness of its own
    images = rng.integers(brightest - 5 * (m > 1), size=(m, 28, 28)).astype(np.uint8)
    images[-1] //= 2
    labels = rng.integers(10, size=m).astype(np.uint8)
    files = (
        idx_files.write_images(folder / "images.gz", images),
        idx_files.write_labels(folder / "labels.gz", labels),
    )
    dataset = MNISTDataset(*[str(file) for file in files], transforms=transforms)
    return images, labels, dataset


def from_bytes(img):
    """Return the bytes of an image as numbers from 0 to 1, with an axis for colour."""
    return np.array([[[byte / 255] for byte in row] for row in img.tolist()])


@pytest.mark.parametrize("m", [1, 7, 30])
def test_mnist_dataset_examples(tmp_path, m):
    images, labels, dataset = mnist(tmp_path, m)
    assert len(dataset) == m, f"{len(dataset)} examples of {m}"
    for i in [0, m - 1, m // 2, np.int64(m - 1), -1]:
        X, y = dataset[i]
        claim = f"image {i} of {m}: byte b as b / 255, shape (28, 28, 1)"
        assert_close(X, from_bytes(images[i]), claim, rtol=1e-6, atol=1e-7)
        assert X.dtype == np.float32, f"image {i} has dtype {X.dtype}, not float32"
        assert int(y) == int(labels[i]), f"label {i} is {y}, should be {labels[i]}"
        kind = np.asarray(y).dtype.kind
        assert kind in "iu", (
            f"labels should be whole numbers, not {np.asarray(y).dtype}"
        )


def test_mnist_dataset_slices(tmp_path):
    images, labels, dataset = mnist(tmp_path, 12)
    for some in (slice(3, 8), slice(None, None, 5), np.array([11, 0, 4])):
        X, y = dataset[some]
        claim = f"images {some}: shape (n, 28, 28, 1), byte b as b / 255"
        wanted = np.array([from_bytes(img) for img in images[some]])
        assert_close(X, wanted, claim, rtol=1e-6, atol=1e-7)
        same(y, labels[some], f"labels {some}, as in the file")


def test_mnist_dataset_transforms(tmp_path):
    brighter = Brighter()
    images, _, dataset = mnist(tmp_path, 5, [Turned(), brighter])
    assert brighter.calls == 0, "images are transformed when one asks for them"
    turned = np.array([from_bytes(img)[::-1] for img in images])
    for number, i in enumerate((0, 3, 0), start=1):
        X, _ = dataset[i]
        wanted = turned[i].copy()
        wanted[:14] += number
        claim = f"image {i}, turned, then its upper half {number} brighter, anew"
        assert_close(X, wanted, claim, rtol=1e-6, atol=1e-6)
    X, _ = dataset[1:4]
    wanted = turned[1:4].copy()
    for number, each in enumerate(wanted, start=4):
        each[:14] += number
    claim = "images 1 to 3, each of them turned, then its upper half brighter"
    assert_close(X, wanted, claim, rtol=1e-6, atol=1e-6)


# --------------------------------------------------------- question 18: DataLoader


def columns(batches):
    """Return the numbers of the first parts of all batches, and of the second."""
    some = islice(batches, 100)  # should a pass not end
    pairs = [(X.numpy().tolist(), y.numpy().tolist()) for X, y in some]
    return [list(part) for part in zip(*pairs, strict=True)]


def numbered(m, *shape):
    """Return ``m`` arrays of a shape, the first all 0, the second all 1, and so on."""
    return np.array([np.full(shape, float(i)) for i in range(m)], dtype=np.float32)


def test_dataloader_order_and_last_batch():
    X, y = columns(DataLoader(Noted(7), batch_size=3))
    claim = "7 examples in batches of 3: in order, the last batch has one"
    assert X == [[0, 1, 2], [3, 4, 5], [6]], f"{claim}; the images are {X}"
    assert y == [[0, -1, -2], [-3, -4, -5], [-6]], f"{claim}; the labels are {y}"


@pytest.mark.parametrize("m, size", [(6, 3), (5, 1), (4, 4), (3, 10), (1, 1)])
def test_dataloader_batch_sizes(m, size):
    X, _ = columns(DataLoader(Noted(m), batch_size=size))
    wanted = [[*range(start, min(start + size, m))] for start in range(0, m, size)]
    assert wanted == X, f"{m} examples in batches of {size}: {X}"


def test_dataloader_makes_tensors():
    arrays = numbered(5, 4, 3, 1), np.arange(5, dtype=np.uint8), numbered(5, 2)
    batches = list(DataLoader(NDArrayDataset(*arrays), batch_size=2))
    sizes = [len(batch) for batch in batches]
    assert sizes == [3] * 3, f"data of three parts, batches of {sizes} parts"
    for number, batch in enumerate(batches):
        for part, array in zip(batch, arrays, strict=True):
            assert isinstance(part, ndl.Tensor), f"a batch holds a {type(part)}"
            claim = f"batch {number}, a part of shape (2, {array.shape[1:]})"
            same(part.numpy(), array[2 * number : 2 * number + 2], claim)
            if array.dtype == np.float32:
                assert part.dtype == np.float32, f"float32 became {part.dtype}"


def test_dataloader_of_one_part():
    batches = list(DataLoader(NDArrayDataset(numbered(3, 2)), batch_size=2))
    assert [len(batch) for batch in batches] == [1, 1], "a batch of one part each"
    same(batches[1][0].numpy(), [[2, 2]], "the last batch of images alone")


def test_dataloader_can_be_used_again():
    loader = DataLoader(Noted(5), batch_size=2)
    whole = columns(loader)
    for _ in loader:  # a pass that is broken off
        break
    for number in (2, 3):
        assert columns(loader) == whole, f"pass {number} gives other batches"


def test_dataloader_shuffles_by_one_permutation():
    np.random.seed(11)
    loader = DataLoader(Noted(10), batch_size=4, shuffle=True)
    passes = [columns(loader)[0] for _ in range(3)]
    next_number = np.random.rand()
    np.random.seed(11)
    for number, found in enumerate(passes):
        order = np.random.permutation(10).tolist()
        wanted = [order[:4], order[4:8], order[8:]]
        claim = f"pass {number}: batches along one permutation, drawn at its beginning"
        assert found == wanted, f"{claim}: {found}, should be {wanted}"
    claim = "three passes should draw three permutations and nothing else"
    same(next_number, np.random.rand(), claim)


def test_dataloader_shuffles_labels_with_images():
    np.random.seed(12)
    for X, y in DataLoader(Noted(50), batch_size=8, shuffle=True):
        claim = "shuffled: example i is (i, -i), also in another place"
        same(y.numpy(), -X.numpy(), claim)


def test_dataloader_shuffles_anew_and_completely():
    np.random.seed(13)
    loader = DataLoader(Noted(40), batch_size=7, shuffle=True)
    orders = [[*chain(*columns(loader)[0])] for _ in range(3)]
    for order in orders:
        assert sorted(order) == list(range(40)), "a pass shows every example once"
        assert order != sorted(order), "shuffle=True kept the old order"
    assert orders[0] != orders[1] != orders[2], "each pass needs an order of its own"


def test_dataloader_in_order_draws_nothing():
    np.random.seed(14)
    list(DataLoader(Noted(6), batch_size=2))
    drawn = np.random.rand()
    np.random.seed(14)
    same(drawn, np.random.rand(), "without shuffling no number should be drawn")


def test_dataloader_transforms():
    loader = DataLoader(Noted(5, [lambda x: x + 10, lambda x: x * 2]), batch_size=2)
    X, y = columns(loader)
    assert X == [[20, 22], [24, 26], [28]], f"(i + 10) * 2 in batches of 2: {X}"
    assert y == [[0, -1], [-2, -3], [-4]], f"labels stay as they are: {y}"
