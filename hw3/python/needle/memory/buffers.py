"""Which memory the data of a value lie in."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..backend_selection import BACKEND

ITEM = 4  # bytes of a float32


def buffers_of(data: Any) -> dict[int, int]:
    """Return the sizes in bytes of all memory behind some data, by its identity.

    A view lies in the memory of the array it was made from. The identity holds as long
    as the data do.
    """
    if data is None:
        return {}
    parts = data if isinstance(data, tuple) else (data,)
    if BACKEND == "nd":
        return {id(part._handle): part._handle.size * ITEM for part in parts}
    owners = [_owner(part) for part in parts]
    return {id(owner): int(getattr(owner, "nbytes", 0)) for owner in owners}


def _owner(array: Any) -> Any:
    while isinstance(base := getattr(array, "base", None), np.ndarray):
        array = base
    return array
