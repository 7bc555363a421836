"""Which module of kernels ``cuda()`` has: a graphics card's, or the emulator's.

The environment variable NEEDLE_CUDA chooses: ``real``, ``emulator``, or ``auto``, which
takes a card where there is one. NEEDLE_CUDA_ORDER is the order in which the emulator
runs threads and blocks, ``forward``, ``reversed`` or ``shuffled``: what a kernel
computes is to be the same in each.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType

CHOICES = ("auto", "real", "emulator")


def choose() -> tuple[ModuleType | None, str]:
    """Return the module, or None, and why it is not a graphics card's.

    Raises:
        ValueError: if NEEDLE_CUDA or NEEDLE_CUDA_ORDER is none of the choices.
    """
    choice = os.environ.get("NEEDLE_CUDA", "") or "auto"
    if choice not in CHOICES:
        raise ValueError(
            f"NEEDLE_CUDA is {choice!r}; it can be {', '.join(CHOICES[:-1])}"
            f" or {CHOICES[-1]}"
        )
    if choice == "emulator":
        module, why = _emulated()
        return module, why or "NEEDLE_CUDA=emulator chooses the emulator"
    module, why = _real()
    if module is None and choice == "auto":
        module, why_not = _emulated()
        why = "; ".join(filter(None, (why, why_not)))
    return module, why


def _real() -> tuple[ModuleType | None, str]:
    module = _built("ndarray_backend_cuda")
    if module is None:
        return None, (
            "its kernels are not built for a graphics card: that takes a CUDA compiler"
            " (nvcc) when `make` runs in the homework's folder"
        )
    try:
        module.card()
    except RuntimeError as error:
        return None, f"there is no graphics card here ({error})"
    return module, ""


def _emulated() -> tuple[ModuleType | None, str]:
    module = _built("ndarray_backend_cuda_emulated")
    if module is None:
        what = "its kernels are not built for the emulator"
        if sys.platform != "linux":
            return None, f"{what}, which needs Linux"
        return None, f"{what}: run `make` in the homework's folder"
    module.report_with(_report)
    order = os.environ.get("NEEDLE_CUDA_ORDER", "") or "forward"
    if not module.configure(order, 0, False):
        raise ValueError(
            f"NEEDLE_CUDA_ORDER is {order!r}; it can be forward, reversed or shuffled"
        )
    return module, ""


def _built(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(f".{name}", __package__)
    except ModuleNotFoundError:
        return None


def _report(found: str, path: str) -> str:
    """Return what the emulator has found in words, with lines of the .cu file."""
    library = Path(__file__).resolve().parents[3]
    for folder in (library / "emulator", library.parent / "emulator"):
        python = folder / "python"
        if python.is_dir() and str(python) not in sys.path:
            sys.path.append(str(python))
    try:
        words = importlib.import_module("cuda_emulator.report")
        facts = importlib.import_module("cuda_emulator.findings")
    except ModuleNotFoundError as missing:
        return f"{found}\nTo have this in words, with lines: {missing}"
    return str(words.report(facts.findings(found, Path(path))))
