"""Make a clearly synthetic set in CIFAR-10's format.

Ten kinds of figure in random place, size and colours on a noisy ground: enough to see
that a network learns, and nobody takes it for photographs. Whole numbers only, from a
frozen stream, so that every machine makes the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.data.cifar import Batch, write_batch, write_meta
from coursekit.data.cifar_sets import BATCHES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

NAMES = (
    "square",
    "disc",
    "ring",
    "frame",
    "diamond",
    "plus",
    "cross",
    "rows",
    "columns",
    "checks",
)
PER_BATCH = 1000
SIDE = 32


def synthetic_files() -> dict[str, bytes]:
    """Return the files of ``cifar-10-batches-py`` by name."""
    files = {name: write_batch(_batch(name)) for name in BATCHES}
    names = [name.encode() for name in NAMES]
    files["batches.meta"] = write_meta(names, PER_BATCH)
    return files


def _batch(name: str) -> Batch:
    """Draw one batch; its seed is its place in the list."""
    import numpy as np

    rng = np.random.RandomState(BATCHES.index(name))
    labels = rng.permutation(np.arange(PER_BATCH) % len(NAMES))
    pictures = [_picture(rng, int(label)) for label in labels]
    filenames = [
        b"synthetic_%s_%05d.png" % (NAMES[label].encode(), index)
        for index, label in enumerate(labels)
    ]
    return Batch(
        bytes(labels.astype(np.uint8)),
        np.stack(pictures).tobytes(),
        b"synthetic " + name.encode(),
        filenames,
    )


def _picture(rng: np.random.RandomState, label: int) -> NDArray[np.uint8]:
    """Draw a figure on a ground of another colour, with noise, ``(3, 32, 32)``."""
    import numpy as np

    radius = rng.randint(6, 13)
    row, column = rng.randint(radius, SIDE - radius, size=2)
    i, j = np.indices((SIDE, SIDE))
    inside = _figure(label, i - row, j - column, int(radius))
    ink, ground = rng.randint(40, 216, size=(2, 3, 1, 1))
    noise = rng.randint(-40, 41, size=(3, SIDE, SIDE))
    colours = np.where(inside, ink, ground) + noise
    picture: NDArray[np.uint8] = colours.clip(0, 255).astype(np.uint8)
    return picture


def _figure(label: int, i: Ints, j: Ints, r: int) -> Mask:
    """Return where the figure is, around the origin and within ``r`` of it."""
    import numpy as np

    a, b = np.abs(i), np.abs(j)
    square = np.maximum(a, b) <= r
    distance = i * i + j * j
    figures = (
        square,
        distance <= r * r,
        (distance <= r * r) & (2 * distance >= r * r),
        square & (np.maximum(a, b) > r // 2),
        a + b <= r,
        square & (np.minimum(a, b) <= r // 4),
        square & (np.abs(a - b) <= r // 4),
        square & (i % 6 < 3),
        square & (j % 6 < 3),
        square & ((i % 8 < 4) ^ (j % 8 < 4)),
    )
    mask: Mask = figures[label]
    return mask
