"""Hear Ctrl-C wherever it comes."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def hearing_ctrl_c() -> Iterator[Callable[[], None]]:
    """Give a function that raises KeyboardInterrupt if Ctrl-C has been lost.

    Python drops what is raised while an object is freed, in its ``__del__``. Tensors
    have one, and a training frees thousands in a second.
    """
    lost = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal lost
        lost = True
        if not _in_del(frame):
            raise KeyboardInterrupt

    def check() -> None:
        if lost:
            raise KeyboardInterrupt

    if not _ours_to_handle():
        yield check
        return
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)


def _in_del(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_name == "__del__":
            return True
        frame = frame.f_back
    return False


def _ours_to_handle() -> bool:
    """Return whether Ctrl-C does what it usually does, and can be given another way."""
    return (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
