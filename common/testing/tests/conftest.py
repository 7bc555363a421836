"""What all tests here need."""

import signal
import sys
from pathlib import Path

_COMMON = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(_COMMON / "needle" / "python"), str(_COMMON / "testing")]


def pytest_configure() -> None:
    """Let trainings be stopped as from a keyboard.

    A shell ignores the signal for what it runs in the background, and so would every
    process that a test starts there.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
