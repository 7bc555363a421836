"""Question 16: random crops."""

import numpy as np
from gradebox import Trial, case, exact

from ._layers import seeded
from ._ops import lengths, ndl
from .flip_horizontal import SAME, image


def answer_crops(
    t: Trial, name: str, shape: tuple[int, ...], padding: int, count: int = 30
) -> None:
    """Hand over crops of images: at so many places that each direction is there."""
    seeded(t)
    crop = ndl.data.RandomCrop(padding=padding)
    for number in range(count):
        t.answer(f"{name}, {number}", crop(image(t, *shape)), check=SAME)


@case("hw2.random_crop", points=1.5)
def crop_places(t: Trial) -> None:
    """The first number drawn moves along the rows, the second along the columns."""
    height, width = lengths(t, 2)
    answer_crops(t, "one channel", (height + 4, width + 4, 1), padding=2)
    answer_crops(t, "as in MNIST", (28, 28, 1), padding=3, count=10)


@case("hw2.random_crop", points=1)
def crop_channels(t: Trial) -> None:
    """The size stays, for images of any shape and several channels."""
    for height, width, channels in [(3, 8, 2), (8, 3, 4), (1, 5, 3)]:
        shape = height, width, channels
        answer_crops(t, f"{shape}", shape, padding=2, count=15)


@case("hw2.random_crop", points=0.5)
def crop_padding(t: Trial) -> None:
    """No padding moves nothing; one larger than the image may leave only zeros."""
    answer_crops(t, "no padding", (5, 4, 2), padding=0, count=4)
    answer_crops(t, "a large padding", (9, 8, 1), padding=6)
    answer_crops(t, "one larger than the image", (2, 3, 1), padding=6)
    seeded(t)
    t.answer("the default", ndl.data.RandomCrop()(image(t, 9, 8, 1)), check=SAME)


@case("hw2.random_crop", points=1)
def crop_leaves_image_alone(t: Trial) -> None:
    """The image that was given stays as it is; one draw of two numbers an image."""
    crop = ndl.data.RandomCrop(padding=3)
    seeded(t)
    for number in range(10):
        given = image(t, 6, 5, 2)
        t.answer(f"crop {number}", crop(given), check=SAME)
        t.answer(f"image {number} afterwards", given, check=exact())
    t.answer("drawn next", np.random.rand(3), check=exact())
