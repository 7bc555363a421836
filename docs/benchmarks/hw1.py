"""Time needle's gradients: an epoch, a tiny graph and a large one.

    python docs/benchmarks/hw1.py

One thread. What is compared takes turns, and ratios are taken within a round.
"""

from __future__ import annotations

import hw1_epoch
import hw1_graph
import hw1_tiny
from blocks import measure_blocks

BLOCKS = {
    "hw1-epoch": hw1_epoch.measure,
    "hw1-graph": hw1_graph.measure,
    "hw1-tiny": hw1_tiny.measure,  # last: PyTorch's objects slow the collector down
}

if __name__ == "__main__":
    measure_blocks(("hw1", "hw0"), BLOCKS)
