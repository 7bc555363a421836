"""Question 17: the MNIST data set."""

from typing import Any

import numpy as np
import numpy.typing as npt
from gradebox import Trial, case, close, exact

from ._idx import Bytes, random_images, random_labels, single_pixels, write_pair
from ._inputs import between, two
from ._ops import ndl

# One division in float32 is right to 6e-8; dividing by 256 is off by 4e-3.
PIXELS = close(rtol=1e-6, atol=0)
VALUES = close(rtol=1e-6, atol=0, dtype=False)
LABEL = exact(dtype=False)


def dataset(t: Trial, images: Bytes, labels: Bytes, *transforms: Any) -> Any:
    """Return the data set of files with given contents."""
    files = write_pair(t, images, labels)
    return ndl.data.MNISTDataset(*files, transforms=list(transforms) or None)


def answer_items(t: Trial, data: Any, *indices: int) -> None:
    """Hand over some items, part by part."""
    for index in indices:
        image, label = two(data[index])
        t.answer(f"image {index}", image, check=VALUES)
        t.answer(f"label {index}", label, check=LABEL)


def answer_slice(t: Trial, name: str, data: Any, index: Any) -> None:
    """Hand over what a slice or an array of indices gives: its numbers, in rows."""
    images, labels = two(data[index])
    rows = None if images is None else np.reshape(images, (-1, 28 * 28))
    t.answer(f"images, {name}", rows, check=VALUES)
    t.answer(f"labels, {name}", np.asarray(labels), check=LABEL)


def distinct_labels(t: Trial, m: int) -> npt.NDArray[np.uint8]:
    """Draw m labels, at most 10, no two of them alike."""
    return t.rng.permutation(10)[:m].astype(np.uint8)


def numbered(t: Trial, m: int) -> Any:
    """Return a data set of m images that no two are alike, with labels."""
    labels = random_labels(t, m)
    labels[: min(m, 10)] = t.rng.permutation(10)[: min(m, 10)]
    return dataset(t, single_pixels(t, m), labels)


@case("hw2.mnist_dataset", points=1)
def dataset_items(t: Trial) -> None:
    """An item is an image, 28 x 28 x 1 and float32, and its label."""
    data = dataset(t, random_images(t, 4), distinct_labels(t, 4))
    image, label = two(data[1])
    t.answer("image", image, check=PIXELS)
    t.answer("label", label, check=LABEL)
    answer_items(t, data, 0, 2, 3)


@case("hw2.mnist_dataset", points=1)
def dataset_scale(t: Trial) -> None:
    """Bytes 0 to 255 become 0.0 to 1.0, for every image alike."""
    images = random_images(t, 4)
    images[0].flat[:256] = t.rng.permutation(256)
    images[1] = between(t, 20, 80)  # images that do not use the whole range
    images[2] = t.rng.randint(100, 200, size=(28, 28))
    images[3] = 0
    answer_items(t, dataset(t, images, random_labels(t, 4)), 0, 1, 2, 3)
    grey = dataset(t, images[1:3], random_labels(t, 2))
    t.answer("a file without black and white", two(grey[0])[0], check=VALUES)


@case("hw2.mnist_dataset", points=0.5)
def dataset_order(t: Trial) -> None:
    """Item i is image i of the file, row by row, with label i; -1 is the last one."""
    m = between(t, 12, 20)
    answer_items(t, numbered(t, m), *range(m), -1)


@case("hw2.mnist_dataset", points=0.5)
def dataset_length(t: Trial) -> None:
    """The length is the number of examples, also of one."""
    for m in (between(t, 5, 9), between(t, 60, 90), 1):
        t.answer(f"length of {m}", len(numbered(t, min(m, 28))), check=exact())
        many = dataset(t, random_images(t, m), random_labels(t, m))
        t.answer(f"length of {m} others", len(many), check=exact())


@case("hw2.mnist_dataset", points=1)
def dataset_slices(t: Trial) -> None:
    """Slices, and arrays of indices, give several images with their labels."""
    data = numbered(t, 15)
    for first, last in [(0, 4), (between(t, 1, 4), between(t, 6, 9)), (10, 15)]:
        answer_slice(t, f"{first} to {last}", data, slice(first, last))
    some = t.input(np.sort(t.rng.permutation(15)[:6])[[3, 5, 0, 4, 1, 2]])  # no order
    answer_slice(t, "an array of indices", data, some)
    answer_slice(t, "every third", data, slice(None, None, 3))


def brighter(image: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return an image of which the upper half is brighter."""
    brightened = np.array(image)
    brightened[:14] += 1
    return brightened


def upside_down(image: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return an image whose rows are in the opposite order."""
    return np.array(image[::-1])


@case("hw2.mnist_dataset", points=0.5)
def dataset_transforms(t: Trial) -> None:
    """Transforms are applied to each image, one after the other; to labels never."""
    images, labels = random_images(t, 6), distinct_labels(t, 6)
    data = dataset(t, images, labels, brighter, upside_down)
    answer_items(t, data, 0, 5)
    t.answer("image 0 again", two(data[0])[0], check=VALUES)
    answer_slice(t, "1 to 4", data, slice(1, 4))


@case("hw2.mnist_dataset", points=0.5)
def dataset_transforms_each_time(t: Trial) -> None:
    """An item is transformed anew each time; every data set has its own transforms."""
    images, labels = random_images(t, 5), distinct_labels(t, 5)
    calls: list[int] = []

    def brighter_each_time(image: npt.NDArray[Any]) -> npt.NDArray[Any]:
        calls.append(1)
        return np.asarray(image + len(calls))

    data = dataset(t, images, labels, brighter_each_time)
    other = dataset(t, images, labels, upside_down)
    for time, index in enumerate((2, 2, 0, 2)):
        t.answer(f"image {index}, time {time}", two(data[index])[0], check=VALUES)
    answer_items(t, other, 0, 3)
