"""needle, NumPy and PyTorch with the same names, so that a case is one line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from oracle import torch_or_none

NEEDLE, NUMPY = "needle", "NumPy"


@dataclass(frozen=True)
class Library:
    """A library of arrays.

    Attributes:
        name: as in the tables.
        array: makes an array of the library of one of NumPy's.
        numbers: makes an array of NumPy's of one of the library.
        do: what it can do, under names that are the same for all.
    """

    name: str
    array: Callable[[Any], Any]
    numbers: Callable[[Any], Any]
    do: SimpleNamespace = field(repr=False)


@cache
def libraries(folder: Path) -> list[Library]:
    """Return needle with the kernels of a folder, NumPy, and PyTorch if it is there."""
    torch = torch_or_none()
    return [needle(folder), numpy(), *([pytorch(torch)] if torch else [])]


def needle(folder: Path) -> Library:
    """Build the kernels of a folder, and return its arrays."""
    build = ["make", "-C", str(folder), f"PYTHON={sys.executable}", "CUDA=no"]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    sys.path.insert(0, str(folder / "python"))
    nd = import_module("needle.backend_ndarray.ndarray")
    device = nd.cpu()

    def untiled(a: Any, b: Any) -> Any:
        (m, n), p = a.shape, b.shape[1]
        out = nd.empty((m, p), device=device)
        device.matmul(a._handle, b._handle, out._handle, m, n, p)
        return out

    do = SimpleNamespace(
        untiled=untiled,
        sum=lambda a, axis: a.sum(axis=axis),
        max=lambda a, axis: a.max(axis=axis),
        copy=lambda view: view.compact(),
        permute=lambda a, axes: a.permute(axes),
        broadcast=lambda a, shape: a.broadcast_to(shape),
        maximum=nd.maximum,
        equal=lambda a, b: a == b,
        exp=nd.exp,
        log=nd.log,
        tanh=nd.tanh,
        full=lambda shape: device.full(shape, 1.0),
        forget=device.free_unused,
    )
    return Library(
        NEEDLE, lambda a: nd.array(a, device=device), lambda a: a.numpy(), do
    )


def numpy() -> Library:
    """Return NumPy."""
    import numpy as np

    do = SimpleNamespace(
        untiled=np.matmul,
        sum=lambda a, axis: a.sum(axis=axis),
        max=lambda a, axis: a.max(axis=axis),
        copy=lambda view: np.array(view, order="C"),
        permute=np.transpose,
        broadcast=np.broadcast_to,
        maximum=np.maximum,
        equal=lambda a, b: (a == b).astype(np.float32),
        exp=np.exp,
        log=np.log,
        tanh=np.tanh,
        full=lambda shape: np.full(shape, 1.0, np.float32),
        forget=lambda: None,
    )
    return Library(NUMPY, np.copy, np.asarray, do)


def pytorch(torch: Any) -> Library:
    """Return PyTorch."""
    do = SimpleNamespace(
        untiled=torch.matmul,
        sum=lambda a, axis: a.sum(dim=axis),
        max=lambda a, axis: a.amax(dim=() if axis is None else axis),
        copy=lambda view: view.clone(memory_format=torch.contiguous_format),
        permute=torch.permute,
        broadcast=torch.broadcast_to,
        maximum=lambda a, b: a.clamp_min(b) if isinstance(b, float) else a.maximum(b),
        equal=lambda a, b: (a == b).float(),
        exp=torch.exp,
        log=torch.log,
        tanh=torch.tanh,
        full=lambda shape: torch.full(shape, 1.0),
        forget=lambda: None,
    )
    name = f"PyTorch {torch.__version__}"
    return Library(name, lambda a: torch.from_numpy(a.copy()), lambda a: a.numpy(), do)
