"""Time a training step of hw2's residual network, and what goes into it.

    python docs/benchmarks/hw2.py

One thread. What is compared takes turns, and ratios are taken within a round.
"""

from __future__ import annotations

import hw2_loader
import hw2_parts
import hw2_start
import hw2_step
from blocks import measure_blocks

BLOCKS = {
    "hw2-parts": hw2_parts.measure,
    "hw2-loader": hw2_loader.measure,
    "hw2-start": hw2_start.measure,
    "hw2-step": hw2_step.measure,  # last: PyTorch's objects slow the collector down
}

if __name__ == "__main__":
    measure_blocks(("hw2",), BLOCKS, rounds=9)
