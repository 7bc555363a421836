"""What values are alive, and how much memory their arrays take.

`track` watches while its block runs, `live` counts at any time. Without an open block
nothing is watched, and nothing is slower.
`device_stats` asks a device of our own arrays what it has counted itself.

>>> with track() as record:
...     record.mark("forward")
...     loss = (needle.Tensor([[1.0, 2.0]]) ** 2).sum()
...     record.mark("backward")
...     loss.backward()
>>> "Summation" in [row.op for row in record.by_op()]
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import autograd

from .device import device_stats, free_unused, reset_peak

if TYPE_CHECKING:
    from .record import Record


def track() -> Record:
    """Return a record to open with ``with``: it counts until the block ends.

    What is alive at the beginning is counted too, as made "before". A value is alive as
    long as something refers to it, and what refers to itself in a circle, as a leaf
    and the graph of its gradient do, until Python's garbage collector runs. An array
    counts as long as a value that is alive has it, and once, however many share it;
    arrays that no value has, as inside an operation, are not seen.
    """
    # Only now: a program that counts nothing does not wait for what counts.
    from .record import Record

    return Record()


def live() -> int:
    """Return how many values are alive now, `TENSOR_COUNTER` of the engine."""
    return int(autograd.TENSOR_COUNTER)
