"""Which arrays tensors hold: our own (``nd``) or NumPy's (``np``).

The environment variable NEEDLE_BACKEND says which, before needle is imported; by
default they are our own.
"""

from __future__ import annotations

import os

BACKEND = os.environ.get("NEEDLE_BACKEND", "nd")

if BACKEND == "nd":
    from . import backend_ndarray as array_api
    from .backend_ndarray import (
        BackendDevice as Device,
    )
    from .backend_ndarray import (
        NDArray,
        all_devices,
        cpu,
        cpu_numpy,
        cuda,
        default_device,
    )
elif BACKEND == "np":
    import numpy as array_api
    from numpy import ndarray as NDArray

    from .backend_numpy import (
        Device,
        all_devices,
        cpu,
        cpu_numpy,
        cuda,
        default_device,
    )
else:
    raise RuntimeError(
        f"NEEDLE_BACKEND is {BACKEND!r}; it is nd, for arrays of our own, or np, for"
        " NumPy's"
    )
