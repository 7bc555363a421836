"""Write small image and label files in MNIST's format."""

import gzip
import struct
from pathlib import Path

import numpy as np


def write_images(path: Path, images: np.ndarray) -> Path:
    """Write uint8 images, shape (m, rows, columns), as a gzipped IDX file."""
    header = struct.pack(">iiii", 0x0803, *images.shape)
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(header + images.tobytes())
    return path


def write_labels(path: Path, labels: np.ndarray) -> Path:
    """Write uint8 labels, shape (m,), as a gzipped IDX file."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(struct.pack(">ii", 0x0801, *labels.shape) + labels.tobytes())
    return path
