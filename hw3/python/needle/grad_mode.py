"""Whether what is computed leaves a graph behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

# False inside `no_grad`: what is computed there remembers no graph.
ENABLED = True
# How many blocks are open. They need not end in the order in which they began: those of
# two threads, or of two generators, do not.
_open = 0


@contextmanager
def no_grad() -> Iterator[None]:
    """Compute without remembering how: results are constants, and no graph is kept.

    A context manager, and with parentheses a decorator. It changes nothing about
    tensors that exist already. While one is open anywhere, it holds for all threads.

    >>> x = needle.Tensor([1.0, 2.0])
    >>> with needle.no_grad():
    ...     y = x * 2
    >>> y.requires_grad, y.is_leaf()
    (False, True)
    """
    global ENABLED, _open
    _open += 1
    ENABLED = False
    try:
        yield
    finally:
        _open -= 1
        ENABLED = _open == 0
