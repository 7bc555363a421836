"""Write image and label files in MNIST's format."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import numpy.typing as npt
from gradebox import Trial

Bytes = npt.NDArray[np.uint8]


def write_pair(t: Trial, images: Bytes, labels: Bytes) -> tuple[str, str]:
    """Write (m, 28, 28) images and (m,) labels; return the names of the two files."""
    t.input(images)
    t.input(labels)
    image_header = struct.pack(">4I", 0x803, *images.shape)
    label_header = struct.pack(">2I", 0x801, *labels.shape)
    return (
        _write(t, "images-idx3-ubyte.gz", image_header + images.tobytes()),
        _write(t, "labels-idx1-ubyte.gz", label_header + labels.tobytes()),
    )


def _write(t: Trial, name: str, content: bytes) -> str:
    path = t.tmp / name
    path.write_bytes(gzip.compress(content, compresslevel=1))
    return str(path)


def random_images(t: Trial, m: int) -> Bytes:
    """Draw m images of 28 x 28 bytes, each with a black and a white pixel."""
    images = t.rng.randint(256, size=(m, 28, 28)).astype(np.uint8)
    images[:, 0, 0], images[:, -1, -1] = 0, 255
    return images


def single_pixels(t: Trial, m: int) -> Bytes:
    """Draw m <= 28 black images with one white pixel each, no two alike."""
    images = np.zeros((m, 28, 28), np.uint8)
    rows, columns = t.rng.permutation(28)[:m], t.rng.permutation(28)[:m]
    images[np.arange(m), rows, columns] = 255
    return images


def random_labels(t: Trial, m: int) -> Bytes:
    """Draw m labels below 10."""
    return t.rng.randint(10, size=m).astype(np.uint8)
