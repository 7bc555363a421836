"""One thread for every library, and OpenBLAS's best kernels.

Has to happen before NumPy is imported.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
# Set by some environments; they make OpenBLAS choose slower kernels than it has.
MISLEADING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def prepare_environment() -> None:
    """Give every library one thread; has to happen before NumPy is imported."""
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    for name in MISLEADING:
        os.environ.pop(name, None)


def openblas_kernels() -> str:
    """Ask the OpenBLAS in NumPy's wheel for which processor its kernels are."""
    import numpy as np

    folder = Path(np.__file__).parent.parent / "numpy.libs"
    for library in folder.glob("*openblas*"):
        loaded = ctypes.CDLL(str(library))
        for name in ("scipy_openblas_get_corename64_", "openblas_get_corename"):
            if hasattr(loaded, name):
                ask = getattr(loaded, name)
                ask.restype = ctypes.c_char_p
                return str(ask().decode())
    return "unknown"
