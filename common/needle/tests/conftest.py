"""Put the library's source and the shared test support on the path; nothing else."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_COMMON = Path(__file__).resolve().parents[2]
sys.path[:0] = [
    str(folder)
    for folder in (
        _COMMON / "needle" / "python",
        _COMMON / "testing",
        _COMMON / "needle" / "tests" / "support",
    )
]


@pytest.fixture(autouse=True)
def _modes_as_they_were() -> Iterator[None]:
    """Fail a test that leaves the engine in another mode than it found it."""
    from needle import autograd, grad_mode

    yield
    left = autograd.LAZY_MODE, grad_mode.ENABLED
    autograd.LAZY_MODE, grad_mode.ENABLED = False, True
    assert left == (False, True), f"lazy and gradient mode are {left} after the test"


@pytest.fixture
def own_values() -> Iterator[None]:
    """Let records see no values but the test's: other files keep some for good."""
    gc.collect()
    gc.freeze()  # what is frozen is not among the collector's objects
    yield
    gc.unfreeze()


@pytest.fixture
def lazy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compute a value only when somebody asks for it."""
    from needle import autograd

    monkeypatch.setattr(autograd, "LAZY_MODE", True)
