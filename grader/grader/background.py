"""Work with boxes in a thread of its own, ended when nobody waits for it any more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


class Abortable(Protocol):
    """Something that can be ended from another thread."""

    def abort(self) -> None:
        """End it."""


Watch = Callable[[Abortable], None]


class Background(Generic[T]):
    """Run ``work`` beside the block; it names each box it works with to ``watch``.

    Leaving the block ends that box and waits for the thread: a box must not outlive
    the thread that has started it.
    """

    def __init__(self, work: Callable[[Watch], T]) -> None:
        self._work = work
        self._future: Future[T] = Future()
        self._stop = threading.Event()
        self._box: Abortable | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Background[T]:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._box is not None:
            self._box.abort()
        self._thread.join()

    def result(self) -> T:
        """Return what the work has come to, waiting for it; raise what it raised."""
        return self._future.result()

    def _run(self) -> None:
        try:
            self._future.set_result(self._work(self._watch))
        except BaseException as error:
            self._future.set_exception(error)

    def _watch(self, box: Abortable) -> None:
        self._box = box
        if self._stop.is_set():
            box.abort()
