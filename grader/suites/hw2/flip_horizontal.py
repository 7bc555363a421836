"""Question 15: mirror images."""

import numpy as np
from gradebox import Trial, case, exact

from ._inputs import between
from ._layers import seeded
from ._ops import Floats, lengths, ndl

SAME = exact(dtype=False)


def image(t: Trial, *shape: int) -> Floats:
    """Draw an image, height x width x channels."""
    return t.input(t.rng.uniform(size=shape).astype(np.float32))


@case("hw2.flip_horizontal", points=1)
def flip_always(t: Trial) -> None:
    """The columns change places, rows and channels do not."""
    height, width, channels = lengths(t, 3)
    flip = ndl.data.RandomFlipHorizontal(p=1.0)
    for shape in [
        (height, width, channels),
        (height, width, 1),
        (28, 28, 1),
        (4, 1, 3),
    ]:
        for number in range(6):  # none of them by chance
            t.answer(f"{shape}, {number}", flip(image(t, *shape)), check=SAME)


@case("hw2.flip_horizontal", points=0.5)
def flip_never(t: Trial) -> None:
    """With probability 0 the image stays as it is, and only then."""
    flip = ndl.data.RandomFlipHorizontal(p=0.0)
    for number in range(24):
        t.answer(f"image {number}", flip(image(t, *lengths(t, 3))), check=SAME)
    always = ndl.data.RandomFlipHorizontal(p=1.0)
    for number in range(24):  # none of them by chance
        t.answer(f"p = 1, image {number}", always(image(t, 3, 4, 2)), check=SAME)


@case("hw2.flip_horizontal", points=1)
def flip_by_chance(t: Trial) -> None:
    """One draw an image decides, also where the probability is not one half."""
    for p in (0.5, 0.2, between(t, 60, 90) / 100):
        seeded(t)
        flip = ndl.data.RandomFlipHorizontal(p=t.input(p))
        for number in range(25):
            t.answer(f"p = {p}, image {number}", flip(image(t, 3, 4, 1)), check=SAME)
        t.answer(f"p = {p}, drawn next", np.random.rand(3), check=exact())


@case("hw2.flip_horizontal", points=0.5)
def flip_leaves_image_alone(t: Trial) -> None:
    """The image that was given stays as it is, and what comes out has its type."""
    flip = ndl.data.RandomFlipHorizontal(p=1.0)
    for number in range(24):
        given = image(t, 5, 4, 2)
        if number % 2:
            given = (given * 255).astype(np.uint8)
        t.answer(f"image {number} mirrored", flip(given), check=exact())
        t.answer(f"image {number} afterwards", given, check=exact())
