"""Data of MNIST's size, the same for every benchmark that trains."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Data = tuple[Floats, npt.NDArray[np.uint8]]

M, N, K, BATCH, LR = 60_000, 784, 10, 100, 0.1
SIZES = f"{M} x {N}, {K} classes, batch {BATCH}, float32"


def data() -> Data:
    """Return inputs and labels of MNIST's size; like there, most inputs are 0."""
    import numpy as np

    rng = np.random.default_rng(0)
    X = rng.random((M, N), dtype=np.float32)
    for rows in np.array_split(X, 100):  # in parts: no temporary copy of the whole
        rows[rows < 0.8] = 0
    return X, rng.integers(K, size=M, dtype=np.uint8)
