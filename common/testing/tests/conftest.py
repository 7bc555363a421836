"""What all tests here need."""

import signal


def pytest_configure() -> None:
    """Let trainings be stopped as from a keyboard.

    A shell ignores the signal for what it runs in the background, and so would every
    process that a test starts there.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
