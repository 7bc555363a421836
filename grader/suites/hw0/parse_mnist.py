"""Question 2: parse_mnist."""

import numpy as np
from gradebox import Trial, case, close, exact, student

from ._idx import random_images, random_labels, single_pixels, write_pair
from ._inputs import between, two

simple_ml = student("simple_ml")

# One division in float32 is right to 6e-8; dividing by 256 is off by 4e-3.
PIXELS = close(rtol=1e-6, atol=0)
VALUES = close(rtol=1e-6, atol=0, dtype=False)


@case("hw0.parse_mnist", points=2)
def parse_mnist_shapes_and_dtypes(t: Trial) -> None:
    """X is float32 of shape (m, 784), y is uint8 of shape (m,)."""
    m = between(t, 8, 16)
    files = write_pair(t, random_images(t, m), random_labels(t, m))
    X, y = two(simple_ml.parse_mnist(*files))
    t.answer("X", X, check=PIXELS)
    t.answer("y", y, check=exact())


@case("hw0.parse_mnist", points=3)
def parse_mnist_scale(t: Trial) -> None:
    """Bytes 0 to 255 become 0.0 to 1.0, for every image alike."""
    images = random_images(t, 10)
    images[0].flat[:256] = t.rng.permutation(256)
    images[1] = between(t, 20, 80)  # images that do not use the whole range
    images[2] = t.rng.randint(100, 200, size=(28, 28))
    images[3] = 0
    falling = np.arange(9, -1, -1).astype(np.uint8)
    X, _ = two(simple_ml.parse_mnist(*write_pair(t, images, falling)))
    for row, name in enumerate(["all bytes", "a flat image", "grey", "black"]):
        t.answer(name, None if X is None else np.asarray(X)[row], check=VALUES)
    X, _ = two(simple_ml.parse_mnist(*write_pair(t, images[1:3], falling[:2])))
    t.answer("a file without black and white", X, check=VALUES)


@case("hw0.parse_mnist", points=3)
def parse_mnist_layout(t: Trial) -> None:
    """Row i of X is image i of the file, row by row."""
    m = between(t, 8, 14)
    files = write_pair(t, single_pixels(t, m), random_labels(t, m))
    X, _ = two(simple_ml.parse_mnist(*files))
    t.answer("X", X, check=VALUES)


@case("hw0.parse_mnist", points=1)
def parse_mnist_labels(t: Trial) -> None:
    """Labels come as they are in the file, in its order."""
    m = between(t, 20, 40)
    labels = random_labels(t, m)
    labels[:10] = t.rng.permutation(10)
    _, y = two(simple_ml.parse_mnist(*write_pair(t, random_images(t, m), labels)))
    t.answer("y", y, check=exact(dtype=False))


@case("hw0.parse_mnist", points=1)
def parse_mnist_single_image(t: Trial) -> None:
    """A file of one image gives arrays of one row."""
    files = write_pair(t, random_images(t, 1), random_labels(t, 1))
    X, y = two(simple_ml.parse_mnist(*files))
    t.answer("X", X, check=VALUES)
    t.answer("y", y, check=exact(dtype=False))
