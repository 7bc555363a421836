"""PyTorch, where it is installed: what needle is compared with."""

from __future__ import annotations

import importlib
from typing import Any

NO_TORCH = (
    "PyTorch is not installed here, so there is nothing to compare with:"
    " `pip install --group oracle`."
)


def torch_or_none() -> Any:
    """Return PyTorch with one thread, or None."""
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        return None
    torch.set_num_threads(1)
    return torch
