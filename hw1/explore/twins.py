"""Hold homework 1's epoch against the one you derived by hand in homework 0."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np

from explore.data import HOMEWORK
from explore.patience import NotYetError, patient, say


@patient
def compare_with_hw0(simple_ml: ModuleType, folder: str | Path = "../hw0") -> None:
    """Train one epoch with both on the same numbers, and print how far they part.

    ``folder`` is your homework 0, seen from this one.
    """
    import needle as ndl

    by_hand = _hw0((HOMEWORK / folder / "src" / "simple_ml.py").resolve())
    rng = np.random.RandomState(0)
    X = rng.standard_normal((205, 20)).astype("float32")
    y = rng.randint(5, size=205).astype(np.uint8)
    W1, W2 = (
        (rng.standard_normal(shape) / 5).astype("float32")
        for shape in ((20, 30), (30, 5))
    )
    found = simple_ml.nn_epoch(X, y, ndl.Tensor(W1), ndl.Tensor(W2), lr=0.2, batch=50)
    before = W1.copy(), W2.copy()
    by_hand.nn_epoch(X, y, W1, W2, lr=0.2, batch=50)  # in place, as homework 0 has it
    for name, new, old, start in zip(
        ("W1", "W2"), found, (W1, W2), before, strict=True
    ):
        apart = np.abs(new.numpy() - old).max()
        moved = np.abs(old - start).max()
        say(f"{name}: moved by up to {moved:.4f}, the two epochs differ by {apart:.1e}")


def _hw0(path: Path) -> ModuleType:
    if not path.is_file():
        raise NotYetError(
            f"there is no {path}. Say where your homework 0 is, seen from here:"
            ' explore.compare_with_hw0(simple_ml, "../../elsewhere/hw0").'
        )
    spec = importlib.util.spec_from_file_location("hw0_simple_ml", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = kept
    return module
