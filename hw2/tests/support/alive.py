"""Count the tensors that are left when a piece of work is done."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import needle as ndl

# A report shows the test and your code, not what is between them.
__tracebackhide__ = True


def tensors_left(work: Callable[[], Any]) -> int:
    """Return how many more tensors are alive after the work, its result included.

    Cycles are collected before and after, so that only what is held counts.
    """
    with quick_collections():
        before = ndl.autograd.TENSOR_COUNTER
        kept = work()
        left = tensors_held() - int(before)
    del kept
    return left


@contextmanager
def quick_collections() -> Iterator[None]:
    """Let the garbage collector look only at what is made from here on."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def tensors_held() -> int:
    """Return how many tensors are alive, cycles that nobody holds not counted."""
    gc.collect()
    return int(ndl.autograd.TENSOR_COUNTER)


def assert_no_pile(work: Callable[[int], Any], hint: str, times: int = 30) -> None:
    """Fail where ``work(times)`` leaves clearly more tensors than ``work(1)``.

    Args:
        work: does a thing so many times, and returns what is to be kept.
        hint: what may hold on to them.
        times: how often. Less than a tensor for each time is forgiven.
    """
    once, often = tensors_left(lambda: work(1)), tensors_left(lambda: work(times))
    if often >= once + times - 1:
        raise AssertionError(
            f"after 1 time {once} tensors are alive, after {times} times {often}:"
            f" {hint}"
        )
