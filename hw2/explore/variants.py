"""Show what transforms make of real images."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from explore.data import FILES, locate
from explore.patience import DATA, patient, require
from explore.picture import Picture

Array: TypeAlias = np.ndarray
TRIES = 9  # of each transform


@patient
def first_images(count: int = 10) -> Array:
    """Return the first training images as they are in the file, ``(count, 28, 28, 1)``.

    They are read with `needle.data.idx`, which is given.
    """
    from needle.data.idx import read_idx

    folder, _, _ = locate()
    return read_idx(folder / FILES[0], axes=3)[:count, :, :, np.newaxis]


@patient
def show_variants(
    images: Array | None,
    transforms: Mapping[str, Callable[[Array], Array]],
    which: int = 0,
) -> Picture:
    """Show one of the images, then what each transform makes of it, several times."""
    image = require(images, DATA)[which]
    np.random.seed(0)
    rows = {
        name: [image, *(transform(image) for _ in range(TRIES))]
        for name, transform in transforms.items()
    }
    picture = Picture(0.85 * (TRIES + 1), 0.95 * len(rows) + 0.2)
    panels = picture.figure.subplots(len(rows), TRIES + 1, squeeze=False)
    for line, (name, variants) in zip(panels, rows.items(), strict=True):
        for ax, variant in zip(line, variants, strict=True):
            ax.imshow(variant[:, :, 0], cmap="gray_r", vmin=0, vmax=255)
            ax.set_xticks([])
            ax.set_yticks([])
        line[0].set_title("the image", fontsize=8)
        line[1].set_title(name, fontsize=8)
    return picture
