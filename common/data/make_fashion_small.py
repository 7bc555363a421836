"""Make fashion-small from Fashion-MNIST, or check it with --check.

The pictures are the first 600 (test: 100) of each class, in the order of the full set.
The files are packed at level 9 without a time stamp. Another build of zlib may pack the
same pictures into other bytes; --check compares what is inside.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import numpy as np
from coursekit.data import find
from numpy.typing import NDArray

HERE = Path(__file__).parent / "fashion-small"
PER_CLASS = {"train": 600, "t10k": 100}
CLASSES = 10


def make() -> dict[str, bytes]:
    """Return the four IDX files, unpacked, by name without ``.gz``."""
    source = find("fashion-mnist").folder
    files = {}
    for part, count in PER_CLASS.items():
        images, labels = f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte"
        pixels = gzip.decompress((source / f"{images}.gz").read_bytes())
        marks = gzip.decompress((source / f"{labels}.gz").read_bytes())
        y = np.frombuffer(marks, np.uint8, offset=8)
        x = np.frombuffer(pixels, np.uint8, offset=16).reshape(len(y), -1)
        rows = first_of_each_class(y, count)
        number = len(rows).to_bytes(4, "big")
        files[images] = pixels[:4] + number + pixels[8:16] + x[rows].tobytes()
        files[labels] = marks[:4] + number + y[rows].tobytes()
    return files


def first_of_each_class(labels: NDArray[np.uint8], count: int) -> NDArray[np.intp]:
    """Return the rows of the first ``count`` pictures of each class, in order."""
    rows = [np.flatnonzero(labels == c)[:count] for c in range(CLASSES)]
    return np.sort(np.concatenate(rows))


def main() -> int:
    """Write the files; with --check compare them with what is there."""
    wrong = 0
    for name, content in make().items():
        path = HERE / f"{name}.gz"
        if "--check" not in sys.argv:
            path.write_bytes(gzip.compress(content, 9, mtime=0))
        elif gzip.decompress(path.read_bytes()) != content:
            wrong += 1
            sys.stderr.write(f"{path} differs from what the recipe makes\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
