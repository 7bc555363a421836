"""What all tests here need."""

import os
import signal
import sys
from pathlib import Path

import pytest

_COMMON = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(_COMMON / "needle" / "python"), str(_COMMON / "testing")]
# Finite differences want float64, which arrays of our own do not have.
os.environ.setdefault("NEEDLE_BACKEND", "np")


def pytest_configure(config: pytest.Config) -> None:
    """Know the mark of hw3's tests; let trainings be stopped as from a keyboard.

    A shell ignores the signal for what it runs in the background, and so would every
    process that a test starts there.
    """
    config.addinivalue_line("markers", "kernels: needs the kernels in C++, built")
    signal.signal(signal.SIGINT, signal.default_int_handler)
